package scrub

import (
	"bytes"
	"compress/zlib"
	"slices"

	"talktrace/dissect/deflate"
)

// isZlib reports whether bytes begin a stream of zlib (RFC 1950 section 2.2), as
// far as they go. XML does not begin so.
func isZlib(b []byte) bool {
	return len(b) > 0 && b[0]&0xf == 8 && b[0]>>4 <= 7 && (len(b) < 2 || (int(b[0])<<8|int(b[1]))%31 == 0)
}

// unzip reads what is compressed (XEP-0138) in a run of a direction from an
// offset on, which is a stream of its own. It takes what that becomes from the room
// that there is.
func (s *side) unzip(r *run, from int, room *int) error {
	if s.zipped {
		return nil
	}
	s.zipped = true
	inflater := deflate.NewInflater(deflate.Zlib, deflate.Limits{Total: int64(*room) + 1})
	var plain []byte
	var cuts []mark
	edges := s.edges(r, from, len(r.data))
	for i, at := range edges[:len(edges)-1] {
		var wrong error
		if plain, wrong = inflater.Append(plain, r.data[at:edges[i+1]]); wrong != nil {
			return refuse(s.frame(r.pos+int64(at)), "what is compressed there cannot be read: %s; --open writes what can be", wrong)
		}
		cuts = append(cuts, mark{edges[i+1], len(plain)})
	}
	if *room -= len(plain); *room < 0 {
		return refuse(s.frame(r.pos+int64(from)), tooMuch)
	}
	s.texts = append(s.texts, &text{runs: []run{{pos: r.pos + int64(from), data: plain, pack: func(now []byte) {
		r.edits = append(r.edits, edit{from: from, to: len(r.data)}.zip(now, cuts))
	}}}})
	return nil
}

// edges returns the places in a piece of a run at which segments begin or end,
// and its own ends.
func (s *side) edges(r *run, from, to int) []int {
	if s.cuts == nil {
		for i := range s.segments {
			if g := &s.segments[i]; !g.probe {
				s.cuts = append(s.cuts, g.pos, g.end())
			}
		}
		slices.Sort(s.cuts)
		s.cuts = slices.Compact(s.cuts)
	}
	edges := []int{from}
	first, _ := slices.BinarySearch(s.cuts, r.pos+int64(from)+1)
	for _, pos := range s.cuts[first:] {
		if pos >= r.pos+int64(to) {
			break
		}
		edges = append(edges, int(pos-r.pos))
	}
	return append(edges, to)
}

// zip fills in a stream that is compressed anew, so that each segment tells as much
// of it as before.
func (e edit) zip(b []byte, cuts []mark) edit {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	said := 0
	for _, c := range cuts {
		_, _ = w.Write(b[said:c.is]) // to memory
		_ = w.Flush()                // likewise; of what says nothing there are some bytes too
		said = c.is
		e.marks = append(e.marks, mark{c.was, out.Len()})
	}
	e.new = out.Bytes()
	return e
}
