package transcript

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// longestCommon returns the length of a longest common subsequence, by trying all.
func longestCommon(a, b []int) int {
	best := make([][]int, len(a)+1)
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i, x := range a {
		for j, y := range b {
			if x == y {
				best[i+1][j+1] = best[i][j] + 1
			} else {
				best[i+1][j+1] = max(best[i][j+1], best[i+1][j])
			}
		}
	}
	return best[len(a)][len(b)]
}

// checkPairs reports whether pairs are of what is the same, in one order.
func checkPairs(t *testing.T, a, b []int, pairs [][2]int) {
	t.Helper()
	last := [2]int{-1, -1}
	for _, p := range pairs {
		if p[0] <= last[0] || p[1] <= last[1] || a[p[0]] != b[p[1]] {
			t.Fatalf("%v of %v and %v", pairs, a, b)
		}
		last = p
	}
}

func TestAlign(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	for range 2000 {
		a, b := make([]int, r.IntN(30)), make([]int, r.IntN(30))
		for i := range a {
			a[i] = r.IntN(4)
		}
		for i := range b {
			b[i] = r.IntN(4)
		}
		pairs := align(a, b)
		checkPairs(t, a, b, pairs)
		if pairs, want := between(a, b, 0, 0), longestCommon(a, b); len(pairs) != want {
			t.Fatalf("%d pairs rather than %d of %v and %v", len(pairs), want, a, b)
		}
		checkPairs(t, a, b, between(a, b, 0, 0))
	}
}

// Of long lists that differ much, what is the same behind that is found again.
func TestAlignBeyondTheBound(t *testing.T) {
	var a, b []int
	for i := range 50_000 {
		if i < 5_000 || i >= 10_000 && i < 12_000 {
			a, b = append(a, -i), append(b, 1_000_000+i)
			continue
		}
		a, b = append(a, i%7), append(b, i%7)
	}
	b = slices.Delete(b, 30_000, 30_001)
	pairs := align(a, b)
	checkPairs(t, a, b, pairs)
	if len(pairs) < 40_000 {
		t.Errorf("%d pairs of 42999", len(pairs))
	}
}
