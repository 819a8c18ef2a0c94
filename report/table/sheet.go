package table

import (
	"bufio"
	"io"
	"slices"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"talktrace/report/escape"
)

// Sheet is a small table that is known as a whole before any of it is drawn.
// Its cells are text from anywhere; they are escaped as they are drawn.
type Sheet struct {
	Titles []string
	Right  []bool // columns whose cells end below each other
	Rows   [][]string
}

// Prune leaves out the columns that are empty in all rows.
func (s *Sheet) Prune() {
	for i := len(s.Titles) - 1; i >= 0; i-- {
		if !slices.ContainsFunc(s.Rows, func(r []string) bool { return r[i] != "" }) {
			s.drop(i)
		}
	}
}

// Fit leaves out columns by their titles, in this order, until what Draw draws is
// at most so many cells wide, or none of them is left; then it shortens the
// widest cells that begin below each other.
func (s *Sheet) Fit(width int, titles ...string) {
	for _, title := range titles {
		if i := slices.Index(s.Titles, title); i >= 0 && s.drawn() > width {
			s.drop(i)
		}
	}
	widths := s.widths()
	for excess := s.drawn() - width; excess > 0; excess-- {
		widest := -1
		for i := range widths {
			if !s.Right[i] && widths[i] > max(least, len(s.Titles[i])) && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	for _, r := range s.Rows {
		for i := range r {
			text := []byte(cell(r[i]))
			switch {
			case escape.Width(text) <= widths[i]:
			case i == len(r)-1: // what it says in words
				r[i] = string(escape.Fit(nil, text, widths[i]))
			default:
				r[i] = string(escape.FitMiddle(nil, text, widths[i]))
			}
		}
	}
}

// drawn returns how wide the sheet is with its lines.
func (s *Sheet) drawn() int {
	all := -1 // there is no line in front of the first column
	for _, w := range s.widths() {
		all += w + frame
	}
	return all
}

// widths returns how wide the columns are.
func (s *Sheet) widths() []int {
	widths := make([]int, len(s.Titles))
	for i, title := range s.Titles {
		widths[i] = escape.Width([]byte(cell(title)))
	}
	for _, r := range s.Rows {
		for i := range r {
			widths[i] = max(widths[i], escape.Width([]byte(cell(r[i]))))
		}
	}
	return widths
}

func (s *Sheet) drop(i int) {
	s.Titles, s.Right = slices.Delete(s.Titles, i, i+1), slices.Delete(s.Right, i, i+1)
	for k := range s.Rows {
		s.Rows[k] = slices.Delete(s.Rows[k], i, i+1)
	}
}

// cell returns what is drawn of a cell.
func cell(text string) string { return string(escape.Text(nil, []byte(text))) }

// Draw draws the sheet with lines, for a person at a terminal.
func (s *Sheet) Draw(w io.Writer) error {
	align := make(tw.Alignment, len(s.Titles))
	for i := range align {
		if align[i] = tw.AlignLeft; s.Right[i] {
			align[i] = tw.AlignRight
		}
	}
	look := rendition()
	look.Streaming = false
	out := bufio.NewWriter(w)
	t := tablewriter.NewTable(out,
		tablewriter.WithRenderer(renderer.NewBlueprint()),
		tablewriter.WithRendition(look),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoFormat(tw.Off),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithAlignment(align),
		// Package escape measures the same way, whatever the locale.
		tablewriter.WithEastAsian(tw.Off),
	)
	t.Header(s.Titles)
	for _, r := range s.Rows {
		row := make([]string, len(r))
		for i := range r {
			row[i] = cell(r[i])
		}
		if err := t.Append(row); err != nil {
			return err
		}
	}
	if err := t.Render(); err != nil {
		return err
	}
	return out.Flush()
}

// Align writes the sheet as lines of aligned text, for pipes.
func (s *Sheet) Align(w io.Writer) error {
	widths := s.widths()
	out := bufio.NewWriter(w)
	for _, r := range append([][]string{s.Titles}, s.Rows...) {
		var line []byte
		for i := range r {
			text := cell(r[i])
			room := widths[i] - escape.Width([]byte(text))
			if i > 0 {
				line = append(line, "  "...)
			}
			if s.Right[i] {
				line = spaces(line, room)
			}
			line = append(line, text...)
			if !s.Right[i] && i < len(r)-1 {
				line = spaces(line, room)
			}
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}

func spaces(dst []byte, n int) []byte {
	for range n {
		dst = append(dst, ' ')
	}
	return dst
}

// CSV writes the sheet as CSV (RFC 4180).
func (s *Sheet) CSV(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, r := range append([][]string{s.Titles}, s.Rows...) {
		var line []byte
		for i := range r {
			if i > 0 {
				line = append(line, ',')
			}
			line = escape.CSV(line, []byte(r[i]))
		}
		if _, err := out.Write(append(line, '\r', '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}
