package findings

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report"
	"talktrace/report/escape"
)

// The text is made for 80 columns. What belongs to a kind is indented below it.
const (
	columns = 80
	indent  = "         "
)

// writeHead writes what a kind is; the first line begins with its severity and
// id.
func writeHead(w *bufio.Writer, k *analysis.Kind, o Options) {
	begin := fmt.Sprintf("%-*s%s:", len(indent), k.Severity, k.ID)
	cells := len(begin)
	if o.Color {
		begin = paint(k.Severity) + begin + report.Unpaint
	}
	writeWrapped(w, begin, cells, k.Title)
}

// writeBelow writes what belongs to a kind.
func writeBelow(w *bufio.Writer, text string) { writeWrapped(w, "", 0, text) }

// paint returns the escape sequence of a severity. The colours are those of the
// palette of 256 that can be read on white as well as on black.
func paint(s dissect.Severity) string {
	switch s {
	case dissect.Error:
		return "\x1b[1;38;5;160m"
	case dissect.Warning:
		return "\x1b[1;38;5;130m"
	}
	return "\x1b[38;5;27m"
}

// where says how often a kind was found, and where first.
func (s *Summary) where() string {
	var b strings.Builder
	if s.Count == 1 {
		b.WriteString("once: row ")
	} else {
		fmt.Fprintf(&b, "%d times", s.Count)
		if n := len(s.conns); n > 1 {
			fmt.Fprintf(&b, " on %d connections", n)
		}
		b.WriteString(": rows ")
	}
	fmt.Fprintf(&b, "%d (frame %d", s.First.Row, s.First.Frame)
	if s.First.Conn >= 0 {
		fmt.Fprintf(&b, ", connection %d", s.First.Conn)
	}
	b.WriteString(")")
	for _, p := range s.Rows[1:] {
		b.WriteString(", " + strconv.Itoa(p.Row))
	}
	if more := s.Count - len(s.Rows); more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	return b.String()
}

// writeWrapped writes a text, cut into lines between words and indented, the first
// of them behind a beginning of so many cells. What the text holds from the wire
// can do no harm any more.
func writeWrapped(w *bufio.Writer, begin string, cells int, text string) {
	line := begin
	for _, word := range strings.Fields(string(escape.Text(nil, []byte(text)))) {
		width := escape.Width([]byte(word))
		if cells > len(indent) && cells+1+width > columns {
			writeLine(w, line)
			line, cells = "", 0
		}
		if cells == 0 {
			line, cells = indent, len(indent)
		} else if cells > len(indent) {
			line += " "
			cells++
		}
		line += word
		cells += width
	}
	if cells > 0 {
		writeLine(w, line)
	}
}

// writeLine writes a line of which nothing comes from the wire as it was.
func writeLine(w *bufio.Writer, line string) {
	_, _ = w.WriteString(line) // Flush returns what goes wrong
	_ = w.WriteByte('\n')
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
