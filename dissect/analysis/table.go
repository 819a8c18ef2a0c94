package analysis

import (
	"encoding/binary"
	"hash/maphash"
)

// key stands for what a table is looked up by, in this run alone.
type key uint64

var seed = maphash.MakeSeed()

// keyOf returns the key for a list of parts.
func keyOf(parts ...[]byte) key {
	var k uint64
	for _, p := range parts {
		k = (k ^ maphash.Bytes(seed, p)) * 0x9e3779b97f4a7c15
	}
	return key(k)
}

// table is a map that forgets what was put into it longest ago.
type table[T any] struct {
	a     *Analysis
	what  string // what is forgotten, for the count
	young map[key]T
	old   map[key]T
	half  int
}

// newTable makes a table of at most so many entries.
func newTable[T any](a *Analysis, what string, most int) *table[T] {
	return &table[T]{a: a, what: what, young: map[key]T{}, half: most / 2}
}

func (t *table[T]) get(k key) (T, bool) {
	if v, ok := t.young[k]; ok {
		return v, true
	}
	v, ok := t.old[k]
	return v, ok
}

func (t *table[T]) put(k key, v T) {
	if len(t.young) >= t.half {
		t.a.Evicted[t.what] += len(t.old)
		t.old, t.young = t.young, make(map[key]T, t.half)
	}
	t.young[k] = v
}

// longestName is that of a JID (RFC 7622 section 3.1). No name that is kept is
// longer, whatever a stranger sends.
const longestName = 3071

// nameOf returns a name that is kept, or looked up by.
func nameOf(b []byte) string { return string(b[:min(len(b), longestName)]) }

// number is the number of the row's connection, as part of a key.
func (r *Row) number() []byte {
	c := r.Session
	if c.key == nil {
		c.key = binary.BigEndian.AppendUint64(nil, uint64(c.Number)) //nolint:gosec // it is not negative
	}
	return c.key
}
