package findings

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"

	"talktrace/dissect/analysis"
	"talktrace/report/escape"
)

// The text is made for 80 columns. What belongs to a kind is indented below it.
const (
	columns = 80
	indent  = "         "
)

// writeHead writes what a kind is; the first line begins with its severity and
// id.
func writeHead(w *bufio.Writer, k *analysis.Kind) {
	writeWrapped(w, fmt.Sprintf("%-*s", len(indent), k.Severity), k.ID+": "+k.Title)
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

// writeWrapped writes a text, cut into lines between words, behind a beginning
// that is as wide as the indentation of the lines that follow. What it holds from
// the wire can do no harm any more.
func writeWrapped(w *bufio.Writer, begin, text string) {
	line := ""
	for _, word := range strings.Fields(string(escape.Text(nil, []byte(text)))) {
		if line != "" && len(indent)+escape.Width([]byte(line))+1+escape.Width([]byte(word)) > columns {
			writeLine(w, begin+line)
			begin, line = indent, ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		writeLine(w, begin+line)
	}
}

func writeLine(w *bufio.Writer, line string) {
	_, _ = w.Write(escape.Text(nil, []byte(line))) // Flush returns what goes wrong
	_ = w.WriteByte('\n')
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
