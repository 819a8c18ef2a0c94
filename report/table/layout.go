package table

import (
	"slices"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/escape"
)

const (
	enough         = 50 // cells of Info below which other columns make room
	enoughOfFrames = 30 // the same for frames, of which nothing else says whom they are for
	modest         = 40 // cells of Info below which addresses give way to the direction
	least          = 12 // cells that Info always has
	generous       = 60 // cells of Info beyond which long addresses get room
	narrowest      = 60 // columns of a terminal that a table is laid out for
	frame          = 3  // cells a column takes beyond its content: a space on either side, and a line
)

const (
	shortAddress = len("127.0.0.1:50000")       // what an address gets where there is little to spare
	longAddress  = len("255.255.255.255:65535") // and where there is more
	longName     = 36                           // what a name is worth
)

// needs are the cells that columns need for all that is known. They depend on the
// rows alone, not on the pace at which these come.
type needs struct {
	known                           bool
	number, time, direction, source int
	long                            int // of an address, where there is room
}

// grow takes in the next row, and reports whether numbers have outgrown what was
// known so far. Of addresses the first row says how long they are.
// The row's time is that wide.
func (n *needs) grow(cells *report.Cells, e *dissect.Event, time int) bool {
	width := func(c report.Column) int { return escape.Width(cells.Append(nil, c, e)) }
	if !n.known {
		n.known = true
		n.number, n.direction = len("9999"), len("Conn")
		n.time = cells.Clock.Width() - len("00") // a relative time of less than 100 seconds
		n.long = max(width(report.Source), width(report.Destination))
		n.source = min(max(n.long, shortAddress), longAddress)
		if n.long = max(n.long, longAddress); cells.Names != nil {
			n.long = max(n.long, longName)
		}
	}
	before := *n
	n.number = max(n.number, digits(e.No))
	if e.Conn != nil {
		n.direction = max(n.direction, digits(e.Conn.Number)+len(" >"))
	}
	n.time = max(n.time, time)
	return *n != before
}

// digits is how many digits a number has.
func digits(n int) int {
	d := 1
	for ; n >= 10; n /= 10 {
		d++
	}
	return d
}

// width returns what a column gets.
func (n *needs) width(c report.Column) int {
	switch c {
	case report.Number:
		return n.number
	case report.Time:
		return n.time
	case report.Direction:
		return n.direction
	case report.Source, report.Destination:
		return n.source
	case report.Protocol:
		return len("Protocol")
	case report.Stanza:
		return len("unfinished")
	case report.Length:
		return len("Length")
	}
	return 0
}

// A layout is the columns that have room on a terminal, and the width of each.
type layout struct {
	columns report.Columns
	widths  []int
}

// plan fits columns to a terminal that is so many cells wide. Where Info has too
// little room, the length, the protocol (which the stanza implies) and the
// destination (which the colour and the source imply) give way, in this order; at
// last the source too, to the connection's number and an arrow. Of frames, which
// may be of no connection, it gives way to nothing, and only where it must.
func plan(columns report.Columns, terminal int, n *needs) layout {
	terminal = max(terminal, narrowest)
	l := layout{columns: slices.Clone(columns)}
	for _, c := range l.columns {
		l.widths = append(l.widths, n.width(c))
	}
	stanzas, want := slices.Contains(columns, report.Stanza), enough
	if !stanzas {
		want = enoughOfFrames
	}
	for _, c := range []report.Column{report.Length, report.Protocol, report.Destination} {
		if l.rest(terminal) >= want {
			break
		}
		if c == report.Protocol && !stanzas {
			continue
		}
		l.drop(c)
	}
	switch rest := l.rest(terminal); {
	case stanzas && rest < modest:
		l.replace(report.Source, report.Direction, n.direction)
	case rest < least:
		l.drop(report.Source)
	}
	l.lengthen(terminal, n.long)
	l.widths[len(l.widths)-1] = max(l.rest(terminal), least)
	return l
}

func (l *layout) drop(c report.Column) {
	if i := slices.Index(l.columns, c); i >= 0 {
		l.columns = slices.Delete(l.columns, i, i+1)
		l.widths = slices.Delete(l.widths, i, i+1)
	}
}

func (l *layout) replace(c, by report.Column, width int) {
	if i := slices.Index(l.columns, c); i >= 0 {
		l.columns[i], l.widths[i] = by, width
	}
}

// rest returns what the other columns leave for the last one.
func (l *layout) rest(terminal int) int {
	used := frame*len(l.widths) - 1
	for _, w := range l.widths[:len(l.widths)-1] {
		used += w
	}
	return terminal - used
}

// lengthen gives long addresses some of the room that Info can spare.
func (l *layout) lengthen(terminal, want int) {
	spare := (l.rest(terminal) - generous) / 2
	if spare <= 0 {
		return
	}
	for i, c := range l.columns {
		if c == report.Source || c == report.Destination {
			l.widths[i] = max(l.widths[i], min(want, l.widths[i]+spare/2))
		}
	}
}
