// Package text writes rows as aligned lines of text, one line a row, for pipes
// and for eyes alike.
package text

import (
	"bufio"
	"bytes"
	"io"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/escape"
)

// The first rows wait until this many of them, or this many bytes, have come,
// so their columns can be made as wide as they need. Flush ends the wait.
const (
	sampleRows  = 200
	sampleBytes = 64 << 10
)

const (
	bufferSize = 64 << 10
	margin     = "  " // between columns
)

// Options say how the rows look.
type Options struct {
	Columns report.Columns
	Cells   report.Cells
	Color   bool // colour the rows with escape sequences
	Header  bool // begin with a line of column titles
	// Below appends lines that are written under a row; nil for none.
	Below func(dst []byte, e *dissect.Event) []byte
}

// Writer writes rows as lines of text. A column is as wide as the widest of its
// first cells; it grows when a wider one comes later, and never shrinks. So the
// same rows give the same lines, whatever pace they come at, unless Flush is
// called among the first of them.
type Writer struct {
	out     *bufio.Writer
	opts    Options
	widths  []int
	sample  []row // the first rows, until their widths are settled
	sampled int   // the bytes they hold
	settled bool
	row     row // the row at hand
	line    []byte
}

// A row is its cells, one after the other in data, and where each of them ends.
type row struct {
	data  []byte
	ends  []int
	paint string
	below []byte // the lines under it
}

var _ report.Writer = (*Writer)(nil)

// New makes a writer of rows to w.
func New(w io.Writer, o Options) *Writer {
	t := &Writer{
		out:    bufio.NewWriterSize(w, bufferSize),
		opts:   o,
		widths: make([]int, len(o.Columns)),
		row:    row{ends: make([]int, len(o.Columns))},
	}
	for i, c := range o.Columns {
		t.widths[i] = max(len(c.Title()), floor(c))
	}
	return t
}

// floor returns a width that spares most traces from growing.
func floor(c report.Column) int {
	switch c {
	case report.Number:
		return 4
	case report.Time:
		return 8
	}
	return 0
}

// Write takes the next row.
func (t *Writer) Write(e *dissect.Event) error {
	r := &t.row
	r.data = r.data[:0]
	for i, c := range t.opts.Columns {
		r.data = t.opts.Cells.Append(r.data, c, e)
		r.ends[i] = len(r.data)
	}
	if t.opts.Color {
		r.paint = report.Paint(e)
	}
	if t.opts.Below != nil {
		r.below = t.opts.Below(r.below[:0], e)
	}
	if t.settled {
		return t.writeRow(r)
	}
	t.sample = append(t.sample, row{bytes.Clone(r.data), append([]int(nil), r.ends...), r.paint, bytes.Clone(r.below)})
	t.sampled += len(r.data) + len(r.below)
	if len(t.sample) < sampleRows && t.sampled < sampleBytes {
		return nil
	}
	return t.settle()
}

// settle fixes the widths to begin with and writes the rows that waited.
func (t *Writer) settle() error {
	t.settled = true
	for i := range t.sample {
		t.widen(&t.sample[i])
	}
	if t.opts.Header {
		if err := t.writeTitles(); err != nil {
			return err
		}
	}
	for i := range t.sample {
		if err := t.writeRow(&t.sample[i]); err != nil {
			return err
		}
	}
	t.sample = nil
	return nil
}

// foresee makes columns as wide as rows that have not come yet will need: what
// one side sends is followed by what the other one sends, and most kinds of rows
// are not longer than some that are sure to come.
func (t *Writer) foresee() {
	const common = len("challenge")
	for i, c := range t.opts.Columns {
		switch c {
		case report.Source, report.Destination:
			for k := range t.sample {
				r := &t.sample[k]
				for j, other := range t.opts.Columns {
					if other == report.Source || other == report.Destination {
						t.widths[i] = max(t.widths[i], escape.Width(r.cell(j)))
					}
				}
			}
		case report.Stanza:
			t.widths[i] = max(t.widths[i], common)
		}
	}
}

// cell returns a cell of a row.
func (r *row) cell(i int) []byte {
	if i == 0 {
		return r.data[:r.ends[0]]
	}
	return r.data[r.ends[i-1]:r.ends[i]]
}

// widen makes the columns wide enough for a row. The last one needs no width.
func (t *Writer) widen(r *row) {
	from := 0
	for i, end := range r.ends[:len(r.ends)-1] {
		t.widths[i] = max(t.widths[i], escape.Width(r.data[from:end]))
		from = end
	}
}

func (t *Writer) writeTitles() error {
	t.line = t.line[:0]
	last := len(t.opts.Columns) - 1
	for i, c := range t.opts.Columns[:last] {
		// The title of the row numbers, all of one kind, stands at their end;
		// that of times, which may vary in length, where people look for it.
		right := c.Right() && c != report.Time
		t.line = pad(t.line, []byte(c.Title()), t.widths[i]-len(c.Title()), right)
		t.line = append(t.line, margin...)
	}
	t.line = append(t.line, t.opts.Columns[last].Title()...)
	t.line = append(t.line, '\n')
	_, err := t.out.Write(t.line)
	return err
}

func (t *Writer) writeRow(r *row) error {
	t.line = append(t.line[:0], r.paint...)
	from, last := 0, len(r.ends)-1
	for i, end := range r.ends[:last] {
		cell := r.data[from:end]
		width := escape.Width(cell)
		t.widths[i] = max(t.widths[i], width)
		t.line = pad(t.line, cell, t.widths[i]-width, t.opts.Columns[i].Right())
		t.line = append(t.line, margin...)
		from = end
	}
	t.line = append(t.line, r.data[from:]...)
	t.line = bytes.TrimRight(t.line, " ")
	if r.paint != "" {
		t.line = append(t.line, report.Unpaint...)
	}
	t.line = append(t.line, '\n')
	t.line = append(t.line, r.below...)
	_, err := t.out.Write(t.line)
	return err
}

const spaces = "                                                "

// pad appends a cell with n spaces in front of it or behind it.
func pad(dst, cell []byte, n int, right bool) []byte {
	n = min(n, len(spaces))
	if right {
		dst = append(dst, spaces[:n]...)
		return append(dst, cell...)
	}
	dst = append(dst, cell...)
	return append(dst, spaces[:n]...)
}

// Flush writes out what has been written so far. Rows that wait for the widths
// of their columns wait no longer.
func (t *Writer) Flush() error {
	if !t.settled && len(t.sample) > 0 {
		t.foresee()
		if err := t.settle(); err != nil {
			return err
		}
	}
	return t.out.Flush()
}

// Close writes out the rest.
func (t *Writer) Close() error {
	if !t.settled && len(t.sample) > 0 {
		if err := t.settle(); err != nil {
			return err
		}
	}
	return t.out.Flush()
}
