package report

import (
	"strconv"

	"talktrace/dissect"
	"talktrace/report/escape"
)

// Column is a column of a view made for people to read.
type Column uint8

// The columns.
const (
	Number Column = iota
	Time
	Source
	Destination
	Protocol
	Stanza
	Length
	Info
	Direction // the connection, and which way: what is left of the addresses where there is no room for them
)

// Columns are the columns of a view, from left to right. Info, whose length
// nobody bounds, comes last.
type Columns []Column

// Trace returns the columns of the trace: one row for each thing that happened.
func Trace() Columns {
	return Columns{Number, Time, Source, Destination, Protocol, Stanza, Info}
}

// Packets returns the columns of the packet view: one row for each frame.
func Packets() Columns {
	return Columns{Number, Time, Source, Destination, Protocol, Length, Info}
}

// Title returns what stands above the column.
func (c Column) Title() string {
	return [...]string{"No.", "Time", "Source", "Destination", "Protocol", "Stanza", "Length", "Info", "Conn"}[c]
}

// Right reports whether the column holds numbers, which line up at their ends.
func (c Column) Right() bool { return c == Number || c == Time || c == Length || c == Direction }

// Limit returns how many terminal cells the column may take up, 0 for as many
// as it needs. An IPv6 address with its port takes up to 47; the names of
// elements are the sender's to choose.
func (c Column) Limit() int {
	switch c {
	case Source, Destination:
		return 48
	case Protocol, Stanza:
		return 24
	}
	return 0
}

// Cells fills in columns.
type Cells struct {
	Clock *Clock
	Names *Names // nil shows addresses as they are
}

// Append appends what the column shows for the event: escaped, and within the
// column's limit.
func (s *Cells) Append(dst []byte, c Column, e *dissect.Event) []byte {
	switch c {
	case Number:
		return strconv.AppendInt(dst, int64(e.No), 10)
	case Time:
		return s.Clock.Append(dst, e.Time)
	case Source:
		return limit(s.end(dst, e, e.Sender), len(dst), c)
	case Destination:
		return limit(s.end(dst, e, e.Sender.Other()), len(dst), c)
	case Protocol:
		return limit(escape.Text(dst, []byte(e.Protocol)), len(dst), c)
	case Stanza:
		return limit(escape.Text(dst, []byte(e.Kind)), len(dst), c)
	case Length:
		return strconv.AppendInt(dst, int64(e.Length), 10)
	case Direction:
		return direction(dst, e)
	}
	return appendNotes(escape.Text(dst, e.Info), e.Notes)
}

// direction appends the number of the row's connection with an arrow, to the right
// for what its client sent.
func direction(dst []byte, e *dissect.Event) []byte {
	if e.Conn == nil || e.Conn.Number < 0 {
		return dst
	}
	dst = strconv.AppendInt(dst, int64(e.Conn.Number), 10)
	if e.Sender == dissect.Client {
		return append(dst, " →"...)
	}
	return append(dst, " ←"...)
}

func (s *Cells) end(dst []byte, e *dissect.Event, side dissect.Sender) []byte {
	text, port := s.Names.End(e, side)
	dst = escape.Text(dst, []byte(text))
	if port != 0 {
		dst = strconv.AppendUint(append(dst, ':'), uint64(port), 10)
	}
	return dst
}

// limit shortens the cell dst[start:] to its column's limit.
func limit(dst []byte, start int, c Column) []byte {
	if len(dst)-start <= c.Limit() {
		return dst
	}
	cell := append([]byte(nil), dst[start:]...)
	if c == Source || c == Destination {
		return escape.FitMiddle(dst[:start], cell, c.Limit())
	}
	return escape.Fit(dst[:start], cell, c.Limit())
}

// appendNotes appends the findings on a row to its Info. Mere remarks go
// without their severity.
func appendNotes(dst []byte, notes []dissect.Note) []byte {
	for _, n := range notes {
		if len(dst) > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, '[')
		if n.Severity >= dissect.Warning {
			dst = append(dst, n.Severity.String()...)
			dst = append(dst, ": "...)
		}
		dst = escape.Text(dst, []byte(n.Text))
		dst = append(dst, ']')
	}
	return dst
}
