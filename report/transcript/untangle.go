package transcript

import (
	"cmp"
	"container/heap"
	"math"
	"strings"
)

// block is the lines of a row, or a line that is of none.
type block struct {
	lines []Line
	bond  *bond
	place int // where it is wanted: the number of a line, from 1
}

// key returns what the block says, but for the names in it.
func (b *block) key() string { return nameless(string(textOf(b.lines))) }

// blocks puts lines together that belong to one row.
func blocks(lines []Line) []block {
	var list []block
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[0].bond != nil && lines[n].bond == lines[0].bond {
			n++
		}
		list = append(list, block{lines: lines[:n], bond: lines[0].bond})
		lines = lines[n:]
	}
	return list
}

// untangle brings the lines of a section into the order of those of another, as
// far as that lets rows that race change places.
func untangle(want, have []Line) []Line {
	out := make([]Line, 0, len(have))
	list := blocks(have)
	place(list, toldIn(texts(want)))
	for _, b := range settled(list) {
		out = append(out, b.lines...)
	}
	return out
}

// told is what each side says in a section: without the names, and the numbers of
// the lines, from 1.
type told [2]struct {
	keys []string
	at   []int
}

// toldIn returns what is told in the lines of a section.
func toldIn(lines []string) *told {
	s := &told{}
	for _, p := range paragraphs(lines) {
		head := lines[p.first]
		if !strings.HasPrefix(head, "> ") && !strings.HasPrefix(head, "< ") {
			continue
		}
		side := &s[sideOf(head)]
		side.keys = append(side.keys, nameless(strings.Join(lines[p.first:p.end], "\n")+"\n"))
		side.at = append(side.at, p.first+1)
	}
	return s
}

// sideOf returns 0 for what the client says, 1 for what the server does.
func sideOf(line string) int {
	if strings.HasPrefix(line, "<") {
		return 1
	}
	return 0
}

// place finds where the blocks of a section are wanted. What each side says is
// aligned first, and then what is elsewhere among what it says. A block that is
// not wanted stays where it is among the others, but between those of its sender.
func place(list []block, wanted *told) {
	for side := range wanted {
		var own []*block
		var keys []string
		for i := range list {
			if b := &list[i]; b.bond != nil && sideOf(b.lines[0].Text) == side {
				own, keys = append(own, b), append(keys, b.key())
			}
		}
		placeSide(own, keys, wanted[side].keys, wanted[side].at)
	}
	ends := [2]int{math.MaxInt, math.MaxInt}
	upper := make([]int, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		side := sideOf(list[i].lines[0].Text)
		if list[i].place > 0 {
			ends[side] = list[i].place
		}
		upper[i] = ends[side]
	}
	var lower [2]int
	for i := range list {
		b, side := &list[i], sideOf(list[i].lines[0].Text)
		if b.place == 0 {
			if i > 0 {
				b.place = list[i-1].place
			}
			b.place = max(min(b.place, upper[i]), lower[side])
		}
		lower[side] = b.place
	}
}

// placeSide does so for what one side says.
func placeSide(own []*block, keys, wanted []string, at []int) {
	free := map[string][]int{}
	taken := make([]bool, len(wanted))
	for _, pair := range align(keys, wanted) {
		own[pair[0]].place = at[pair[1]]
		taken[pair[1]] = true
	}
	for i, key := range wanted {
		if !taken[i] {
			free[key] = append(free[key], at[i])
		}
	}
	for i, b := range own {
		if list := free[keys[i]]; b.place == 0 && len(list) > 0 {
			b.place, free[keys[i]] = list[0], list[1:]
		}
	}
}

// settled returns the blocks in the order in which they are wanted, as far as
// their bonds let them.
func settled(list []block) []block {
	out := make([]block, 0, len(list))
	for len(list) > 0 {
		n := 0
		for n < len(list) && list[n].bond != nil && !list[n].bond.fixed {
			n++
		}
		out = append(out, merged(list[:n])...)
		if n < len(list) {
			out = append(out, list[n])
			n++
		}
		list = list[n:]
	}
	return out
}

// merged is settled for blocks that are all free.
func merged(free []block) []block {
	waits, next := make([]int, len(free)), make([][]int, len(free))
	number := make(map[*bond]int, len(free))
	for i := range free {
		number[free[i].bond] = i
	}
	q := &queue{blocks: free}
	for i := range free {
		for _, need := range free[i].bond.needs {
			if j, here := number[need]; here && j < i {
				next[j] = append(next[j], i)
				waits[i]++
			}
		}
		if waits[i] == 0 {
			q.ready = append(q.ready, i)
		}
	}
	heap.Init(q)
	out := make([]block, 0, len(free))
	for q.Len() > 0 {
		i, _ := heap.Pop(q).(int)
		out = append(out, free[i])
		for _, j := range next[i] {
			if waits[j]--; waits[j] == 0 {
				heap.Push(q, j)
			}
		}
	}
	return out
}

// queue holds the blocks that may come next, the one that is wanted first on top.
type queue struct {
	blocks []block
	ready  []int
}

func (q *queue) Len() int { return len(q.ready) }

func (q *queue) Less(i, j int) bool {
	a, b := q.ready[i], q.ready[j]
	return cmp.Or(cmp.Compare(q.blocks[a].place, q.blocks[b].place), cmp.Compare(a, b)) < 0
}

func (q *queue) Swap(i, j int) { q.ready[i], q.ready[j] = q.ready[j], q.ready[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) {
	i, _ := x.(int)
	q.ready = append(q.ready, i)
}

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := len(q.ready) - 1
	i := q.ready[last]
	q.ready = q.ready[:last]
	return i
}
