// Package table draws rows as a table for the eyes of a person at a terminal.
// Each row appears as it comes. Where a number outgrows its column the table begins
// anew, with another head.
package table

import (
	"bufio"
	"io"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/escape"
)

// Options say how the table looks.
type Options struct {
	Columns report.Columns // those without room on a narrow terminal are left out
	Cells   report.Cells
	Color   bool // colour the rows with escape sequences
	Width   int  // of the terminal, in cells
}

// Writer draws rows as a table. What does not fit its column is shortened.
type Writer struct {
	out    *bufio.Writer
	opts   Options
	needs  needs
	layout layout
	table  *tablewriter.Table // nil before the first row
	time   []byte             // the cell of the row at hand
	cell   []byte
	fitted []byte
	row    []string
}

var _ report.Writer = (*Writer)(nil)

// New makes a writer of rows to w.
func New(w io.Writer, o Options) *Writer {
	return &Writer{out: bufio.NewWriter(w), opts: o}
}

// Write takes the next row and shows it.
func (t *Writer) Write(e *dissect.Event) error {
	t.time = t.opts.Cells.Append(t.time[:0], report.Time, e) // once: it may count from the row before
	if grown := t.needs.grow(&t.opts.Cells, e, len(t.time)); grown || t.table == nil {
		if err := t.start(); err != nil {
			return err
		}
	}
	paint := ""
	if t.opts.Color {
		paint = report.Paint(e)
	}
	t.row = t.row[:0]
	for i, c := range t.layout.columns {
		t.row = append(t.row, t.draw(c, t.layout.widths[i], paint, e))
	}
	if err := t.table.Append(t.row); err != nil {
		return err
	}
	// The table drops the errors of what it writes to; the buffer keeps them.
	return t.out.Flush()
}

// draw returns the content of one cell.
func (t *Writer) draw(c report.Column, width int, paint string, e *dissect.Event) string {
	if c == report.Time {
		t.cell = append(t.cell[:0], t.time...)
	} else {
		t.cell = t.opts.Cells.Append(t.cell[:0], c, e)
	}
	t.fitted = append(t.fitted[:0], paint...)
	switch c {
	case report.Source, report.Destination:
		t.fitted = escape.FitMiddle(t.fitted, t.cell, width)
	case report.Info:
		cell := t.cell
		if escape.Width(cell) > width {
			cell = abridge(cell)
		}
		t.fitted = escape.Fit(t.fitted, cell, width)
	default:
		t.fitted = escape.Fit(t.fitted, t.cell, width)
	}
	if len(t.fitted) == len(paint) {
		return ""
	}
	if paint != "" {
		t.fitted = append(t.fitted, report.Unpaint...)
	}
	return string(t.fitted)
}

// start lays the table out and draws its head; again, where it has one that does
// not fit any more.
func (t *Writer) start() error {
	if t.table != nil {
		if err := t.table.Close(); err != nil {
			return err
		}
	}
	t.layout = plan(t.opts.Columns, t.opts.Width, &t.needs)
	widths := tw.NewMapper[int, int]()
	align := make(tw.Alignment, 0, len(t.layout.columns))
	titles := make([]string, 0, len(t.layout.columns))
	for i, c := range t.layout.columns {
		widths.Set(i, t.layout.widths[i]+2)
		titles = append(titles, c.Title())
		if c.Right() {
			align = append(align, tw.AlignRight)
		} else {
			align = append(align, tw.AlignLeft)
		}
	}
	t.table = tablewriter.NewTable(t.out,
		tablewriter.WithRenderer(renderer.NewBlueprint()),
		tablewriter.WithRendition(rendition()),
		tablewriter.WithStreaming(tw.StreamConfig{Enable: true, StrictColumns: true}),
		tablewriter.WithColumnWidths(widths),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapTruncate),
		tablewriter.WithRowAutoFormat(tw.Off),
		tablewriter.WithRowAutoWrap(tw.WrapTruncate),
		tablewriter.WithAlignment(align),
		// Package escape measures the same way, whatever the locale.
		tablewriter.WithEastAsian(tw.Off),
	)
	if err := t.table.Start(); err != nil {
		return err
	}
	t.table.Header(titles)
	return nil
}

// rendition is a light frame: a line below the titles and one between columns.
func rendition() tw.Rendition {
	return tw.Rendition{
		Borders: tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.Off},
		Symbols: tw.NewSymbols(tw.StyleLight),
		Settings: tw.Settings{
			Separators: tw.Separators{BetweenColumns: tw.On, BetweenRows: tw.Off},
			Lines:      tw.Lines{ShowHeaderLine: tw.On},
		},
		Streaming: true,
	}
}

// Flush shows what has been written so far.
func (t *Writer) Flush() error { return t.out.Flush() }

// Close ends the table.
func (t *Writer) Close() error {
	if t.table == nil {
		return t.out.Flush()
	}
	if err := t.table.Close(); err != nil {
		return err
	}
	return t.out.Flush()
}
