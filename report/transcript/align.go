package transcript

import (
	"cmp"
	"slices"
)

// furthest is how many lines or rows may differ before what has been aligned so
// far stands, and alignment begins anew behind it. It bounds memory to the square
// of it, and makes the time linear in the length of what is compared.
const furthest = 512

// align returns the places, in both lists, of what they have in common, in the
// same order. What each list has just once is aligned first (patience diff); what
// lies between is by the greedy algorithm of E. W. Myers, "An O(ND) Difference
// Algorithm and Its Variations" (1986), which finds the most that there is, or
// nearly so where much differs.
func align[T comparable](a, b []T) [][2]int {
	var pairs [][2]int
	i, j := 0, 0
	for _, p := range append(anchors(a, b), [2]int{len(a), len(b)}) {
		pairs = append(pairs, between(a[i:p[0]], b[j:p[1]], i, j)...)
		if i, j = p[0], p[1]; i < len(a) {
			pairs = append(pairs, p)
			i, j = i+1, j+1
		}
	}
	return pairs
}

// anchors pairs what each list has once, as far as that is in the same order.
func anchors[T comparable](a, b []T) [][2]int {
	type count struct{ a, b, at int }
	counts := make(map[T]count, len(a))
	for _, x := range a {
		c := counts[x]
		c.a++
		counts[x] = c
	}
	for j, x := range b {
		c := counts[x]
		c.b++
		c.at = j
		counts[x] = c
	}
	// The longest run of pairs that rise in b too, by patience sorting: tops are
	// the last pairs of the best runs of each length.
	var pairs [][2]int
	var tops, before []int
	for i, x := range a {
		c := counts[x]
		if c.a != 1 || c.b != 1 {
			continue
		}
		pile, _ := slices.BinarySearchFunc(tops, c.at, func(top, at int) int { return cmp.Compare(pairs[top][1], at) })
		previous := -1
		if pile > 0 {
			previous = tops[pile-1]
		}
		if pile == len(tops) {
			tops = append(tops, 0)
		}
		tops[pile] = len(pairs)
		pairs, before = append(pairs, [2]int{i, c.at}), append(before, previous)
	}
	var run [][2]int
	if len(tops) > 0 {
		for at := tops[len(tops)-1]; at >= 0; at = before[at] {
			run = append(run, pairs[at])
		}
	}
	slices.Reverse(run)
	return run
}

// between aligns the parts of two lists that begin at i and j of the whole.
func between[T comparable](a, b []T, i, j int) [][2]int {
	var tail [][2]int
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
		tail = append(tail, [2]int{i + len(a), j + len(b)})
	}
	slices.Reverse(tail)
	var pairs [][2]int
	for len(a) > 0 && len(b) > 0 {
		part, x, y := snakes(a, b)
		for _, p := range part {
			pairs = append(pairs, [2]int{i + p[0], j + p[1]})
		}
		a, b = a[x:], b[y:]
		i, j = i+x, j+y
	}
	return append(pairs, tail...)
}

// snakes aligns two lists from their beginning on, as far as they can be within
// the bound, and returns how far that is.
func snakes[T comparable](a, b []T) (pairs [][2]int, i, j int) {
	most := min(furthest, len(a)+len(b))
	// reach holds, at each diagonal i-j, how far into a one comes with the
	// differences counted so far; trace holds what it was before each of them.
	reach := make([]int32, 2*most+3)
	at := func(k int) int { return k + most + 1 }
	var trace [][]int32
	for d := 0; d <= most; d++ {
		trace = append(trace, append([]int32(nil), reach[at(-d)-1:at(d)+2]...))
		for k := -d; k <= d; k += 2 {
			x := int(reach[at(k-1)]) + 1
			if d == 0 {
				x = 0
			} else if k == -d || k != d && reach[at(k-1)] < reach[at(k+1)] {
				x = int(reach[at(k+1)])
			}
			y := x - k
			for x >= 0 && y >= 0 && x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			reach[at(k)] = int32(x)
			if x >= len(a) && y >= len(b) {
				return walk(trace, k, x), len(a), len(b)
			}
		}
	}
	// As far as it goes, and where it goes as far both ways, straight on.
	best, far := 0, 0
	for k := -most; k <= most; k += 2 {
		x := int(reach[at(k)])
		y := x - k
		if x > len(a) || y > len(b) || y < 0 {
			continue
		}
		if x+y > far || x+y == far && max(k, -k) < max(best, -best) {
			best, far = k, x+y
		}
	}
	if far == 0 {
		return nil, len(a), len(b)
	}
	x := int(reach[at(best)])
	return walk(trace, best, x), x, x - best
}

// walk follows a path back from where it has come to, and returns what it has
// found in common. Each of the trace holds the diagonals -d-1 to d+1.
func walk(trace [][]int32, k, x int) [][2]int {
	var pairs [][2]int
	for d := len(trace) - 1; d >= 0; d-- {
		before := func(k int) int { return int(trace[d][k+d+1]) }
		from, start := k, 0
		switch {
		case d == 0:
		case k == -d || k != d && before(k-1) < before(k+1):
			from = k + 1
			start = before(from)
		default:
			from = k - 1
			start = before(from) + 1
		}
		for ; x > start; x-- {
			pairs = append(pairs, [2]int{x - 1, x - 1 - k})
		}
		k, x = from, before(from)
	}
	slices.Reverse(pairs)
	return pairs
}
