package transcript

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// Difference is what a transcript has that another has not.
type Difference struct {
	Diff   string  // in the unified format, the frames of what was got behind each @@ line
	Places []Place // one for each part of it
}

// Place is a row.
type Place struct{ Row, Frame int }

// Compare holds a transcript against the text of another, nil if they are the
// same. Where rows raced (see Causal), any of their orders is the same. Names are
// given in the order of the rows, so that one row more would give another name to
// all that follow; where such names only mean the same, they are no difference.
func Compare(name string, want []byte, got []Line) *Difference {
	want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n")) // as Git may check it out
	got = slices.Clone(got)
	for i := range got {
		got[i].Text = strings.TrimSuffix(got[i].Text, "\r") // as of what is wanted
	}
	if bytes.Equal(want, textOf(got)) {
		return nil
	}
	wanted := splitLines(want)
	was, _ := parts(asLines(wanted))
	is, tail := parts(got)
	is, _ = alongside(was, is)
	got = whole(is, tail)
	had := texts(got)
	if slices.Equal(wanted, had) {
		return nil
	}
	return unified(name, wanted, had, got)
}

func textOf(lines []Line) []byte {
	var b []byte
	for i := range lines {
		b = append(append(b, lines[i].Text...), '\n')
	}
	return b
}

func texts(lines []Line) []string {
	list := make([]string, len(lines))
	for i := range lines {
		list[i] = lines[i].Text
	}
	return list
}

func splitLines(text []byte) []string {
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// named matches the names of values that change.
var named = regexp.MustCompile(`\b(id|stream|session|resource|nonce|url|version|hash):\d+\b|\bport:[a-z]+\b`)

// alongside brings a transcript into the order of another: connections that are
// about the same stand at the same place, rows that raced follow each other as
// they do there, and values have the names that they have there. It also returns
// where what is matched with each part of the other is now; -1 for nowhere.
func alongside(was, is []part) (list []part, to []int) {
	list, to = arranged(is, matched(was, is))
	names := renaming{names: map[string]string{}, taken: map[string]bool{}}
	for i, j := range to {
		if j >= 0 {
			list[j].lines = untangle(was[i].lines, list[j].lines)
			names.learn(texts(was[i].lines), texts(list[j].lines))
		}
	}
	for i, j := range to {
		if j >= 0 {
			names.guess(texts(was[i].lines), texts(list[j].lines))
		}
	}
	for i := range list {
		list[i].lines = slices.Clone(list[i].lines)
		for j := range list[i].lines {
			l := &list[i].lines[j]
			l.Text = names.rename(l.Text)
		}
	}
	return list, to
}

// renaming gives the values of a text the names that they have in another.
type renaming struct {
	names map[string]string // by those that they have had
	taken map[string]bool   // those that have been given
}

// learn learns names from two sections that are about the same, as far as the
// lines in which they stand agree.
func (n *renaming) learn(want, have []string) {
	before, after := eachNameless(want), eachNameless(have)
	for _, pair := range pairLines(before, after) {
		if before[pair[0]] == after[pair[1]] {
			n.pair(want[pair[0]], have[pair[1]])
		}
	}
}

// guess learns names from lines that say something else, but of the same field of
// rows of the same kind, and from the titles.
func (n *renaming) guess(want, have []string) {
	before, after := make([]string, len(want)), make([]string, len(have))
	for side, lines := range [...][]string{want, have} {
		fields := [...][]string{before, after}[side]
		for i, line := range lines {
			fields[i], _, _ = strings.Cut(line, ": ")
			switch {
			case strings.HasPrefix(line, "== "):
				fields[i] = "=="
			case !strings.HasPrefix(line, "    "):
				fields[i] = kindOf(nameless(line))
			}
		}
	}
	for _, pair := range pairLines(before, after) {
		n.pair(want[pair[0]], have[pair[1]])
	}
}

// pair takes in that two lines are about the same, if what they name means the
// same.
func (n *renaming) pair(want, have string) {
	old, new := named.FindAllString(want, -1), named.FindAllString(have, -1)
	if !slices.EqualFunc(old, new, sameMeaning) {
		return
	}
	for i := range old {
		if n.names[new[i]] == "" && !n.taken[old[i]] {
			n.names[new[i]] = old[i]
			n.taken[old[i]] = true
		}
	}
}

// sameMeaning reports whether two names are those of values with the same meaning.
func sameMeaning(a, b string) bool {
	a, _, _ = strings.Cut(a, ":")
	b, _, _ = strings.Cut(b, ":")
	return a == b
}

// rename returns a line with the names that were learned.
func (n *renaming) rename(line string) string {
	return named.ReplaceAllStringFunc(line, func(name string) string {
		if other := n.names[name]; other != "" {
			return other
		}
		if n.taken[name] { // it is new, and its name is that of another value
			return name + "'"
		}
		return name
	})
}

func nameless(line string) string { return named.ReplaceAllString(line, "#") }

func eachNameless(lines []string) []string {
	list := make([]string, len(lines))
	for i, line := range lines {
		list[i] = nameless(line)
	}
	return list
}
