package transcript

import (
	"fmt"
	"strconv"
	"strings"
)

// around is how many lines are shown before and behind what differs.
const around = 3

// edit is a line that is in both texts, or in one of them.
type edit struct {
	op  byte // ' ', '-' or '+'
	i   int  // the number of the line, from 0, in what was wanted, or of the next one there
	j   int  // likewise in what was got
	say string
}

// edits returns how one text becomes another.
func edits(want, have []string) []edit {
	list := make([]edit, 0, max(len(want), len(have)))
	i, j := 0, 0
	for _, pair := range append(pairLines(want, have), [2]int{len(want), len(have)}) {
		for ; i < pair[0]; i++ {
			list = append(list, edit{'-', i, j, want[i]})
		}
		for ; j < pair[1]; j++ {
			list = append(list, edit{'+', i, j, have[j]})
		}
		if i < len(want) {
			list = append(list, edit{' ', i, j, want[i]})
		}
		i, j = i+1, j+1
	}
	return list
}

// unified writes how a text differs from what is wanted, in the unified format.
// lines tell of the rows of what was got.
func unified(name string, want, have []string, lines []Line) *Difference {
	d := &Difference{}
	var b strings.Builder
	b.WriteString("--- " + name + " (expected)\n+++ " + name + " (got)\n")
	list := edits(want, have)
	for at := 0; at < len(list); {
		if list[at].op == ' ' {
			at++
			continue
		}
		end := at + 1 // behind the last line that differs and is not far from the one before it
		for n := end; n < len(list) && n-end <= 2*around; n++ {
			if list[n].op != ' ' {
				end = n + 1
			}
		}
		d.Places = append(d.Places, writeHunk(&b, list[max(at-around, 0):min(end+around, len(list))], list[at].j, lines))
		at = end
	}
	d.Diff = b.String()
	return d
}

// writeHunk writes a part of a difference, and returns the row at which it
// begins: that of the line from on, or of the last one before it.
func writeHunk(b *strings.Builder, list []edit, from int, lines []Line) Place {
	old, new := 0, 0
	var first, last Place
	for i := range list {
		if list[i].op != '+' {
			old++
		}
		if list[i].op == '-' {
			continue
		}
		new++
		if l := &lines[list[i].j]; l.Frame > 0 {
			if first.Frame == 0 || l.Row < first.Row {
				first = Place{l.Row, l.Frame}
			}
			if l.Row > last.Row {
				last = Place{l.Row, l.Frame}
			}
		}
	}
	fmt.Fprintf(b, "@@ -%s +%s @@%s\n", span(list[0].i, old), span(list[0].j, new), frames(first, last))
	for i := range list {
		b.WriteByte(list[i].op)
		b.WriteString(list[i].say)
		b.WriteByte('\n')
	}
	for ; from < len(lines); from++ {
		if lines[from].Frame > 0 {
			return Place{lines[from].Row, lines[from].Frame}
		}
	}
	return last
}

// span writes which lines are shown, counted from 1; where they are none, the one
// before them.
func span(first, count int) string {
	if count > 0 {
		first++
	}
	return strconv.Itoa(first) + "," + strconv.Itoa(count)
}

func frames(first, last Place) string {
	switch {
	case first.Frame == 0:
		return ""
	case first == last:
		return " frame " + strconv.Itoa(first.Frame) + " (row " + strconv.Itoa(first.Row) + ")"
	}
	return fmt.Sprintf(" frames %d to %d (rows %d to %d)", first.Frame, last.Frame, first.Row, last.Row)
}
