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
	if bytes.Equal(want, textOf(got)) {
		return nil
	}
	got = untangle(want, got)
	wanted := splitLines(want)
	had := rename(wanted, texts(got))
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
		list[i] = strings.TrimSuffix(lines[i].Text, "\r") // as of what is wanted
	}
	return list
}

func splitLines(text []byte) []string {
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// named matches the names of values that change.
var named = regexp.MustCompile(`\b(id|stream|session|resource|nonce|url|version|hash):\d+\b|\bport:[a-z]+\b`)

// rename gives the values of a text the names that they have in another, as far
// as the lines in which they stand agree.
func rename(want, have []string) []string {
	before, after := eachNameless(want), eachNameless(have)
	names, taken := map[string]string{}, map[string]bool{}
	for _, pair := range pairLines(before, after) {
		if before[pair[0]] != after[pair[1]] {
			continue
		}
		old, new := named.FindAllString(want[pair[0]], -1), named.FindAllString(have[pair[1]], -1)
		for i := range min(len(old), len(new)) {
			if names[new[i]] == "" && !taken[old[i]] {
				names[new[i]] = old[i]
				taken[old[i]] = true
			}
		}
	}
	renamed := make([]string, len(have))
	for i, line := range have {
		renamed[i] = named.ReplaceAllStringFunc(line, func(name string) string {
			if other := names[name]; other != "" {
				return other
			}
			if taken[name] { // it is new, and its name is that of another value
				return name + "'"
			}
			return name
		})
	}
	return renamed
}

func nameless(line string) string { return named.ReplaceAllString(line, "#") }

func eachNameless(lines []string) []string {
	list := make([]string, len(lines))
	for i, line := range lines {
		list[i] = nameless(line)
	}
	return list
}
