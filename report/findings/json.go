package findings

import (
	"bufio"
	"strconv"

	"talktrace/report/escape"
)

// writeObject writes a kind of finding as an object of JSON, with what was found
// of it, if anything was.
func writeObject(w *bufio.Writer, s *Summary) {
	b := []byte{'{'}
	b = text(b, "severity", s.Severity.String())
	b = text(b, "id", s.ID)
	b = text(b, "title", s.Title)
	b = text(b, "why", s.Why)
	b = text(b, "source", s.Source)
	if s.Count > 0 {
		b = number(b, "count", s.Count)
		b = number(b, "connections", len(s.conns))
		b = number(b, "row", s.First.Row)
		b = number(b, "frame", s.First.Frame)
		b = text(b, "time", when(s.First.Time))
		if s.First.Conn >= 0 {
			b = number(b, "stream", s.First.Conn)
		}
		b = text(b, "text", s.First.Text)
		b = numbers(b, "rows", s.Rows, func(p Place) int { return p.Row })
		b = numbers(b, "frames", s.Rows, func(p Place) int { return p.Frame })
	}
	_, _ = w.Write(append(b, "}\n"...)) // Flush returns what goes wrong
}

// text appends a key that is left out where there is no value.
func text(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	b = append(name(b, key), '"')
	return append(escape.JSON(b, []byte(value)), '"')
}

func number(b []byte, key string, value int) []byte {
	return strconv.AppendInt(name(b, key), int64(value), 10)
}

func numbers(b []byte, key string, list []Place, of func(Place) int) []byte {
	b = append(name(b, key), '[')
	for i, p := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(of(p)), 10)
	}
	return append(b, ']')
}

func name(b []byte, key string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(append(append(b, '"'), key...), `":`...)
}
