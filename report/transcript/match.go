package transcript

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
)

// part is what a transcript tells of a connection: its section.
type part struct {
	who   string // who talks, as the title says
	lines []Line // the title first; none of them at the end is empty
}

// ending is how the line begins that says why a capture ends early.
const ending = "the capture ends early: "

// parts takes a transcript apart by connections. The tail is what is of none of
// them: how the capture is damaged.
func parts(lines []Line) (list []part, tail []Line) {
	if n := len(lines); n > 0 && lines[n-1].Row == 0 && strings.HasPrefix(lines[n-1].Text, ending) {
		lines, tail = lines[:n-1], lines[n-1:]
	}
	for i := range lines {
		who, begins := strings.CutPrefix(lines[i].Text, "== ")
		if begins || len(list) == 0 {
			who, _, _ = strings.Cut(who, ", ")
			list = append(list, part{who: who})
		}
		p := &list[len(list)-1]
		p.lines = append(p.lines, lines[i])
	}
	for i := range list {
		p := &list[i]
		for n := len(p.lines); n > 0 && p.lines[n-1].Text == ""; n = len(p.lines) {
			p.lines = p.lines[:n-1]
		}
	}
	return list, tail
}

// whole puts parts and a tail together to a transcript.
func whole(list []part, tail []Line) []Line {
	lines := []Line{}
	for i := range list {
		if i > 0 {
			lines = append(lines, Line{})
		}
		lines = append(lines, list[i].lines...)
	}
	if tail != nil {
		lines = append(append(lines, Line{}), tail...)
	}
	return lines
}

// asLines returns the lines of a text of which no rows are known.
func asLines(text []string) []Line {
	lines := make([]Line, len(text))
	for i := range text {
		lines[i].Text = text[i]
	}
	return lines
}

// first returns the row with which a part begins; 0 where that is not known.
func (p *part) first() int {
	for i := range p.lines {
		if p.lines[i].Row > 0 {
			return p.lines[i].Row
		}
	}
	return 0
}

// likeness counts what rows there are in a section, by what they say, by their
// first lines, by the fields below them, and by their kinds and those before
// them: names and, in the last two, values are none of it.
type likeness struct {
	rows   int
	counts [4]map[uint64]int // by hashes
	kinds  []string
}

func likenessOf(p *part, seed maphash.Seed) *likeness {
	l := &likeness{}
	for i := range l.counts {
		l.counts[i] = map[uint64]int{}
	}
	text := texts(p.lines)
	before := ""
	for _, r := range paragraphs(text) {
		head := nameless(text[r.first])
		if !strings.HasPrefix(head, "> ") && !strings.HasPrefix(head, "< ") {
			continue
		}
		kind := kindOf(head)
		all, shape := []string{head}, []string{kind}
		for _, line := range text[r.first+1 : r.end] {
			name, _, _ := strings.Cut(line, ": ")
			all, shape = append(all, nameless(line)), append(shape, name)
		}
		for i, key := range [...]string{strings.Join(all, "\n"), head, strings.Join(shape, "\n"), before + "\n" + kind} {
			l.counts[i][maphash.String(seed, key)]++
		}
		l.rows++
		l.kinds = append(l.kinds, kind)
		before = kind
	}
	return l
}

// with returns how alike two sections are: 0 where they have nothing in common,
// 4000 where they are the same.
func (l *likeness) with(other *likeness) int {
	common := 0
	for i := range l.counts {
		few, many := l.counts[i], other.counts[i]
		if len(few) > len(many) {
			few, many = many, few
		}
		for key, n := range few {
			common += min(n, many[key])
		}
	}
	return 2000 * common / max(l.rows+other.rows, 1)
}

// alike reports whether most rows of two sections are of the same kinds, in the
// same order.
func (l *likeness) alike(other *likeness) bool {
	return 3*len(align(l.kinds, other.kinds)) >= l.rows+other.rows
}

// maxCompared bounds how many sections are compared with each other: those of the
// same two ends, and those without a namesake. More are matched in their order.
const maxCompared = 128

// matched returns, for each part, the number of that of another transcript that
// is about the same; -1 for none. Those of the same two ends are matched in their
// order, and of what is left, those that are most alike.
func matched(was, is []part) []int {
	seed := maphash.MakeSeed()
	m := matching{to: make([]int, len(was)), taken: make([]bool, len(is))}
	places := map[string]*[2][]int{}
	for side, list := range [...][]part{was, is} {
		for i := range list {
			m.like[side] = append(m.like[side], likenessOf(&list[i], seed))
			if places[list[i].who] == nil {
				places[list[i].who] = &[2][]int{}
			}
			at := places[list[i].who]
			at[side] = append(at[side], i)
		}
	}
	for i := range m.to {
		m.to[i] = -1
	}
	for _, at := range places {
		m.inOrder(at[0], at[1])
	}
	m.rest(was, is)
	return m.to
}

// matching is sections that are being matched.
type matching struct {
	like  [2][]*likeness
	to    []int
	taken []bool
}

func (m *matching) take(i, j int) { m.to[i], m.taken[j] = j, true }

// inOrder matches sections of the same two ends so that those are the most alike,
// on the whole, that keep their order.
func (m *matching) inOrder(was, is []int) {
	if len(was) > maxCompared || len(is) > maxCompared || len(was)*len(is) < 2 {
		for n := range min(len(was), len(is)) {
			m.take(was[n], is[n])
		}
		return
	}
	alike := make([][]int, len(was)) // 1 at least: any of the same two ends is better than none
	best := make([][]int, len(was)+1)
	best[len(was)] = make([]int, len(is)+1)
	for i := len(was) - 1; i >= 0; i-- {
		alike[i], best[i] = make([]int, len(is)), make([]int, len(is)+1)
		for j := len(is) - 1; j >= 0; j-- {
			alike[i][j] = 1 + m.like[0][was[i]].with(m.like[1][is[j]])
			best[i][j] = max(alike[i][j]+best[i+1][j+1], best[i+1][j], best[i][j+1])
		}
	}
	for i, j := 0, 0; i < len(was) && j < len(is); {
		switch best[i][j] {
		case alike[i][j] + best[i+1][j+1]:
			m.take(was[i], is[j])
			i, j = i+1, j+1
		case best[i+1][j]:
			i++
		default:
			j++
		}
	}
}

// rest matches those that are left, the most alike first; of equals, those that
// came as early, among them, in their captures.
func (m *matching) rest(was, is []part) {
	left, right := open(was, func(i int) bool { return m.to[i] < 0 }), open(is, func(j int) bool { return !m.taken[j] })
	type pair struct{ i, j, alike, apart int }
	var pairs []pair
	for n, i := range left[:min(len(left), maxCompared)] {
		for o, j := range right[:min(len(right), maxCompared)] {
			pairs = append(pairs, pair{i, j, m.like[0][i].with(m.like[1][j]), max(n-o, o-n)})
		}
	}
	for n := maxCompared; n < min(len(left), len(right)); n++ {
		pairs = append(pairs, pair{i: left[n], j: right[n]})
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.alike, a.alike), cmp.Compare(a.apart, b.apart))
	})
	for _, p := range pairs {
		if was[p.i].who == is[p.j].who { // in another order, which is a difference
			continue
		}
		if m.to[p.i] < 0 && !m.taken[p.j] && m.like[0][p.i].alike(m.like[1][p.j]) {
			m.take(p.i, p.j)
		}
	}
}

// open lists the parts that are still to be matched, in the order in which their
// connections began.
func open(list []part, is func(i int) bool) []int {
	var left []int
	for i := range list {
		if is(i) {
			left = append(left, i)
		}
	}
	slices.SortStableFunc(left, func(a, b int) int { return cmp.Compare(list[a].first(), list[b].first()) })
	return left
}

// arranged returns the parts of a transcript in the order of those that they are
// matched with, and the numbers that they have then. One without a match stays
// behind the one that it was behind.
func arranged(is []part, to []int) (list []part, now []int) {
	isFirst := make([]bool, len(is)+1) // of a run that begins with a matched one
	for _, j := range to {
		if j >= 0 {
			isFirst[j] = true
		}
	}
	isFirst[len(is)] = true
	run := func(j int) {
		for first := j; j == first || !isFirst[j]; j++ {
			list = append(list, is[j])
		}
	}
	if !isFirst[0] {
		run(0)
	}
	now = make([]int, len(to))
	for i, j := range to {
		now[i] = -1
		if j >= 0 {
			now[i] = len(list)
			run(j)
		}
	}
	return list, now
}
