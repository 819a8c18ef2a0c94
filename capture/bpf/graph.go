package bpf

import (
	"maps"
	"slices"
)

// A graph is a program as the tests that it makes and where it goes on after
// each. Blocks come behind those that they lead to.
type graph struct{ blocks []*block }

// A block makes a test, or ends the program where it has none.
type block struct {
	test    *test
	keep    uint32 // what the program returns at its end
	yes, no *block
	facts   facts // that hold whenever the block is reached
	reached bool
	at      place
}

func (g *graph) end(keep uint32) *block {
	b := &block{keep: keep}
	g.blocks = append(g.blocks, b)
	return b
}

// draw makes the blocks of a condition, which lead to one block where it holds
// and to another where it does not. It returns the first one.
func (g *graph) draw(n node, yes, no *block) *block {
	switch n := n.(type) {
	case *and:
		return g.draw(n.first, g.draw(n.second, yes, no), no)
	case *or:
		return g.draw(n.first, yes, g.draw(n.second, yes, no))
	case *not:
		return g.draw(n.of, no, yes)
	case *test:
		b := &block{test: n, yes: yes, no: no}
		g.blocks = append(g.blocks, b)
		return b
	}
	if n == node(verdict(true)) {
		return yes
	}
	return no
}

// A question is what a test asks. Two tests that ask the same get the same
// answer, for a frame does not change.
type question struct {
	compute [2]Instruction
	jump    uint16
	k       uint32
}

// asks returns the question of a test; not all are simple enough to be compared.
func (t *test) asks() (question, bool) {
	q := question{jump: t.jump, k: t.k}
	return q, copy(q.compute[:], t.compute) == len(t.compute) && t.jump&withX == 0
}

// facts are the answers that are known at some place in a program.
type facts map[question]bool

// answer returns what a test is going to say, where that is known.
func (f facts) answer(t *test) (yes, known bool) {
	q, ok := t.asks()
	if !ok {
		return false, false
	}
	if yes, known = f[q]; known || q.jump != jumpEqual {
		return yes, known
	}
	// What equals one number equals no other one.
	for other, yes := range f {
		if yes && other.jump == jumpEqual && other.compute == q.compute {
			return false, true
		}
	}
	return false, false
}

// shorten has each block lead past the tests whose answers are known on the way
// to them, as that a frame is not of IP, or of TCP. The first block begins.
func (g *graph) shorten(first *block) {
	first.reached, first.facts = true, facts{}
	for _, b := range slices.Backward(g.blocks) {
		if !b.reached || b.test == nil {
			continue
		}
		q, ok := b.test.asks()
		for _, way := range [...]struct {
			to  **block
			yes bool
		}{{&b.yes, true}, {&b.no, false}} {
			known := b.facts
			if ok {
				known = known.with(q, way.yes)
			}
			*way.to = known.past(*way.to)
			(*way.to).reach(known)
		}
		b.facts = nil
	}
}

// past returns where the way that leads to a block goes on that has something to ask.
func (f facts) past(b *block) *block {
	for b.test != nil {
		yes, known := f.answer(b.test)
		switch {
		case !known:
			return b
		case yes:
			b = b.yes
		default:
			b = b.no
		}
	}
	return b
}

// maxFacts bounds what is remembered on the way through a program, and so the
// time that shortening it takes.
const maxFacts = 64

func (f facts) with(q question, yes bool) facts {
	if len(f) >= maxFacts {
		return f
	}
	more := make(facts, len(f)+1)
	maps.Copy(more, f)
	more[q] = yes
	return more
}

// reach says that a block is reached with these facts. Only what is known on
// all ways to it is known there.
func (b *block) reach(f facts) {
	if !b.reached {
		b.reached, b.facts = true, maps.Clone(f)
		return
	}
	for q, yes := range b.facts {
		if answer, known := f[q]; !known || answer != yes {
			delete(b.facts, q)
		}
	}
}
