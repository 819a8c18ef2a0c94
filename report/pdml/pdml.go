// Package pdml writes rows as PDML, the XML in which Wireshark writes packets,
// so that tools made for it can read them
// (https://wiki.wireshark.org/PDML).
package pdml

import (
	"bufio"
	"encoding/hex"
	"io"
	"strconv"
	"unicode/utf8"

	"talktrace/dissect"
	"talktrace/report"
)

// Writer writes rows as the packets of a PDML document.
type Writer struct {
	out    *bufio.Writer
	values []dissect.Value
	text   []byte
	line   []byte
	begun  bool
	open   []uint8 // levels of the fields whose end is still to come
}

var _ report.Writer = (*Writer)(nil)

// New makes a writer of PDML to w.
func New(w io.Writer) *Writer { return &Writer{out: bufio.NewWriterSize(w, 64<<10)} }

// Write takes the next row.
func (w *Writer) Write(e *dissect.Event) error {
	b := w.begin(w.line[:0])
	b = append(b, "<packet>\n"...)
	b = w.general(b, e)
	b = w.facts(b, e)
	if len(e.Fields) > 0 {
		b = append(b, `  <proto name="xmpp" showname="XMPP" size="`...)
		b = strconv.AppendInt(b, int64(len(e.Raw)), 10)
		b = append(b, `" pos="0">`+"\n"...)
		b = w.fields(b, e)
		b = append(b, "  </proto>\n"...)
	}
	b = append(b, "</packet>\n"...)
	w.line = b
	_, err := w.out.Write(b)
	return err
}

// begin appends what goes before the first packet.
func (w *Writer) begin(b []byte) []byte {
	if w.begun {
		return b
	}
	w.begun = true
	return append(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<pdml version=\"0\" creator=\"talktrace\">\n"...)
}

// general writes what PDML wants first: number, length and time.
func (w *Writer) general(b []byte, e *dissect.Event) []byte {
	b = append(b, `  <proto name="geninfo" pos="0" showname="General information" size="0">`+"\n"...)
	b = general(b, "num", "Number", strconv.Itoa(e.No))
	b = general(b, "len", "Length", strconv.Itoa(e.Length))
	b = general(b, "timestamp", "Captured Time", string(report.AppendSeconds(nil, e.Time, 9)))
	return append(b, "  </proto>\n"...)
}

func general(b []byte, name, showname, value string) []byte {
	b = append(append(append(b, `    <field name="`...), name...), `" pos="0" show="`...)
	b = append(append(append(b, value...), `" showname="`...), showname...)
	return append(b, `" size="0"/>`+"\n"...)
}

// facts writes the facts of the row, by the protocol that their names begin
// with.
func (w *Writer) facts(b []byte, e *dissect.Event) []byte {
	proto := ""
	for _, d := range dissect.Facts() {
		name, dotted := before(d.Name)
		if !dotted || name == "finding" {
			continue
		}
		w.values = d.Values(w.values[:0], e)
		for _, v := range w.values {
			if name != proto {
				if proto != "" {
					b = append(b, "  </proto>\n"...)
				}
				proto = name
				b = append(append(append(b, `  <proto name="`...), name...), `">`+"\n"...)
			}
			w.text = report.AppendValue(w.text[:0], d.Type, v)
			b = append(append(append(b, `    <field name="`...), d.Name...), `" show="`...)
			b = escape(b, w.text)
			b = append(b, `"/>`+"\n"...)
		}
	}
	if proto != "" {
		b = append(b, "  </proto>\n"...)
	}
	return b
}

// before returns what of a name stands before its first dot.
func before(name string) (string, bool) {
	for i := range len(name) {
		if name[i] == '.' {
			return name[:i], true
		}
	}
	return name, false
}

// fields writes the fields, those under another inside it.
func (w *Writer) fields(b []byte, e *dissect.Event) []byte {
	w.open = w.open[:0]
	for i := range e.Fields {
		f := &e.Fields[i]
		b = w.close(b, f.Level)
		b = w.indent(b)
		b = append(append(append(b, `<field name="`...), f.Def.Name...), `" showname="`...)
		b = append(b, f.Def.Doc...)
		b = append(b, `" size="`...)
		b = strconv.AppendUint(b, uint64(f.End-f.Off), 10)
		b = append(b, `" pos="`...)
		b = strconv.AppendUint(b, uint64(f.Off), 10)
		b = append(b, `" show="`...)
		b = escape(b, f.Text)
		b = append(b, '"')
		holds := i+1 < len(e.Fields) && e.Fields[i+1].Level > f.Level
		if int(f.End) <= len(e.Raw) && f.Def.Type != dissect.Presence && !holds { // else the same bytes came once for each level
			b = append(b, ` value="`...)
			b = hex.AppendEncode(b, e.Raw[f.Off:f.End])
			b = append(b, '"')
		}
		if holds {
			b = append(b, ">\n"...)
			w.open = append(w.open, f.Level)
		} else {
			b = append(b, "/>\n"...)
		}
	}
	return w.close(b, 0)
}

// close ends the fields that are not outside of one at this level.
func (w *Writer) close(b []byte, level uint8) []byte {
	for n := len(w.open); n > 0 && w.open[n-1] >= level; n-- {
		w.open = w.open[:n-1]
		b = append(w.indent(b), "</field>\n"...)
	}
	return b
}

func (w *Writer) indent(b []byte) []byte {
	b = append(b, "    "...)
	for range w.open {
		b = append(b, "  "...)
	}
	return b
}

// escape appends text as an attribute's value. What XML cannot hold becomes
// U+FFFD.
func escape(b, text []byte) []byte {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '"':
			b = append(b, "&quot;"...)
		case r == '\n':
			b = append(b, "&#xA;"...)
		case r == '\t':
			b = append(b, "&#x9;"...)
		case r < 0x20, r == 0xfffe, r == 0xffff, 0x7f <= r && r < 0xa0:
			b = utf8.AppendRune(b, utf8.RuneError)
		default:
			b = utf8.AppendRune(b, r)
		}
		text = text[n:]
	}
	return b
}

// Flush writes out what has been written so far.
func (w *Writer) Flush() error { return w.out.Flush() }

// Close ends the document.
func (w *Writer) Close() error {
	if _, err := w.out.Write(append(w.begin(w.line[:0]), "</pdml>\n"...)); err != nil {
		return err
	}
	return w.out.Flush()
}
