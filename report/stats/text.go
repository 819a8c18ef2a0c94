package stats

import (
	"bufio"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report"
	"talktrace/report/escape"
)

// Options say how tables are drawn.
type Options struct {
	Width int  // cells of a line
	Color bool // colour what the client and the server sent, and the titles
}

const (
	narrowest = 60
	bold      = "\x1b[1m"
)

// Text draws tables for people.
func Text(w io.Writer, tables []*analysis.Table, o Options) error {
	o.Width = max(o.Width, narrowest)
	d := &drawing{out: bufio.NewWriter(w), o: o}
	for i, t := range tables {
		if i > 0 {
			d.line("")
		}
		if err := d.table(t); err != nil {
			return err
		}
	}
	return d.out.Flush()
}

// drawing is what tables are drawn on. Its buffer keeps errors.
type drawing struct {
	out *bufio.Writer
	o   Options
}

func (d *drawing) line(s string) {
	_, _ = d.out.WriteString(s)
	_ = d.out.WriteByte('\n')
}

// paragraph writes a text of several lines.
func (d *drawing) paragraph(s string) {
	for _, l := range wrap(s, d.o.Width) {
		d.line(l)
	}
}

func (d *drawing) paint(s, with string) string {
	if !d.o.Color || s == "" || with == "" {
		return s
	}
	return with + s + report.Unpaint
}

func (d *drawing) table(t *analysis.Table) error {
	d.line(d.paint(t.Title, bold))
	switch {
	case len(t.Rows) == 0:
		d.paragraph(t.Unseen)
	case t.Facts:
		d.facts(t)
	case t.Chart != nil:
		d.chart(t.Chart)
	default:
		if err := d.grid(t); err != nil {
			return err
		}
	}
	for _, note := range t.Notes {
		d.paragraph(note)
	}
	return nil
}

// facts writes a list of facts. Those of which there is none share a sentence.
func (d *drawing) facts(t *analysis.Table) {
	width := 0
	for _, c := range t.Columns {
		width = max(width, len([]rune(c.Title)))
	}
	var none []string
	for i, c := range t.Columns {
		cell := t.Rows[0][i]
		if (cell.Unit == analysis.Count || cell.Unit == analysis.Bytes) && cell.Number == 0 {
			if !strings.HasPrefix(c.Title, "…") {
				none = append(none, c.Title)
			}
			continue
		}
		pad := strings.Repeat(" ", width-len([]rune(c.Title)))
		d.line(c.Title + pad + "  " + plain(written(cell, c)))
	}
	if len(none) > 0 {
		d.paragraph("None: " + strings.Join(none, ", ") + ".")
	}
}

// grid draws a table.
func (d *drawing) grid(t *analysis.Table) error {
	g := newGrid(t, d.o.Width)
	widths, align := tw.NewMapper[int, int](), make(tw.Alignment, 0, len(g.columns))
	for i, c := range g.columns {
		widths.Set(i, c.width+2)
		if c.right {
			align = append(align, tw.AlignRight)
		} else {
			align = append(align, tw.AlignLeft)
		}
	}
	table := tablewriter.NewTable(d.out,
		tablewriter.WithRenderer(renderer.NewBlueprint()),
		tablewriter.WithRendition(rendition()),
		tablewriter.WithStreaming(tw.StreamConfig{Enable: true, StrictColumns: true}),
		tablewriter.WithColumnWidths(widths),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoFormat(tw.Off),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithAlignment(align),
		tablewriter.WithEastAsian(tw.Off),
	)
	if err := table.Start(); err != nil {
		return err
	}
	titles := make([]string, 0, len(g.columns))
	for _, c := range g.columns {
		titles = append(titles, strings.Join(wrap(c.title, c.width), "\n"))
	}
	table.Header(titles)
	for _, row := range t.Rows {
		if err := table.Append(d.cells(g, row)); err != nil {
			return err
		}
	}
	return table.Close()
}

// cells are the cells of a row, each of one or more lines.
func (d *drawing) cells(g *grid, row []analysis.Cell) []string {
	cells := make([]string, 0, len(g.columns))
	for _, c := range g.columns {
		var lines []string
		for _, p := range c.parts {
			for _, l := range p.lines(row, c.width) {
				lines = append(lines, d.paint(l, side(p.column.Name)))
			}
		}
		cells = append(cells, strings.Join(lines, "\n"))
	}
	return cells
}

// side is the colour of a column that is about one of the two sides.
func side(name string) string {
	who, _, _ := strings.Cut(name, "_")
	switch who {
	case "client":
		return report.Paint(&dissect.Event{Conn: &dissect.Conn{}, Sender: dissect.Client})
	case "server":
		return report.Paint(&dissect.Event{Conn: &dissect.Conn{}, Sender: dissect.Server})
	}
	return ""
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

// wrap cuts a text into lines of at most so many cells, at its spaces. A word
// that is longer is shortened in its middle.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		word = string(escape.FitMiddle(nil, []byte(word), width))
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], glue, " ")
	}
	return lines
}

// glue holds words together on a line.
const glue = "\u2060"

func cells(s string) int { return escape.Width([]byte(strings.ReplaceAll(s, glue, " "))) }
