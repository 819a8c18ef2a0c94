package table

import (
	"slices"

	"talktrace/dissect"
	"talktrace/report"
)

const (
	enough    = 30 // cells of Info below which other columns make room
	least     = 12 // cells that Info always has
	generous  = 60 // cells of Info beyond which long addresses get room
	narrowest = 60 // columns of a terminal that a table is laid out for
	frame     = 3  // cells a column takes beyond its content: a space on either side, and a line
)

// A layout is the columns that have room on a terminal, and the width of each.
type layout struct {
	columns report.Columns
	widths  []int
}

// plan fits columns to a terminal that is so many cells wide. Widths cannot
// change once the first row is drawn, so the first row is all that it knows
// about the lengths of addresses. Where Info has too little room, the length,
// the protocol (which the stanza implies) and the destination (which the
// colour and the source imply) give way, in this order; where the Time column
// holds dates, the source may have to follow.
func plan(columns report.Columns, terminal int, cells *report.Cells, first *dissect.Event) layout {
	terminal = max(terminal, narrowest)
	l := layout{columns: slices.Clone(columns)}
	clock := cells.Clock.Width()
	l.measure(clock, roomy)
	for _, c := range []report.Column{report.Length, report.Protocol, report.Destination} {
		if l.rest(terminal) >= enough {
			break
		}
		if c == report.Protocol && !slices.Contains(columns, report.Stanza) {
			continue
		}
		l.drop(c)
	}
	if l.rest(terminal) < enough {
		l.measure(clock, narrow)
	}
	if l.rest(terminal) < least {
		l.drop(report.Source)
	}
	l.lengthen(terminal, cells, first)
	l.widths[len(l.widths)-1] = max(l.rest(terminal), least)
	return l
}

// roomy returns the content width of a column where there is room enough.
func roomy(c report.Column) int {
	switch c {
	case report.Number:
		return 7
	case report.Source, report.Destination:
		return len("255.255.255.255:65535")
	case report.Protocol:
		return len("Protocol")
	case report.Stanza:
		return len("unfinished") + 2
	case report.Length:
		return len("Length")
	}
	return 0
}

// narrow is roomy for small terminals.
func narrow(c report.Column) int {
	switch c {
	case report.Number:
		return 6
	case report.Source, report.Destination:
		return len("127.0.0.1:50000")
	case report.Stanza:
		return len("unfinished")
	}
	return roomy(c)
}

func (l *layout) measure(clock int, width func(report.Column) int) {
	l.widths = l.widths[:0]
	for _, c := range l.columns {
		if c == report.Time {
			l.widths = append(l.widths, clock)
		} else {
			l.widths = append(l.widths, width(c))
		}
	}
}

func (l *layout) drop(c report.Column) {
	if i := slices.Index(l.columns, c); i >= 0 {
		l.columns = slices.Delete(l.columns, i, i+1)
		l.widths = slices.Delete(l.widths, i, i+1)
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
func (l *layout) lengthen(terminal int, cells *report.Cells, first *dissect.Event) {
	spare := (l.rest(terminal) - generous) / 2
	if spare <= 0 {
		return
	}
	want := 0
	for _, c := range []report.Column{report.Source, report.Destination} {
		want = max(want, len(cells.Append(nil, c, first)))
	}
	if cells.Names != nil {
		want = max(want, 36)
	}
	for i, c := range l.columns {
		if c == report.Source || c == report.Destination {
			l.widths[i] = max(l.widths[i], min(want, l.widths[i]+spare/2))
		}
	}
}
