// Package findings writes what is wrong with a trace: each kind of finding once,
// the gravest first, with how often it was found and where.
package findings

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"time"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report"
)

// Options say how findings are written.
type Options struct {
	JSON  bool // one object a line rather than text
	Color bool // the text has the severities in colours
}

// Summary is all findings of one kind.
type Summary struct {
	*analysis.Kind
	Count int
	First analysis.Finding
	Rows  []Place // the first of them
	conns map[int]struct{}
}

// Place is where something was found.
type Place struct{ Row, Frame int }

const (
	maxRows  = 10      // rows that are listed of a kind
	maxConns = 1 << 16 // connections that are counted of a kind
	maxKinds = 1024    // kinds
)

// Writer counts findings and writes them when it is closed. It is a
// report.Writer: the rows that it is given bring what the layers found, and
// Found what the analysis did.
type Writer struct {
	out   *bufio.Writer
	o     Options
	known map[string]*analysis.Kind
	kinds map[string]*Summary
	rows  int
}

var _ report.Writer = (*Writer)(nil)

// New returns a Writer to out.
func New(out io.Writer, o Options) *Writer {
	w := &Writer{out: bufio.NewWriter(out), o: o, known: map[string]*analysis.Kind{}, kinds: map[string]*Summary{}}
	for _, k := range analysis.Kinds() {
		w.known[k.ID] = k
	}
	return w
}

// Write takes what the layers found on a row.
func (w *Writer) Write(e *dissect.Event) error {
	w.rows++
	for i := range e.Notes {
		n := &e.Notes[i]
		k := w.known[n.ID]
		if k != nil && !k.Layer { // comes by way of Found
			continue
		}
		if k == nil {
			k = &analysis.Kind{ID: n.ID, Title: n.Text, Layer: true}
			if len(w.known) < maxKinds {
				w.known[n.ID] = k
			}
		}
		if k.Severity != n.Severity {
			graded := *k
			graded.Severity = n.Severity
			k = &graded
		}
		f := analysis.Finding{Kind: k, Text: n.Text, Row: e.No, Frame: e.Frame, Time: e.Time, Conn: -1}
		if e.Conn != nil {
			f.Conn = e.Conn.Number
		}
		w.Found(f)
	}
	return nil
}

// Found takes a finding.
func (w *Writer) Found(f analysis.Finding) {
	s := w.kinds[f.ID]
	if s == nil {
		if len(w.kinds) >= maxKinds {
			return
		}
		s = &Summary{Kind: f.Kind, First: f, conns: map[int]struct{}{}}
		w.kinds[f.ID] = s
	}
	if s.Count++; f.Row < s.First.Row {
		s.First = f
	}
	if len(s.Rows) < maxRows || f.Row < s.Rows[maxRows-1].Row {
		at, _ := slices.BinarySearchFunc(s.Rows, f.Row, func(p Place, row int) int { return cmp.Compare(p.Row, row) })
		s.Rows = slices.Insert(s.Rows, at, Place{f.Row, f.Frame})
		s.Rows = s.Rows[:min(len(s.Rows), maxRows)]
	}
	if f.Conn >= 0 && len(s.conns) < maxConns {
		s.conns[f.Conn] = struct{}{}
	}
}

// Flush implements report.Writer. Nothing is written before the end.
func (w *Writer) Flush() error { return nil }

// Summaries returns what was found, the gravest first, then what was found most
// often.
func (w *Writer) Summaries() []*Summary {
	var all []*Summary
	for _, s := range w.kinds {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *Summary) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// Close writes all that was found.
func (w *Writer) Close() error {
	all := w.Summaries()
	for _, s := range all {
		if w.o.JSON {
			writeObject(w.out, s)
			continue
		}
		writeHead(w.out, s.Kind, w.o)
		writeBelow(w.out, s.where())
		if s.First.Text != s.Title {
			writeBelow(w.out, s.First.Text)
		}
	}
	if len(all) == 0 && !w.o.JSON {
		writeLine(w.out, "nothing found in "+plural(w.rows, "row"))
	}
	return w.out.Flush()
}

// List writes all kinds of findings, with why they matter and where to read on.
func List(out io.Writer, o Options) error {
	w := bufio.NewWriter(out)
	for _, k := range analysis.Kinds() {
		if o.JSON {
			writeObject(w, &Summary{Kind: k})
			continue
		}
		writeHead(w, k, o)
		writeBelow(w, k.Why)
		writeBelow(w, k.Source)
	}
	return w.Flush()
}

// when is a time as JSON has it.
func when(t int64) string { return time.Unix(0, t).UTC().Format(time.RFC3339Nano) }
