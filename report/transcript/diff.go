package transcript

import "strings"

// Change is a difference between two traces.
type Change struct {
	Who  string // the connection, as its section is called, without its ports
	Old  *Entry // nil for a row that is new
	New  *Entry // nil for a row that is gone
	Less []string
	More []string // what the row said below its first line, and what it says now; neither where only the order is another
}

// Entry is a row in a transcript.
type Entry struct {
	Row, Frame int
	Text       string // its first line
	below      []string
}

// key returns the row as one line.
func (e *Entry) key() string { return e.Text + "\x00" + strings.Join(e.below, "\x00") }

// Diff returns how the second trace differs from the first. Rows are aligned by
// what they say, not by time, and connections by who talks, or else by what they do.
func Diff(before, after *Writer) []Change {
	was, wasTail := parts(before.Lines())
	is, isTail := parts(after.Lines())
	is, to := alongside(was, is)
	var changes []Change
	who := "the capture"
	known := make([]bool, len(is))
	for i := range was {
		who = was[i].who
		if to[i] < 0 {
			changes = append(changes, compareRows(who, entries(was[i].lines), nil)...)
			continue
		}
		other := &is[to[i]]
		known[to[i]] = true
		if other.who != who {
			who += ", now " + other.who
		}
		changes = append(changes, compareRows(who, entries(was[i].lines), entries(other.lines))...)
	}
	for j := range is {
		if !known[j] {
			who = is[j].who
			changes = append(changes, compareRows(who, nil, entries(is[j].lines))...)
		}
	}
	return append(changes, compareRows(who, entries(wasTail), entries(isTail))...)
}

// entries puts the lines of a section together to rows.
func entries(lines []Line) []*Entry {
	var list []*Entry
	for i := range lines {
		l := &lines[i]
		switch {
		case l.Row == 0 && (l.Text == "" || strings.HasPrefix(l.Text, "== ")):
		case i > 0 && l.Row != 0 && lines[i-1].Row == l.Row:
			last := list[len(list)-1]
			last.below = append(last.below, l.Text)
		default:
			list = append(list, &Entry{Row: l.Row, Frame: l.Frame, Text: l.Text})
		}
	}
	return list
}

// compareRows compares the rows of a connection.
func compareRows(who string, old, new []*Entry) []Change {
	var k keys
	for side, list := range [...][]*Entry{old, new} {
		for _, e := range list {
			k.add(side, e.Text, e.key())
		}
	}
	var changes []Change
	i, j := 0, 0
	for _, pair := range append(k.pairs(), [2]int{len(old), len(new)}) {
		for ; i < pair[0]; i++ {
			changes = append(changes, Change{Who: who, Old: old[i]})
		}
		for ; j < pair[1]; j++ {
			changes = append(changes, Change{Who: who, New: new[j]})
		}
		if i < len(old) && !k.same(pair) {
			less, more := compareBelow(old[i].below, new[j].below)
			changes = append(changes, Change{Who: who, Old: old[i], New: new[j], Less: less, More: more})
		}
		i, j = i+1, j+1
	}
	return changes
}

// compareBelow returns the lines that only one of two rows has.
func compareBelow(old, new []string) (less, more []string) {
	count := map[string]int{}
	for _, line := range new {
		count[line]++
	}
	for _, line := range old {
		if count[line]--; count[line] < 0 {
			less = append(less, strings.TrimSpace(line))
		}
	}
	clear(count)
	for _, line := range old {
		count[line]++
	}
	for _, line := range new {
		if count[line]--; count[line] < 0 {
			more = append(more, strings.TrimSpace(line))
		}
	}
	return less, more
}
