package stats

import (
	"strings"

	"talktrace/dissect/analysis"
)

// grid is how a table is laid out: which columns there are, and how wide.
type grid struct{ columns []drawn }

// drawn is a column as it is drawn: one or more columns of the table, one below
// the other.
type drawn struct {
	title string
	parts []part
	width int
	least int  // how narrow it may become
	whole int  // how narrow it may become without cutting words
	right bool // holds numbers
}

type part struct {
	column analysis.Column
	index  int
}

const (
	leastText = 12 // cells to which a column of text may shrink, its words cut
	longWord  = 34 // cells to which words are left whole if that is possible
	between   = 3  // cells a column takes beyond its content
)

// newGrid lays a table out in so many cells.
func newGrid(t *analysis.Table, width int) *grid {
	g := &grid{}
	for i, c := range t.Columns {
		switch {
		case c.Script:
		case c.Below && len(g.columns) > 0:
			last := &g.columns[len(g.columns)-1]
			last.parts = append(last.parts, part{c, i})
		default:
			g.columns = append(g.columns, drawn{title: c.Title, parts: []part{{c, i}}})
		}
	}
	const unbounded = 1 << 20
	for i := range g.columns {
		c := &g.columns[i]
		text, word := false, 0
		for _, row := range t.Rows {
			for _, p := range c.parts {
				unit := row[p.index].Unit
				text = text || unit == analysis.Words || unit == analysis.Times
				for _, l := range p.lines(row, unbounded) {
					c.width = max(c.width, cells(l))
				}
				word = max(word, longestWord(p.text(row)))
			}
		}
		head := longestWord(c.title)
		c.right = !text
		c.width = max(c.width, head)
		if c.least, c.whole = c.width, c.width; text {
			c.least, c.whole = max(head, min(c.width, leastText)), max(head, min(word, longWord))
		}
	}
	g.shrink(width, func(c *drawn) int { return max(c.whole, c.least) })
	g.shrink(width, func(c *drawn) int { return c.least })
	return g
}

func longestWord(s string) int {
	longest := 0
	for word := range strings.FieldsSeq(s) {
		longest = max(longest, cells(word))
	}
	return longest
}

// shrink takes cells from the widest columns, down to what least allows, until
// the table fits.
func (g *grid) shrink(width int, least func(*drawn) int) {
	total := -1
	for i := range g.columns {
		total += g.columns[i].width + between
	}
	for ; total > width; total-- {
		widest := -1
		for i := range g.columns {
			c := &g.columns[i]
			if c.width > least(c) && (widest < 0 || c.width > g.columns[widest].width) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		g.columns[widest].width--
	}
}

// text is what a part shows of a row: nothing where it stands below others and
// there is nothing to say.
func (p *part) text(row []analysis.Cell) string {
	cell := row[p.index]
	if cell.Unit == analysis.None && p.column.Unknown == " " {
		return ""
	}
	text := written(cell, p.column)
	if p.column.Below {
		text = strings.ReplaceAll(p.column.Title, " ", glue) + text
	}
	return text
}

// lines are the same as lines of at most so many cells.
func (p *part) lines(row []analysis.Cell, width int) []string {
	text := p.text(row)
	if text == "" {
		return nil
	}
	return wrap(text, width)
}
