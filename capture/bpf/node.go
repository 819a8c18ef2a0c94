package bpf

import "slices"

// A node is a condition on a frame.
type node interface{}

type (
	// verdict is a condition that always or never holds.
	verdict bool

	and struct{ first, second node }
	or  struct{ first, second node }
	not struct{ of node }

	// test computes a number and compares it.
	test struct {
		compute []Instruction // leaves the number in A, and, for a comparison with X, the other one there
		jump    uint16        // the comparison: jumpEqual and its like, perhaps with withX
		k       uint32
	}
)

// all is the condition that all of some conditions hold, looked at in their order.
func all(nodes ...node) node { return join(nodes, false) }

// either is the condition that one of some holds, looked at in their order.
func either(nodes ...node) node { return join(nodes, true) }

// join leaves out what decides nothing: conditions that are known to be
// !enough. One that is known to be enough ends the row.
func join(nodes []node, enough bool) node {
	var joined node = verdict(!enough)
	for _, n := range slices.Backward(nodes) {
		switch v, known := n.(verdict); {
		case known && bool(v) == enough:
			joined = n
		case known:
		case joined == node(verdict(!enough)):
			joined = n
		case joined == node(verdict(enough)): // whatever n says
		case enough:
			joined = &or{n, joined}
		default:
			joined = &and{n, joined}
		}
	}
	return joined
}

// negated is the condition that another one does not hold.
func negated(n node) node {
	if v, ok := n.(verdict); ok {
		return !v
	}
	return &not{n}
}

// load is the instruction that loads a number of 1, 2 or 4 bytes at an offset.
func load(size int, at uint32) Instruction {
	return Instruction{Code: opLoad | widths[size] | modeAt, K: at}
}

// loadBehindX loads a number at an offset from X.
func loadBehindX(size int, at uint32) Instruction {
	return Instruction{Code: opLoad | widths[size] | modeBehindX, K: at}
}

// widths has the sizes that can be loaded.
var widths = map[int]uint16{1: sizeByte, 2: sizeHalf, 4: sizeWord}

func compute(op uint16, k uint32) Instruction { return Instruction{Code: opCompute | op, K: k} }

// equal is the condition that a number has a value.
func equal(size int, at, value uint32) node {
	return &test{[]Instruction{load(size, at)}, jumpEqual, value}
}

// masked is the condition that some bits of a number have a value.
func masked(size int, at, mask, value uint32) node {
	if bits := uint64(mask) + 1; bits == 1<<(8*size) {
		return equal(size, at, value)
	}
	if mask == 0 {
		return verdict(value == 0)
	}
	return &test{[]Instruction{load(size, at), compute(computeAnd, mask)}, jumpEqual, value}
}

// anyBit is the condition that one of some bits is set.
func anyBit(size int, at, bits uint32) node {
	return &test{[]Instruction{load(size, at)}, jumpAnyBit, bits}
}

// within is the condition that a number is in a range, of which both ends count.
func within(loads []Instruction, low, high uint32) node {
	if low == high {
		return &test{loads, jumpEqual, low}
	}
	return all(&test{loads, jumpAtLeast, low}, negated(&test{loads, jumpGreater, high}))
}
