package follow

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"talktrace/dissect"
	"talktrace/report/internal/reporttest"
)

// TestHostile checks that what strangers write reaches no terminal as it is.
func TestHostile(t *testing.T) {
	var lines, bytesOf bytes.Buffer
	w, raw := New(&lines, Options{Color: false}), NewRaw(&bytesOf, RawOptions{Terminal: true})
	for _, e := range reporttest.Events() {
		if e.Conn == nil {
			continue
		}
		for _, err := range []error{w.Write(e), raw.Write(e)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if w.Close() != nil || raw.Close() != nil {
		t.Fatal("not written")
	}
	for name, text := range map[string]string{"lines": lines.String(), "raw": bytesOf.String()} {
		if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f || r == utf8.RuneError }); i >= 0 || text == "" {
			t.Errorf("%s: %q", name, text[max(i, 0):])
		}
	}
}

// TestDeep checks that the indentation of deep elements is bounded, and that all
// of them are there.
func TestDeep(t *testing.T) {
	const depth = 500
	xml := strings.Repeat("<a>", depth) + strings.Repeat("</a>", depth)
	var out bytes.Buffer
	w := New(&out, Options{})
	e := &dissect.Event{Kind: "a", Conn: &dissect.Conn{}, XML: []byte(xml), Length: len(xml)}
	if err := w.Write(e); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if n := strings.Count(text, "<a>"); n != depth {
		t.Errorf("%d elements, want %d", n, depth)
	}
	if limit := 2 * depth * (2*deepest + len("</a>\n")); len(text) > limit {
		t.Errorf("%d bytes, want no more than %d", len(text), limit)
	}
	if got := strings.Join(strings.Fields(text), ""); got != xml {
		t.Errorf("without white space it is %s", got)
	}
}
