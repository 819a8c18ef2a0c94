package transcript

import (
	"slices"
	"strings"
)

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
// what they say, not by time, and connections by who talks.
func Diff(before, after *Writer) []Change {
	lines := slices.Clone(untangle(textOf(before.Lines()), after.Lines()))
	for i, text := range rename(texts(before.Lines()), texts(lines)) {
		lines[i].Text = text
	}
	was, is := entries(before.Lines()), entries(lines)
	other := was.matched(is)
	var changes []Change
	for _, title := range was.titles {
		called := who(title)
		if t, ok := other[title]; ok && who(t) != called {
			called += ", now " + who(t)
		}
		changes = append(changes, compareRows(called, was.rows[title], is.rows[other[title]])...)
	}
	known := map[string]bool{}
	for _, title := range other {
		known[title] = true
	}
	for _, title := range is.titles {
		if !known[title] {
			changes = append(changes, compareRows(who(title), nil, is.rows[title])...)
		}
	}
	return changes
}

// chapters are the rows of a transcript by section.
type chapters struct {
	titles []string
	rows   map[string][]*Entry
}

// entries puts the lines of a transcript together to rows. Sections of the same
// two ends are told apart by how many there were before.
func entries(lines []Line) chapters {
	c := chapters{rows: map[string][]*Entry{}}
	var t titles
	for i := range lines {
		l := &lines[i]
		title := t.now
		switch {
		case l.Row == 0 && t.read(l.Text):
			c.titles = append(c.titles, t.now)
			c.rows[t.now] = []*Entry{}
		case l.Row == 0 && (l.Text == "" || title == ""):
		case i > 0 && l.Row != 0 && lines[i-1].Row == l.Row:
			rows := c.rows[title]
			last := rows[len(rows)-1]
			last.below = append(last.below, l.Text)
		default:
			c.rows[title] = append(c.rows[title], &Entry{Row: l.Row, Frame: l.Frame, Text: l.Text})
		}
	}
	return c
}

// maxCompared bounds how many sections without a namesake are compared with each
// other.
const maxCompared = 32

// matched returns, by the titles of sections, those of the sections of another
// transcript that are about the same: those of the same two ends, and of what is
// left, those with rows of the same kinds.
func (c *chapters) matched(other chapters) map[string]string {
	to := map[string]string{}
	var left, right []string
	for _, title := range c.titles {
		if _, ok := other.rows[title]; ok {
			to[title] = title
		} else if len(left) < maxCompared {
			left = append(left, title)
		}
	}
	for _, title := range other.titles {
		if _, ok := c.rows[title]; !ok && len(right) < maxCompared {
			right = append(right, title)
		}
	}
	for _, a := range left {
		for i, b := range right {
			if alike(c.rows[a], other.rows[b]) {
				to[a] = b
				right = slices.Delete(right, i, i+1)
				break
			}
		}
	}
	return to
}

// alike reports whether most rows of two sections are of the same kinds, in the
// same order.
func alike(a, b []*Entry) bool {
	kinds := func(list []*Entry) []string {
		kinds := make([]string, len(list))
		for i, e := range list {
			kinds[i] = kindOf(e.Text)
		}
		return kinds
	}
	return 3*len(align(kinds(a), kinds(b))) >= len(a)+len(b)
}

// who returns the title of a section without what tells it from its namesakes.
func who(title string) string {
	title, _, _ = strings.Cut(title, "\x00")
	return title
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
