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

// kin returns what a row has in common with those that it could have become: who
// sent it, and what kind it is.
func (e *Entry) kin() string {
	words := strings.SplitN(e.Text, " ", 4)
	return strings.Join(words[:min(len(words), 3)], " ")
}

// Diff returns how the second trace differs from the first. Rows are aligned by
// what they say, not by time, and connections by who talks.
func Diff(before, after *Writer) []Change {
	old := textOf(before.Lines())
	renamed := strings.Split(string(rename(old, textOf(after.Lines()))), "\n")
	lines := append([]Line(nil), after.Lines()...)
	for i := range lines {
		lines[i].Text = renamed[i]
	}
	was, is := entries(before.Lines()), entries(lines)
	var changes []Change
	for _, title := range was.titles {
		changes = append(changes, compareRows(who(title), was.rows[title], is.rows[title])...)
	}
	for _, title := range is.titles {
		if _, known := was.rows[title]; !known {
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
	title := ""
	for i := range lines {
		l := &lines[i]
		switch {
		case l.Row == 0 && strings.HasPrefix(l.Text, "== "):
			title, _, _ = strings.Cut(strings.TrimPrefix(l.Text, "== "), ", ")
			for c.rows[title] != nil {
				title += "\x00"
			}
			c.titles = append(c.titles, title)
			c.rows[title] = []*Entry{}
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

func who(title string) string { return strings.TrimRight(title, "\x00") }

// compareRows compares the rows of a connection.
func compareRows(who string, old, new []*Entry) []Change {
	var changes []Change
	i, j := 0, 0
	upTo := func(oldEnd, newEnd int) {
		changes = append(changes, compareParts(who, old[i:oldEnd], new[j:newEnd])...)
		i, j = oldEnd, newEnd
	}
	for _, pair := range alignEntries(old, new, (*Entry).key) {
		upTo(pair[0], pair[1])
		i, j = i+1, j+1
	}
	upTo(len(old), len(new))
	return changes
}

// compareParts compares rows none of which is the same in both.
func compareParts(who string, old, new []*Entry) []Change {
	var changes []Change
	i, j := 0, 0
	upTo := func(oldEnd, newEnd int) {
		for ; i < oldEnd; i++ {
			changes = append(changes, Change{Who: who, Old: old[i]})
		}
		for ; j < newEnd; j++ {
			changes = append(changes, Change{Who: who, New: new[j]})
		}
	}
	for _, pair := range alignEntries(old, new, (*Entry).kin) {
		upTo(pair[0], pair[1])
		a, b := old[i], new[j]
		less, more := compareBelow(a.below, b.below)
		changes = append(changes, Change{Who: who, Old: a, New: b, Less: less, More: more})
		i, j = i+1, j+1
	}
	upTo(len(old), len(new))
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

// alignEntries returns the places, in both lists, of rows with the same key: the
// most that there are in the same order, or some, where there are many rows.
func alignEntries(old, new []*Entry, key func(*Entry) string) [][2]int {
	const many = 1 << 20 // pairs of rows
	a, b := make([]string, len(old)), make([]string, len(new))
	for i, e := range old {
		a[i] = key(e)
	}
	for i, e := range new {
		b[i] = key(e)
	}
	if len(a)*len(b) > many {
		return aligned([]byte(strings.Join(a, "\n")+"\n"), []byte(strings.Join(b, "\n")+"\n"), len(a), len(b))
	}
	return commonSubsequence(a, b)
}

// commonSubsequence returns the places of a longest common subsequence.
func commonSubsequence(a, b []string) [][2]int {
	width := len(b) + 1
	best := make([]int32, (len(a)+1)*width) // of a[i:] and b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			switch {
			case a[i] == b[j]:
				best[i*width+j] = best[(i+1)*width+j+1] + 1
			default:
				best[i*width+j] = max(best[(i+1)*width+j], best[i*width+j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case best[(i+1)*width+j] >= best[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}
