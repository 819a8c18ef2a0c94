package scrub

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talktrace/capture/capturetest"
)

// TestCheck spoils results, and expects the check to see it, by one means when
// another one is out of action.
func TestCheck(t *testing.T) {
	in := open(crafted(t, func(_ *capturetest.Capture, conn *capturetest.Conn) {
		conn.MSS = 30
		conn.Send(capturetest.Client, opening+secret+closing)
	}))
	keep := func(all []*conversation) {
		for _, v := range all {
			for i := range v.sides {
				for k := range v.sides[i].runs {
					v.sides[i].runs[k].new = nil
				}
			}
		}
	}
	for name, test := range map[string]struct {
		spoil func(r *redactor, all []*conversation)
		why   string
	}{
		"nothing":                   {func(*redactor, []*conversation) {}, ""},
		"values are left":           {func(_ *redactor, all []*conversation) { keep(all) }, "frame 9: a credential would still be in the output"},
		"and nobody looks for them": {func(r *redactor, all []*conversation) { keep(all); r.sought = newIndex() }, "frame 11: a credential would still be in the output, in row 3"},
		"markup is broken": {func(_ *redactor, all []*conversation) {
			all[0].sides[0].runs[0].new[len(header)+1] = '<'
		}, "traced in another way"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRedactor(Options{})
			wanted, err := r.conversations(in)
			if err != nil {
				t.Fatal(err)
			}
			all, err := streams(in, wanted)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.replace(t.Context(), all); err != nil {
				t.Fatal(err)
			}
			test.spoil(r, all)
			out, err := os.Create(filepath.Join(t.TempDir(), "out"))
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			if err := write(in, out, newRewriter(r, all)); err != nil {
				t.Fatal(err)
			}
			err = check(in, out, r, wanted)
			if test.why == "" && err == nil {
				return
			}
			if _, ok := errors.AsType[*RefusedError](err); !ok || test.why == "" || !strings.Contains(err.Error(), test.why) {
				t.Errorf("got %v, want a refusal because of %q", err, test.why)
			}
		})
	}
}

// TestIndex looks for values that overlap, begin alike, or are too short.
func TestIndex(t *testing.T) {
	x := newIndex()
	for _, v := range []string{"abcd", "abcdef", "bcdefg", "xyz"} {
		x.add([]byte(v), []byte(strings.ToUpper(v)), "")
	}
	for in, want := range map[string]string{
		"": "", "abc": "abc", "abcd": "ABCD", "zabcdez": "zABCDez", "abcdefg": "ABCDEFg", "bcdefgabcd": "BCDEFGABCD", "xyz": "xyz",
	} {
		if got := string(x.replace([]byte(in))); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	word := x.add([]byte("word"), []byte("WORD"), "")
	word.word = true
	x.fold(word)
	for _, v := range []string{"Äpfel", "İsmail", "\u212aelvin", "\xffabc"} { // of which the small letters have other lengths
		x.add([]byte(v), bytes.Repeat([]byte{'#'}, len(v)), "")
	}
	for in, want := range map[string]string{
		"abcdword": "ABCDword", "abcdaword": "ABCDaword", "abcd word": "ABCD WORD", "der Äpfel, İsmail": "der ######, #######",
		"\u212aelvin": "########", "x\xffabc": "x####",
	} {
		if got := string(x.replace([]byte(in))); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
