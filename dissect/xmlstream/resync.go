package xmlstream

// After lost bytes, in mid-stream and behind what is not well-formed, the next
// first-level element has to be found among bytes of which the beginning is
// unknown. A stanza's name alone proves nothing: stanzas stand inside others
// (forwarded messages, archives, privacy lists). A candidate is therefore
// taken only if it is balanced, has the attributes of a stanza, and what comes
// next is a first-level start tag or the end of the stream; and then it is held
// back until more elements follow, unless it began where a chunk began, which
// nested ones practically never do. An end tag that closes nothing, or text
// between the elements, shows a candidate to have been nested after all; it is
// then dropped and the search goes on behind it. Nothing is invented that way,
// at the price of at most a few rows told late.

// search is the state of a Splitter that is looking for the next element.
type search struct {
	reason string
	now    bool // say what was skipped with this chunk already

	// What has been skipped.
	junk        []byte // the first bytes of it
	size        int
	first, last Origin

	buf      []byte // bytes not yet decided on, from pos
	pos      int
	base     int     // offset in all bytes searched of buf[0]
	origins  []piece // where the bytes of buf came from; data is not set
	borrowed bool    // buf is a chunk
	cdata    cdata

	locked  bool    // buf[pos:end] are whole elements
	aligned bool    // and the first begins where a substantial chunk begins
	end     int     // as an index of buf
	count   int     // how many they are
	frame   framer  // of the element that begins at pos, or when locked behind end
	framed  int     // index of buf up to which frame has scanned, 0 before it began
	start   int     // index of buf where frame began
	scope   *Scope  // of the stream
	parser  *Parser // the worker's
}

func newSearch(reason string) *search { return &search{reason: reason} }

// search looks on, with the chunk. It yields what was skipped once the search
// has ended, and leaves the bytes found to Next.
func (s *Splitter) search(p *Parser, k Keeper, u *Unit) bool {
	l := s.lost
	if l.size == 0 && l.pos == len(l.buf) && len(s.chunk) > 0 && skipSpace(s.chunk, 0) == len(s.chunk) {
		*u = Unit{Kind: Space, Length: len(s.chunk), First: s.at, Last: s.at}
		u.Raw, s.chunk = s.chunk, nil
		return true
	}
	l.absorb(piece{data: s.chunk, at: s.at, inner: s.taken})
	s.chunk = nil
	l.scope, l.parser = &s.scope, p
	found := l.look(false)
	for !found && len(s.queue) > 0 {
		l.absorb(s.queue[0])
		s.queue = s.queue[1:]
		found = l.look(false)
	}
	if !found {
		if len(l.buf)-l.pos > s.limit {
			if found = l.locked; !found {
				l.skip(len(l.buf))
			}
		}
		l.own()
	}
	return s.tell(k, u, found)
}

// tell yields what was skipped, if it is time to.
func (s *Splitter) tell(k Keeper, u *Unit, found bool) bool {
	l := s.lost
	if found {
		s.requeue(k)
		s.lost = nil
	}
	if l.size == 0 || !found && !l.now {
		return false
	}
	*u = Unit{Kind: Malformed, Raw: k.Copy(l.junk), Length: l.size, First: l.first, Last: l.last, Reason: l.reason}
	l.junk, l.size, l.now = l.junk[:0], 0, false
	l.reason = "bytes in which no element was found"
	return true
}

// requeue makes the bytes found the next to be read, each with its origin.
func (s *Splitter) requeue(k Keeper) {
	l := s.lost
	rest := l.buf[l.pos:]
	if !l.borrowed {
		rest = k.Copy(rest)
	}
	var found []piece
	from := l.base + l.pos
	for i, o := range l.origins {
		end := from + len(rest)
		if i+1 < len(l.origins) {
			end = l.origins[i+1].off
		}
		if begin := max(o.off, from); end > begin {
			inner := o.inner || begin > o.off
			found = append(found, piece{data: rest[begin-from : end-from], at: o.at, inner: inner})
		}
	}
	if len(found) > 0 {
		s.chunk, s.at, s.begun, s.taken = found[0].data, found[0].at, true, found[0].inner
	}
	if len(found) > 1 {
		s.queue = append(found[1:], s.queue...)
	}
}

// Settle decides on what is held back, because nothing more is to be waited
// for. The units follow by Next.
func (s *Splitter) Settle(p *Parser, k Keeper) {
	l := s.lost
	if l == nil {
		return
	}
	l.scope, l.parser = &s.scope, p
	if l.look(true) {
		var owed Unit
		if s.tell(k, &owed, true) {
			s.owed = &owed
		}
	}
}

// Holding reports whether a whole element is held back, and since when.
func (s *Splitter) Holding() (since int64, ok bool) {
	if s.lost == nil || !s.lost.locked {
		return 0, false
	}
	return s.lost.originOf(s.lost.end - 1).Time, true
}

// finish yields what the search has skipped when no more bytes come.
func (s *Splitter) finish(k Keeper, u *Unit) bool {
	l := s.lost
	l.skip(len(l.buf))
	l.now = true
	return s.tell(k, u, false)
}
