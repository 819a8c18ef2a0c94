package scrub

import (
	"bytes"
	"cmp"
	"slices"
)

// index finds values in bytes, in time that grows with the bytes alone: what a
// value begins with is looked up, and then what it may be as a whole.
type index struct {
	values map[string]*value
	heads  map[[prefix]byte][]int // how long values are that begin so, the longest first
	filter [256]byte              // of the first two bytes: by the first, a bit for each of the second
}

// value is one that is looked for.
type value struct {
	text, instead []byte
	what          string // it is, in a few words
}

// prefix is how many bytes a value has at least.
const prefix = 4

func newIndex() *index {
	return &index{values: make(map[string]*value), heads: make(map[[prefix]byte][]int)}
}

// add has a value looked for from now on, unless it is too short.
func (x *index) add(text, instead []byte, what string) {
	if len(text) < prefix || x.values[string(text)] != nil {
		return
	}
	v := &value{bytes.Clone(text), bytes.Clone(instead), what}
	x.values[string(text)] = v
	head := [prefix]byte(v.text)
	longer := func(a, b int) int { return cmp.Compare(b, a) }
	if at, found := slices.BinarySearchFunc(x.heads[head], len(text), longer); !found {
		x.heads[head] = slices.Insert(x.heads[head], at, len(text))
	}
	x.filter[head[0]] |= 1 << (head[1] & 7)
}

// find returns the first value in b, the longest of those that begin at its
// place, and where it is; nil if there is none.
func (x *index) find(b []byte) (v *value, at int) {
	if len(x.values) == 0 {
		return nil, -1
	}
	for i := 0; i+prefix <= len(b); i++ {
		if x.filter[b[i]]&(1<<(b[i+1]&7)) == 0 {
			continue
		}
		for _, n := range x.heads[[prefix]byte(b[i:])] {
			if n > len(b)-i {
				continue
			}
			if v := x.values[string(b[i:i+n])]; v != nil {
				return v, i
			}
		}
	}
	return nil, -1
}

// replace returns b with the stand-ins of the values in it.
func (x *index) replace(b []byte) []byte {
	out := bytes.Clone(b)
	for rest := out; ; {
		v, at := x.find(rest)
		if v == nil {
			return out
		}
		copy(rest[at:], v.instead)
		rest = rest[at+len(v.text):]
	}
}
