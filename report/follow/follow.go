// Package follow writes the rows of a conversation as what they were on the
// wire: two XML documents, one from each side, interleaved as they came. It
// writes them for people, an element a line, or byte for byte.
package follow

import (
	"bufio"
	"io"
	"strconv"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
	"talktrace/report"
	"talktrace/report/escape"
)

const bufferSize = 64 << 10

// Options say how the conversation looks.
type Options struct {
	Color   bool // client blue, server red
	Streams bool // begin with a line where the connection is another one than before
	Sides   bool // say who speaks where it is the other one than before, and from which row on
}

// Writer writes the XML of rows with an element on each line, indented by how
// deep it lies. An element that holds text stays on one line, as it came. What
// is no XML is a comment that says what it was. It writes only what has gone
// through the escaper.
//
// It wants rows with their XML (dissect.Options.XML).
type Writer struct {
	out    *bufio.Writer
	o      Options
	parser *xmlstream.Parser
	intern dissect.Interner
	arena  dissect.Arena
	line   []byte
	conn   int
	side   dissect.Sender // who spoke last, where sides is true
	sides  bool           // somebody has spoken on this connection
	sealed sealed
}

// sealed are rows of TLS one after the other that say no more than that they
// cannot be read.
type sealed struct {
	rows  int
	bytes int64
	paint string
	from  dissect.Sender
}

var _ report.Writer = (*Writer)(nil)

// New makes a writer to w.
func New(w io.Writer, o Options) *Writer {
	t := &Writer{out: bufio.NewWriterSize(w, bufferSize), o: o, conn: -1}
	t.parser = xmlstream.NewParser(&t.intern)
	return t
}

// Write takes the next row.
func (w *Writer) Write(e *dissect.Event) error {
	paint := ""
	if w.o.Color {
		paint = report.Paint(e)
	}
	more := e.Step == dissect.SealedData
	if !more || w.sealed.from != e.Sender || w.conn != e.Conn.Number {
		if err := w.unseal(); err != nil {
			return err
		}
	}
	if w.conn != e.Conn.Number {
		w.conn, w.sides = e.Conn.Number, false
		if w.o.Streams {
			if err := w.put("", "<!-- connection "+strconv.Itoa(w.conn)+": "+e.Conn.Text[0]+" with "+e.Conn.Text[1]+" -->"); err != nil {
				return err
			}
		}
	}
	if w.o.Sides && (!w.sides || w.side != e.Sender) {
		w.side, w.sides = e.Sender, true
		if err := w.put("", "<!-- "+e.Sender.String()+", row "+strconv.FormatInt(int64(e.No), 10)+" -->"); err != nil {
			return err
		}
	}
	if more {
		w.sealed = sealed{w.sealed.rows + 1, w.sealed.bytes + int64(e.Length), paint, e.Sender}
		return nil
	}
	w.lines(e, paint)
	_, err := w.out.Write(w.line)
	return err
}

// put writes a line of our own words.
func (w *Writer) put(paint, text string) error {
	w.line = w.line[:0]
	w.begin(paint, 0)
	w.line = escape.Text(w.line, []byte(text))
	w.finish(paint)
	_, err := w.out.Write(w.line)
	return err
}

// unseal says how much there was that cannot be read.
func (w *Writer) unseal() error {
	s := w.sealed
	if s.rows == 0 {
		return nil
	}
	w.sealed = sealed{}
	return w.put(s.paint, "<!-- encrypted: "+strconv.FormatInt(s.bytes, 10)+" bytes of the "+s.from.String()+" in "+strconv.Itoa(s.rows)+records(s.rows)+" -->")
}

func records(n int) string {
	if n == 1 {
		return " record"
	}
	return " records"
}

// lines makes the lines of a row.
func (w *Writer) lines(e *dissect.Event, paint string) {
	w.line = w.line[:0]
	depth := 1
	switch e.Kind {
	case dissect.KindStream, dissect.KindStreamClose:
		depth = 0
	case dissect.KindKeepalive:
		w.comment(e, paint, 1)
		return
	case dissect.KindGap:
		w.comment(e, paint, 0)
		return
	}
	switch {
	case e.XML == nil:
		w.comment(e, paint, 0)
		return
	case e.Kind == dissect.KindMalformed, e.Kind == dissect.KindUnfinished:
		w.comment(e, paint, depth)
		w.raw(e.XML, paint, depth)
	case !w.element(e, paint, depth):
		w.raw(e.XML, paint, depth)
	}
	if len(e.XML) > 0 && e.Missing > 0 {
		w.begin(paint, depth)
		w.line = append(w.line, "<!-- "...)
		w.line = strconv.AppendInt(w.line, e.Missing, 10)
		w.line = append(w.line, " bytes lost -->"...)
		w.finish(paint)
	}
}

// comment says of a row what it is.
func (w *Writer) comment(e *dissect.Event, paint string, depth int) {
	w.begin(paint, depth)
	w.line = append(w.line, "<!-- "...)
	if e.Protocol != "XMPP" && e.Protocol != "TCP" {
		w.line = escape.Text(w.line, []byte(e.Protocol))
		w.line = append(w.line, ": "...)
	} else if e.Kind != dissect.KindGap && e.Kind != dissect.KindEnd {
		w.line = escape.Text(w.line, []byte(e.Kind))
		w.line = append(w.line, ": "...)
	}
	w.line = escape.Text(w.line, e.Info)
	w.line = append(w.line, " -->"...)
	w.finish(paint)
}

// deepest bounds the indentation, so that what a stranger sends does not grow
// with the square of its depth.
const deepest = 40

const spaces = "                                                                                "

// begin begins a line.
func (w *Writer) begin(paint string, depth int) {
	w.line = append(w.line, paint...)
	w.line = append(w.line, spaces[:2*min(depth, deepest)]...)
}

// finish ends a line.
func (w *Writer) finish(paint string) {
	if paint != "" {
		w.line = append(w.line, report.Unpaint...)
	}
	w.line = append(w.line, '\n')
}

// raw writes bytes as one line.
func (w *Writer) raw(b []byte, paint string, depth int) {
	w.begin(paint, depth)
	w.line = escape.Text(w.line, b)
	w.finish(paint)
}

// element writes an element, and returns false where it is none.
func (w *Writer) element(e *dissect.Event, paint string, depth int) bool {
	w.arena.Reset()
	split := xmlstream.NewSplitter(xmlstream.AssumedScope(e.XMLNS), len(e.XML))
	split.Feed(e.XML, xmlstream.Origin{})
	var u xmlstream.Unit
	if !split.Next(w.parser, &w.arena, &u) || u.Tree == nil || u.Kind != xmlstream.Element || u.Length != len(e.XML) || u.Tree.Cut {
		return false
	}
	w.node(u.Tree, 0, paint, depth)
	return true
}

// frame is an element whose children are being written.
type frame struct{ node, next int32 }

// node writes an element and what is in it.
func (w *Writer) node(t *xmlstream.Tree, root int32, paint string, depth int) {
	stack := make([]frame, 0, 16)
	for n := root; ; {
		if w.flat(t, n) {
			w.raw(t.Bytes(t.Nodes[n].Outer), paint, depth+len(stack))
			n = t.Nodes[n].Next
		} else {
			x := &t.Nodes[n]
			w.raw(t.Raw[x.Outer.Off:x.Inner.Off], paint, depth+len(stack))
			stack = append(stack, frame{n, x.Next})
			n = x.Child
		}
		for n < 0 || len(stack) == 0 {
			if len(stack) == 0 {
				return
			}
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x := &t.Nodes[top.node]
			w.raw(t.Raw[x.Inner.End:x.Outer.End], paint, depth+len(stack))
			n = top.next
		}
	}
}

// flat reports whether an element goes on one line: it has no children, or
// characters between them.
func (w *Writer) flat(t *xmlstream.Tree, n int32) bool {
	x := &t.Nodes[n]
	if x.Child < 0 || x.Escaped {
		return true
	}
	at := x.Inner.Off
	for c := x.Child; c >= 0; c = t.Nodes[c].Next {
		if !blank(t.Raw[at:t.Nodes[c].Outer.Off]) {
			return true
		}
		at = t.Nodes[c].Outer.End
	}
	return !blank(t.Raw[at:x.Inner.End])
}

func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// Flush writes out what has been written so far.
func (w *Writer) Flush() error {
	if err := w.unseal(); err != nil {
		return err
	}
	return w.out.Flush()
}

// Close writes out the rest.
func (w *Writer) Close() error { return w.Flush() }
