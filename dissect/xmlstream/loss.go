package xmlstream

import "bytes"

// stray begins the search for the next whole element behind bytes that are not
// well-formed.
func (s *Splitter) stray(raw []byte, size int, reason string, k Keeper) {
	s.lost = newSearch(reason)
	s.lost.add(raw, size, s.first, s.last)
	s.lost.now = true
}

// Gap says that n bytes are missing here. It yields the element that they cut,
// if one was open, or the bytes before them in which no element was found, and
// returns false where there were none. The caller has called Settle and Next
// before.
func (s *Splitter) Gap(n int64, k Keeper, u *Unit) bool {
	const reason = "the rest of what was cut by lost bytes"
	if s.lost != nil {
		s.lost.gap()
		told := s.tell(k, u, false)
		s.lost.reason = reason
		if told && beginsElement(u.Raw) { // of which the next loss has the rest
			u.Kind, u.Missing, u.Reason = Unfinished, n, cutByLoss
		}
		return told
	}
	if s.marked > 0 {
		s.lost = newSearch(reason)
		return s.unmarked(u)
	}
	cut := s.open(k, u)
	if cut {
		u.Missing = n
		u.Reason = cutByLoss
	}
	s.lost = newSearch(reason)
	return cut
}

const cutByLoss = "cut by lost bytes"

// beginsElement reports whether bytes are the beginning of an element, and no
// more than its first tag.
func beginsElement(b []byte) bool {
	return len(b) > 1 && b[0] == '<' && class[b[1]]&startName != 0 && bytes.IndexByte(b[1:], '<') < 0
}

// Late makes the Splitter begin in mid-stream: the first bytes may lie anywhere.
func (s *Splitter) Late() { s.lost = newSearch("the rest of what began before the capture") }

// End yields, one at a call, what is still owed when no more bytes come. The
// caller has called Settle and Next before.
func (s *Splitter) End(k Keeper, u *Unit) bool {
	if s.lost != nil {
		return s.finish(k, u)
	}
	if s.marked > 0 {
		return s.unmarked(u)
	}
	if !s.open(k, u) {
		return false
	}
	u.Reason = "its end never came"
	return true
}
