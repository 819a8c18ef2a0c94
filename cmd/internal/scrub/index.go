package scrub

import (
	"bytes"
	"cmp"
	"slices"
)

// index finds values in bytes, in time that grows with the bytes, and not with how
// many values there are: what a value begins with is looked up, and then what it may
// be as a whole, in each length that values of this beginning have.
type index struct {
	values map[string]*value
	folded map[string]*value      // those of which the letters may be of either case, with small ones
	heads  map[[prefix]byte][]int // how long values are that begin so, with small letters, the longest first
	filter [256]byte              // of the first two bytes: by the first, a bit for each of the second
	small  []byte
}

// value is one that is looked for.
type value struct {
	text, instead []byte
	what          string // it is, in a few words
	word          bool   // it counts only where it is not part of a longer word
}

// prefix is how many bytes a value has at least.
const prefix = 4

func newIndex() *index {
	return &index{values: make(map[string]*value), folded: make(map[string]*value), heads: make(map[[prefix]byte][]int)}
}

// add has a value looked for from now on, unless it is too short, and returns it,
// nil where there is no new one.
func (x *index) add(text, instead []byte, what string) *value {
	if len(text) < prefix || x.values[string(text)] != nil {
		return nil
	}
	v := &value{text: bytes.Clone(text), instead: bytes.Clone(instead), what: what}
	x.values[string(text)] = v
	head := [prefix]byte(lower(nil, v.text[:prefix])) // as find has it: other small letters may be of another length
	longer := func(a, b int) int { return cmp.Compare(b, a) }
	if at, found := slices.BinarySearchFunc(x.heads[head], len(text), longer); !found {
		x.heads[head] = slices.Insert(x.heads[head], at, len(text))
	}
	x.filter[head[0]] |= 1 << (head[1] & 7)
	return v
}

// fold has a value that was added looked for whatever the case of its letters.
func (x *index) fold(v *value) {
	if v != nil {
		x.folded[string(lower(nil, v.text))] = v
	}
}

// lower appends text with small letters, of those that have one byte.
func lower(out, b []byte) []byte {
	for _, c := range b {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		out = append(out, c)
	}
	return out
}

// find returns the first value in b that begins at from or behind it, the longest of
// those that begin at its place, and where it is; nil if there is none.
func (x *index) find(b []byte, from int) (v *value, at int) {
	if len(x.values) == 0 {
		return nil, -1
	}
	for i := from; i+prefix <= len(b); i++ {
		first, second := b[i], b[i+1]
		if 'A' <= first && first <= 'Z' {
			first |= 0x20
		}
		if 'A' <= second && second <= 'Z' {
			second |= 0x20
		}
		if x.filter[first]&(1<<(second&7)) == 0 {
			continue
		}
		x.small = lower(x.small[:0], b[i:i+prefix])
		for _, n := range x.heads[[prefix]byte(x.small)] {
			if n <= len(b)-i {
				if v := x.at(b, i, n); v != nil {
					return v, i
				}
			}
		}
	}
	return nil, -1
}

// at returns the value of n bytes at a place.
func (x *index) at(b []byte, i, n int) *value {
	v := x.values[string(b[i:i+n])]
	if v == nil && len(x.folded) > 0 {
		x.small = lower(x.small[:0], b[i:i+n])
		v = x.folded[string(x.small)]
	}
	if v != nil && v.word && (i > 0 && isLetter(b[i-1]) || i+n < len(b) && isLetter(b[i+n])) {
		return nil
	}
	return v
}

// isLetter reports whether a byte goes on with a word.
func isLetter(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_' || c >= 0x80
}

// replace returns b with the stand-ins of the values in it, in which letters are
// capital where they were.
func (x *index) replace(b []byte) []byte {
	out := bytes.Clone(b)
	x.cut(out, func(known []byte, v *value) {
		for i, c := range v.instead {
			if known[i] != v.text[i] && isLetter(c) && c < 0x80 && c > '9' {
				c = c&^0x20 | known[i]&0x20
			}
			known[i] = c
		}
	}, func([]byte) {})
	return out
}

// cut goes through b and calls known with each value in it, and rest with what is
// in between. They may change it.
func (x *index) cut(b []byte, known func([]byte, *value), rest func([]byte)) {
	for from := 0; ; {
		v, at := x.find(b, from)
		if v == nil {
			rest(b[from:])
			return
		}
		rest(b[from:at])
		end := at + len(v.text)
		known(b[at:end], v)
		from = end
	}
}
