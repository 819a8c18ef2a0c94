package transcript

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Difference is what a transcript has that another has not.
type Difference struct {
	Diff   string  // in the unified format, the frames of what was got behind each @@ line
	Places []Place // one for each part of it
}

// Place is a row.
type Place struct{ Row, Frame int }

// Compare holds a transcript against the text of another, nil if they are the
// same. Names are given in the order of the rows, so that one row more would
// give another name to all that follow; where such names only mean the same,
// they are no difference.
func Compare(name string, want []byte, got []Line) *Difference {
	have := textOf(got)
	want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n")) // as Git may check it out
	if bytes.Equal(want, have) {
		return nil
	}
	have = rename(want, have)
	text := diff.Diff(name+" (expected)", want, name+" (got)", have)
	if text == nil { // cannot be: all names would be the same
		return nil
	}
	d := &Difference{}
	var b strings.Builder
	told, at := true, 0 // whether the place of this part is known; the line of got that comes next
	for line := range strings.Lines(string(text)) {
		h, ok := parseHunk(line)
		switch {
		case strings.HasPrefix(line, "diff "):
			continue
		case ok:
			first, last := span(got, h)
			line = strings.TrimSuffix(line, "\n") + frames(first, last) + "\n"
			told, at = first.Frame == 0, max(h.new-1, 0)
		case line[0] == ' ':
			at++
		case !told:
			told = true
			first, _ := span(got, hunk{new: at + 1, newLines: len(got)})
			d.Places = append(d.Places, first)
		}
		b.WriteString(line)
	}
	d.Diff = b.String()
	return d
}

func textOf(lines []Line) []byte {
	var b []byte
	for i := range lines {
		b = append(append(b, lines[i].Text...), '\n')
	}
	return b
}

// hunk is what an @@ line of a unified diff says: from which line on, counted
// from 1, how many lines are shown, of the old text and of the new one.
type hunk struct{ old, oldLines, new, newLines int }

func parseHunk(line string) (hunk, bool) {
	var h hunk
	n, _ := fmt.Sscanf(line, "@@ -%d,%d +%d,%d @@", &h.old, &h.oldLines, &h.new, &h.newLines)
	return h, n == 4
}

// span returns the first and the last row of a part of the lines.
func span(lines []Line, h hunk) (first, last Place) {
	for i := max(h.new-1, 0); i < h.new-1+h.newLines && i < len(lines); i++ {
		if lines[i].Frame == 0 {
			continue
		}
		last = Place{lines[i].Row, lines[i].Frame}
		if first.Frame == 0 {
			first = last
		}
	}
	return first, last
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

// named matches the names of values that change.
var named = regexp.MustCompile(`\b(id|stream|session|resource|nonce|url|version|hash):\d+\b|\bport:[a-z]+\b`)

// rename gives the values of a text the names that they have in another, as far
// as the lines in which they stand agree.
func rename(want, have []byte) []byte {
	before, after := named.ReplaceAll(want, []byte("#")), named.ReplaceAll(have, []byte("#"))
	names, taken := map[string]string{}, map[string]bool{}
	wanted, had := bytes.Split(want, []byte("\n")), bytes.Split(have, []byte("\n"))
	for _, pair := range aligned(before, after, len(wanted), len(had)) {
		old, new := named.FindAll(wanted[pair[0]], -1), named.FindAll(had[pair[1]], -1)
		for i := range min(len(old), len(new)) {
			if names[string(new[i])] == "" && !taken[string(old[i])] {
				names[string(new[i])] = string(old[i])
				taken[string(old[i])] = true
			}
		}
	}
	return named.ReplaceAllFunc(have, func(name []byte) []byte {
		if other := names[string(name)]; other != "" {
			return []byte(other)
		}
		if taken[string(name)] { // it is new, and its name is that of another value
			return append(append([]byte(nil), name...), '\'')
		}
		return name
	})
}

// aligned returns the numbers, from 0, of the lines that two texts have in
// common.
func aligned(before, after []byte, oldLines, newLines int) [][2]int {
	var pairs [][2]int
	i, j := 0, 0
	upTo := func(old, new int) {
		for ; i < old && j < new; i, j = i+1, j+1 {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	inside := false
	for line := range strings.Lines(string(diff.Diff("", before, "", after))) {
		h, ok := parseHunk(line)
		switch {
		case ok:
			inside = true
			// Of an empty side the line before it is named.
			old, new := h.old-1, h.new-1
			if h.oldLines == 0 {
				old++
			}
			if h.newLines == 0 {
				new++
			}
			upTo(old, new)
		case !inside:
		case line[0] == '-':
			i++
		case line[0] == '+':
			j++
		case line[0] == ' ':
			upTo(i+1, j+1)
		}
	}
	upTo(oldLines, newLines)
	return pairs
}
