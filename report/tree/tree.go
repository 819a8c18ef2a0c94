// Package tree writes what is known of a row under it: its frames, what it
// travelled in, and its fields, each with its place in the bytes; and these
// bytes in hexadecimal.
package tree

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/escape"
)

// Options say what is written.
type Options struct {
	Fields bool // the fields, as a tree
	Bytes  bool // the bytes of the row's unit
	Color  bool
}

// Tree appends the details of rows to text.
type Tree struct {
	o      Options
	told   []*dissect.Extension // those whose purpose has been told in this row
	values []dissect.Value
	value  []byte
}

// New returns a Tree.
func New(o Options) *Tree { return &Tree{o: o} }

const (
	indent       = "    "
	longestValue = 300 // bytes of a value that are shown
)

// The styles of what is no value.
const (
	bold  = "\x1b[1m"
	faint = "\x1b[2m"
	plain = "\x1b[0m"
)

// Append appends the details of a row, each line ended by a newline, and an
// empty line.
func (t *Tree) Append(dst []byte, e *dissect.Event) []byte {
	if t.o.Fields {
		dst = t.frame(dst, e)
		dst = t.connection(dst, e)
		dst = t.handshake(dst, e)
		t.told = t.told[:0]
		for i := range e.Fields {
			dst = t.field(dst, e, &e.Fields[i])
		}
		dst = t.notes(dst, e)
	}
	if t.o.Bytes {
		dst = t.bytes(dst, e)
	}
	return append(dst, '\n')
}

func (t *Tree) style(dst []byte, style string) []byte {
	if t.o.Color {
		return append(dst, style...)
	}
	return dst
}

// frame tells which frames the row's bytes came in.
func (t *Tree) frame(dst []byte, e *dissect.Event) []byte {
	dst = t.style(append(dst, indent...), bold)
	if e.FirstFrame != e.Frame && e.FirstFrame > 0 {
		dst = append(dst, "Frames "...)
		dst = strconv.AppendInt(dst, int64(e.FirstFrame), 10)
		dst = append(dst, " to "...)
	} else {
		dst = append(dst, "Frame "...)
	}
	dst = strconv.AppendInt(dst, int64(e.Frame), 10)
	dst = t.style(dst, plain)
	dst = append(dst, ", "...)
	dst = time.Unix(0, e.Time).UTC().AppendFormat(dst, "2006-01-02 15:04:05.000000")
	dst = append(dst, " UTC, "...)
	dst = report.AppendSeconds(dst, e.Elapsed, 6)
	return append(dst, " s after the first\n"...)
}

// connection tells what the row travelled in.
func (t *Tree) connection(dst []byte, e *dissect.Event) []byte {
	if e.Conn == nil || e.Conn.Number < 0 {
		return dst
	}
	dst = t.style(append(dst, indent...), bold)
	dst = append(dst, "Connection "...)
	dst = strconv.AppendInt(dst, int64(e.Conn.Number), 10)
	dst = t.style(dst, plain)
	dst = append(dst, ", "...)
	dst = append(dst, e.Sender.String()...)
	dst = append(dst, " to "...)
	dst = append(dst, e.Sender.Other().String()...)
	dst = append(dst, ", "...)
	dst = escape.Text(dst, []byte(e.Source()))
	dst = append(dst, " to "...)
	dst = escape.Text(dst, []byte(e.Destination()))
	if e.Layers != "" {
		dst = append(dst, ", in "...)
		dst = append(dst, e.Layers...)
	}
	if e.Length > 0 {
		dst = append(dst, ", "...)
		dst = strconv.AppendInt(dst, int64(e.Length), 10)
		dst = append(dst, " bytes"...)
	}
	return append(dst, '\n')
}

// handshake tells what the TLS handshake messages of the row say.
func (t *Tree) handshake(dst []byte, e *dissect.Event) []byte {
	if e.TLS == nil {
		return dst
	}
	for _, d := range dissect.Facts() {
		if !strings.HasPrefix(d.Name, "tls.") && !strings.HasPrefix(d.Name, "x509") {
			continue
		}
		t.values = d.Values(t.values[:0], e)
		for _, v := range t.values {
			dst = append(append(dst, indent...), d.Name...)
			if d.Type != dissect.Presence {
				dst = append(dst, ": "...)
				t.value = report.AppendValue(t.value[:0], d.Type, v)
				if whole, ok := bytes.CutSuffix(t.value, []byte(".000000000Z")); ok && d.Type == dissect.Time {
					t.value = append(t.value[:len(whole)], 'Z') // certificates know no parts of seconds
				}
				dst = escape.Text(dst, t.value)
			}
			dst = append(dst, '\n')
		}
	}
	return dst
}

// field appends a field: an element with what it is for, or a name and a value.
func (t *Tree) field(dst []byte, e *dissect.Event, f *dissect.Field) []byte {
	start := len(dst)
	for range int(f.Level) + 1 {
		dst = append(dst, indent...)
	}
	margin := len(dst) - start
	if f.Def.Type == dissect.Presence {
		return t.element(dst, e, f, margin)
	}
	dst = append(dst, f.Def.Name...)
	dst = append(dst, ": "...)
	value := f.Text
	if len(value) > longestValue {
		value = value[:longestValue]
	}
	dst = escape.Text(dst, value)
	if more := len(f.Text) - len(value); more > 0 {
		dst = append(dst, "… and "...)
		dst = strconv.AppendInt(dst, int64(more), 10)
		dst = append(dst, " bytes more"...)
	}
	if f.Odd {
		dst = append(dst, " (no "...)
		dst = append(dst, f.Def.Type.String()...)
		dst = append(dst, ')')
	}
	x := f.Def.Extension()
	fresh := x != nil && t.tell(x)
	if fresh { // its element has no line of its own
		dst = append(append(append(append(dst, " ("...), x.Title...), ", "...), x.Spec...)
		dst = append(dst, ')')
	}
	dst = t.place(dst, e, f)
	if fresh {
		dst = t.purpose(dst, x.Doc, margin+2)
	}
	return dst
}

// element appends a field that is an element, and what its extension is for the
// first time that it comes.
func (t *Tree) element(dst []byte, e *dissect.Event, f *dissect.Field, margin int) []byte {
	x := f.Def.Extension()
	dst = t.style(dst, bold)
	dst = append(dst, f.Def.Name...)
	dst = t.style(dst, plain)
	if x == nil {
		return t.place(dst, e, f)
	}
	fresh := t.tell(x)
	if fresh {
		dst = append(append(append(append(dst, ": "...), x.Title...), ", "...), x.Spec...)
	} else if f.Def.Doc != "" {
		dst = append(append(dst, ": "...), f.Def.Doc...)
	}
	dst = t.place(dst, e, f)
	if fresh && x.Doc != "" {
		dst = t.purpose(dst, x.Doc, margin+2)
	}
	return dst
}

// purpose appends what an extension is for, in lines that end before column 80
// where that leaves room for words.
func (t *Tree) purpose(dst []byte, doc string, margin int) []byte {
	const edge, least = 79, 30
	width := max(edge-margin, least)
	for doc != "" {
		line := doc
		if len(line) > width {
			if i := strings.LastIndexByte(line[:width+1], ' '); i > 0 {
				line = line[:i]
			} else if i := strings.IndexByte(line, ' '); i > 0 {
				line = line[:i]
			}
		}
		doc = strings.TrimPrefix(doc[len(line):], " ")
		for range margin {
			dst = append(dst, ' ')
		}
		dst = append(t.style(dst, faint), line...)
		dst = append(t.style(dst, plain), '\n')
	}
	return dst
}

// tell reports whether an extension comes for the first time in this row.
func (t *Tree) tell(x *dissect.Extension) bool {
	for _, told := range t.told {
		if told == x {
			return false
		}
	}
	t.told = append(t.told, x)
	return true
}

// place appends where a field's bytes are, and ends the line.
func (t *Tree) place(dst []byte, e *dissect.Event, f *dissect.Field) []byte {
	dst = t.style(dst, faint)
	dst = append(dst, "  [bytes "...)
	dst = strconv.AppendUint(dst, uint64(f.Off), 10)
	dst = append(dst, '-')
	dst = strconv.AppendUint(dst, uint64(max(f.End, 1)-1), 10)
	if len(e.Parts) > 1 {
		first, last := frames(e.Parts, int(f.Off), int(f.End))
		dst = append(dst, ", frame "...)
		dst = strconv.AppendInt(dst, int64(first), 10)
		if last != first {
			dst = append(dst, '-')
			dst = strconv.AppendInt(dst, int64(last), 10)
		}
	}
	dst = append(dst, ']')
	return append(t.style(dst, plain), '\n')
}

// frames returns the first and the last frame that brought bytes of a range.
func frames(parts []dissect.Part, from, to int) (first, last int) {
	for i := range parts {
		if parts[i].Off >= to && i > 0 {
			break
		}
		if parts[i].Off <= from {
			first = parts[i].FirstFrame()
		}
		last = max(last, parts[i].Frame)
		if parts[i].Off <= from {
			last = parts[i].Frame
		}
	}
	return first, last
}

// notes appends the findings on the row.
func (t *Tree) notes(dst []byte, e *dissect.Event) []byte {
	for i := range e.Notes {
		n := &e.Notes[i]
		dst = t.style(append(dst, indent...), bold)
		dst = append(dst, n.Severity.String()...)
		dst = t.style(dst, plain)
		dst = append(dst, ": "...)
		dst = escape.Text(dst, []byte(n.Text))
		dst = append(dst, " ("...)
		dst = append(dst, n.ID...)
		dst = append(dst, ")\n"...)
	}
	return dst
}
