package cli

import (
	"bytes"
	"fmt"
	"strings"

	"talktrace/report"
	"talktrace/report/escape"
	"talktrace/report/transcript"
)

// layout says how the lines of differences are written.
type layout struct {
	color bool
	width int // cells, at which lines are broken between words; 0 for lines of any length
}

// signs are how lines of differences begin, and their colours.
var signs = map[byte]string{'-': "\x1b[31m", '+': "\x1b[32m", '~': "\x1b[33m", '=': "\x1b[1m"}

// change writes a row that is gone, is new, or says something else. The texts
// have been escaped.
func (l layout) change(b *bytes.Buffer, c *transcript.Change) {
	switch {
	case c.New == nil:
		l.line(b, "- ", where(c.Old)+c.Old.Text)
	case c.Old == nil:
		l.line(b, "+ ", where(c.New)+c.New.Text)
	case c.Old.Text == c.New.Text:
		l.line(b, "~ ", fmt.Sprintf("row %d, frame %d, now row %d, frame %d: %s", c.Old.Row, c.Old.Frame, c.New.Row, c.New.Frame, c.New.Text))
	default:
		l.line(b, "- ", where(c.Old)+c.Old.Text)
		l.line(b, "+ ", where(c.New)+c.New.Text)
	}
	if c.Old != nil && c.New != nil && c.Old.Text == c.New.Text && len(c.Less)+len(c.More) == 0 {
		b.WriteString("    the same in another order\n")
	}
	for _, line := range c.Less {
		l.line(b, "    - ", line)
	}
	for _, line := range c.More {
		l.line(b, "    + ", line)
	}
}

// line writes a line behind its sign. What it is continued with is indented
// further than any sign, so that no line looks like the beginning of another.
func (l layout) line(b *bytes.Buffer, sign, text string) {
	paint, unpaint := "", ""
	if l.color {
		paint, unpaint = signs[strings.TrimLeft(sign, " ")[0]], report.Unpaint
	}
	indent := strings.Repeat(" ", len(sign)+4)
	for i, part := range wrap(text, l.width-len(sign), l.width-len(indent)) {
		begin := sign
		if i > 0 {
			begin = indent
		}
		b.WriteString(paint + begin + part + unpaint + "\n")
	}
}

// wrap breaks a text between words into lines of so many cells, the first one and
// all others. Words that are longer stay whole. Nothing is broken where there is
// no room for a line worth reading.
func wrap(text string, first, others int) []string {
	const least = 16
	if others < least {
		return []string{text}
	}
	var lines []string
	room := first
	for escape.Width([]byte(text)) > room {
		at, cells := 0, 0 // the last space at which the line fits, and the first one at all
		for i, r := range text {
			if r == ' ' && i > 0 && (cells <= room || at == 0) {
				at = i
			}
			if cells > room && at > 0 {
				break
			}
			cells += escape.Width([]byte(string(r)))
		}
		if at == 0 {
			break
		}
		lines, text = append(lines, text[:at]), text[at+1:]
		room = others
	}
	return append(lines, text)
}
