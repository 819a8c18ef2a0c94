package pcapfile

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"talktrace/capture"
)

// What is in a file and goes no further is told of; and times in units that are a
// power of two are all there when they are written again.
func TestOther(t *testing.T) {
	orders(t, func(t *testing.T, o order) {
		file := build(o).section().iface(1, 0, func(b *builder) {
			b.option(2, "eth0").option(12, "Linux") // if_name, if_os
			b.option(interfaceResolution, "\x86")
		}).enhanced(0, 65, "x", 1, func(b *builder) {
			b.option(2, "\x00\x00\x00\x01").option(optionComment, "c") // epb_flags
		}).block(0xbad, func(b *builder) { b.u32(1) }).b
		var others []string
		r, err := NewReader(bytes.NewReader(file), "x", capture.Hooks{Other: func(what string) { others = append(others, what) }})
		if err != nil {
			t.Fatal(err)
		}
		var f capture.Frame
		if err := r.Next(&f); err != nil || f.Time != 1_015_625_000 || f.Comment != "c" {
			t.Errorf("%v: %+v", err, f)
		}
		var again bytes.Buffer
		w := NewWriter(&again, PcapNG)
		if err := errors.Join(w.WriteFrame(&f), w.Close()); err != nil {
			t.Error(err)
		}
		if err := r.Next(&f); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
		if want := []string{"more about interfaces", "flags and counts of frames", "blocks of other kinds"}; !slices.Equal(others, want) {
			t.Errorf("%q, want %q", others, want)
		}
		if r, err = NewReader(&again, "x", capture.Hooks{}); err != nil {
			t.Fatal(err)
		}
		if err := r.Next(&f); err != nil || f.Time != 1_015_625_000 {
			t.Errorf("%v: %d", err, f.Time)
		}
	})
}
