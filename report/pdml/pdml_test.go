package pdml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"talktrace/dissect"
	"talktrace/report/internal/reporttest"
)

// Whatever rows hold, the document is well-formed, and has a packet for each.
func TestWellFormed(t *testing.T) {
	var out bytes.Buffer
	w := New(&out)
	rows := reporttest.Events()
	for i, e := range rows {
		e.Fields = fields(e)
		if err := w.Write(e); err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	packets, depth := 0, 0
	for d := xml.NewDecoder(&out); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			if depth++; x.Name.Local == "packet" {
				packets++
			}
		case xml.EndElement:
			depth--
		}
	}
	if packets != len(rows) || depth != 0 {
		t.Errorf("%d packets for %d rows, %d elements left open", packets, len(rows), depth)
	}
}

// fields are some of each level, with what a stranger may write into them.
func fields(e *dissect.Event) []dissect.Field {
	group := &dissect.FieldDef{Name: "a", Type: dissect.Presence, Doc: "an element"}
	text := &dissect.FieldDef{Name: "a.b", Type: dissect.Text, Doc: "a text"}
	var list []dissect.Field
	for _, level := range []uint8{0, 1, 2, 1, 0, 1} {
		def := text
		if level == 0 {
			def = group
		}
		list = append(list, dissect.Field{Def: def, Level: level, Text: append([]byte("\x1b]0;<&\"'>\xff\u202e\x00\n"), e.Info...)})
	}
	return list
}

// TestNested checks that the bytes of elements that lie in each other are written
// once, not once for each that they lie in.
func TestNested(t *testing.T) {
	const depth, size = 200, 10_000
	def := &dissect.FieldDef{Name: "a", Type: dissect.Text}
	e := &dissect.Event{Raw: bytes.Repeat([]byte{'x'}, size)}
	for level := range depth {
		e.Fields = append(e.Fields, dissect.Field{Def: def, End: size, Level: uint8(level)})
	}
	var out bytes.Buffer
	w := New(&out)
	if err := w.Write(e); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(out.Bytes(), bytes.Repeat([]byte("78"), size)); n != 1 {
		t.Errorf("the bytes are written %d times", n)
	}
}
