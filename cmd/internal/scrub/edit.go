package scrub

import (
	"cmp"
	"slices"
)

// edit puts bytes in the place of others, of which there may be more or fewer.
type edit struct {
	from, to int // of the run's data
	new      []byte
	marks    []mark // places that belong together, in order, both ends among them; in between they are shared out
}

// mark is a place before and after a change.
type mark struct{ was, is int }

// splice makes the edits of a run, which come in the order of their places. What
// has been written in place into its bytes must be there by then.
func (r *run) splice() {
	if len(r.edits) == 0 {
		return
	}
	slices.SortFunc(r.edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out []byte
	at := 0
	for _, e := range r.edits {
		out = append(out, r.new[at:e.from]...)
		r.marks = append(r.marks, mark{e.from, len(out)})
		for _, m := range e.marks {
			r.marks = append(r.marks, mark{m.was, len(out) + m.is})
		}
		out = append(out, e.new...)
		r.marks = append(r.marks, mark{e.to, len(out)})
		at = e.to
	}
	r.new = append(out, r.new[at:]...)
	r.edits = nil
}

// moved says where a place in a run is after its edits.
func (r *run) moved(off int) int {
	i, found := slices.BinarySearchFunc(r.marks, off, func(m mark, off int) int { return cmp.Compare(m.was, off) })
	switch {
	case found:
		for i+1 < len(r.marks) && r.marks[i+1].was == off {
			i++
		}
		return r.marks[i].is
	case i == 0:
		return off
	case i == len(r.marks):
		return r.marks[i-1].is + off - r.marks[i-1].was
	}
	a, b := r.marks[i-1], r.marks[i]
	if b.is-a.is == b.was-a.was {
		return a.is + off - a.was
	}
	return a.is + (b.is-a.is)*(off-a.was)/(b.was-a.was)
}

// splice makes the edits of a direction.
func (s *side) splice() {
	grown := int64(0)
	for i := range s.runs {
		r := &s.runs[i]
		r.shift = grown
		r.splice()
		s.stretched = s.stretched || len(r.marks) > 0
		if r.new != nil {
			grown += int64(len(r.new) - len(r.data))
		}
	}
}

// moved says where a position of a direction is after all edits.
func (s *side) moved(pos int64) int64 {
	if !s.stretched || len(s.runs) == 0 || pos < s.runs[0].pos {
		return pos
	}
	r := s.run(pos)
	return pos + r.shift + int64(r.moved(int(pos-r.pos))) - (pos - r.pos)
}
