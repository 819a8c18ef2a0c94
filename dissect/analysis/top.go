package analysis

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// top counts things by key, of which a stranger may make up any number: where
// there are too many, the lighter half is counted together as others.
type top[T any] struct {
	most   int
	weight func(*T) int64
	merge  func(into, from *T)
	known  map[string]*T
	others T
	left   int // keys among the others; a key that comes again counts again
}

func newTop[T any](most int, weight func(*T) int64, merge func(into, from *T)) *top[T] {
	return &top[T]{most: most, weight: weight, merge: merge, known: map[string]*T{}}
}

// at returns what is counted for a key, a zero T if it is new.
func (t *top[T]) at(key string) *T {
	if x := t.known[key]; x != nil {
		return x
	}
	if len(t.known) >= t.most {
		t.shrink(t.most / 2)
	}
	x := new(T)
	t.known[key] = x
	return x
}

// shrink leaves the heaviest, so many of them, apart from the others.
func (t *top[T]) shrink(to int) {
	for i, key := range t.keys() {
		if i >= to {
			t.merge(&t.others, t.known[key])
			delete(t.known, key)
			t.left++
		}
	}
}

// keys returns the keys, the heaviest first.
func (t *top[T]) keys() []string {
	return slices.SortedFunc(maps.Keys(t.known), func(a, b string) int {
		return cmp.Or(cmp.Compare(t.weight(t.known[b]), t.weight(t.known[a])), cmp.Compare(a, b))
	})
}

// longestKey bounds what is kept of a text that a stranger has chosen.
const longestKey = 200

func clip(s string) string {
	if len(s) > longestKey {
		return strings.ToValidUTF8(s[:longestKey], "") + "…"
	}
	return s
}
