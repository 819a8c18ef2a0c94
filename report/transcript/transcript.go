// Package transcript writes a trace in the form in which two runs of the same
// scenario are the same text: what changes from run to run (times, ports, ids,
// nonces, resources) has a stable name by its meaning in the protocol, the same
// value always the same name. It is made to be kept beside a capture and to be
// reviewed as a diff: one line a row, its fields indented below it, nothing
// aligned with anything, and each connection on its own, because the order of
// rows between connections is an accident.
package transcript

import (
	"errors"
	"path/filepath"
	"strings"

	"talktrace/capture"
	"talktrace/dissect"
	"talktrace/report"
)

var _ report.Writer = (*Writer)(nil)

// Order says how the rows of a connection follow each other.
type Order uint8

// The orders.
const (
	Causal   Order = iota // as they were captured; Compare lets those change places that race
	Captured              // as they were captured, and so they stay
	BySender              // all of the client's, then all of the server's: where the two race
	Sorted                // by their text: where what one side says races too
)

// Options say what of the rows is written.
type Options struct {
	Keep   []string      // meanings whose values are written as they are; Meanings lists them
	Fields []dissect.Ref // those that are written below rows; nil for all
	Brief  bool          // no fields, whatever Fields says
	Order  Order
	// Unjudged leaves out the findings on rows.
	Unjudged bool
}

// maxHeld bounds the text that is kept until the end of a trace.
const maxHeld = 256 << 20

// ErrTooLong is what Write returns where a trace is too long to be kept.
var ErrTooLong = errors.New("the trace is too long to be verified: leave rows out with a filter")

// ErrNoRows says that there is nothing in a transcript that could be compared.
var ErrNoRows = errors.New("no rows to compare: not XMPP, or the filter lets none through")

// Writer takes the rows of a trace, which are to come with all fields and with
// what TLS handshakes say. Its text is there after Close.
type Writer struct {
	o        Options
	keep     map[string]bool
	fields   map[int]bool // by the index of their names; nil for all
	facts    []*dissect.FieldDef
	sections []*section
	byConn   map[int]*section
	held     int
	limit    int // of held
	names    *names
	values   []dissect.Value
	lines    []Line
}

// Line is a line of the transcript.
type Line struct {
	Text  string
	Row   int // number of the row that it is about; 0 for none
	Frame int // the frame that completed that row
	bond  *bond
}

// New returns a Writer.
func New(o Options) *Writer {
	w := &Writer{o: o, keep: map[string]bool{}, byConn: map[int]*section{}, limit: maxHeld}
	for _, meaning := range o.Keep {
		w.keep[meaning] = true
	}
	if o.Fields != nil {
		w.fields = map[int]bool{}
		for i := range o.Fields {
			w.fields[o.Fields[i].Defs[0].Index()] = true
		}
	}
	for _, def := range dissect.Facts() {
		if tellsTLS(def.Name) {
			w.facts = append(w.facts, def)
		}
	}
	w.names = newNames(w.keep)
	return w
}

// Write takes the next row. Rows of no connection are let pass.
func (w *Writer) Write(e *dissect.Event) error {
	if e.Conn == nil || e.Conn.Number < 0 {
		return nil
	}
	s := w.byConn[e.Conn.Number]
	if s == nil {
		s = newSection(e)
		w.byConn[e.Conn.Number] = s
		w.sections = append(w.sections, s)
	}
	if w.passing(s, e) {
		return nil
	}
	r := w.record(e)
	s.learn(e, r)
	s.rows = append(s.rows, r)
	if w.held += r.size(); w.held > w.limit {
		return ErrTooLong
	}
	return nil
}

// Flush implements report.Writer; there is nothing to be seen before Close.
func (w *Writer) Flush() error { return nil }

// Close puts the text together. It may be called again.
func (w *Writer) Close() error {
	if w.lines == nil {
		w.render()
	}
	return nil
}

// Lines returns the text, line by line. It is nil before Close.
func (w *Writer) Lines() []Line { return w.lines }

// Empty reports whether there is nothing in the text but, if so, why the capture
// could not be read to its end.
func (w *Writer) Empty() bool {
	for i := range w.lines {
		l := &w.lines[i]
		if l.Row > 0 || l.Text != "" && !strings.HasPrefix(l.Text, "== ") && !strings.HasPrefix(l.Text, ending) {
			return false
		}
	}
	return true
}

// Damage adds, as the last line, why the capture could not be read to its end.
// Where the capture lies is no part of it.
func (w *Writer) Damage(err error) {
	var e *capture.Error
	if errors.As(err, &e) {
		told := *e
		told.File = filepath.Base(told.File)
		err = &told
	}
	w.lines = append(w.lines, Line{}, Line{Text: ending + string(shown([]byte(err.Error())))})
}

// Text returns the text as a whole.
func (w *Writer) Text() []byte {
	var b []byte
	for i := range w.lines {
		b = append(append(b, w.lines[i].Text...), '\n')
	}
	return b
}
