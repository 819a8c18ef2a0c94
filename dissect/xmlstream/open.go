package xmlstream

const (
	// keptOfOversized is how much of a unit over the limit is kept to be shown.
	keptOfOversized = 1 << 10
	// longestOpening is what a framer needs of the bytes before, when it finds
	// that a stream header began in them.
	longestOpening = len("<stream:stream")
)

// resume goes on with a unit that began in an earlier chunk.
func (s *Splitter) resume(p *Parser, k Keeper, u *Unit) bool {
	s.part()
	n, st := s.frame.scan(s.chunk)
	if s.at.Frame > s.last.Frame {
		s.last = s.at
	}
	if st == incomplete {
		s.keep(s.Take(len(s.chunk)))
		return false
	}
	s.framing = false
	if st == restart && n < 0 { // the new header's "<" came in an earlier chunk
		return s.restartBehind(p, k, u, -n)
	}
	piece := s.Take(n)
	size := s.size + n
	if s.over || size > s.limit {
		s.keep(piece)
		s.cut(k.Copy(s.pend), size, "an element larger than the limit", u)
		s.release()
		return true
	}
	raw := k.Begin(len(s.pend) + n)
	raw = k.Done(append(append(raw, s.pend...), piece...))
	s.release()
	switch st {
	case complete:
		if m, st := p.unit(raw, &s.scope); st != complete || m != len(raw) {
			s.cut(raw, size, p.reason, u)
			return true
		}
		return s.yield(p, raw, size, k, u)
	case restart:
		s.cut(raw, size, s.frame.reason, u)
		return true
	default:
		s.stray(raw, size, s.frame.reason, k)
		return false
	}
}

// several returns the parts of the open unit, where there is more than one.
func (s *Splitter) several() []Part {
	if len(s.parts) < 2 {
		return nil
	}
	return s.parts
}

// part notes that the open unit goes on in this chunk.
func (s *Splitter) part() {
	if n := len(s.parts); n >= maxParts {
		last := &s.parts[n-1]
		last.First, last.Frame, last.Time = last.FirstFrame(), s.at.Frame, s.at.Time
		return
	}
	s.parts = append(s.parts, Part{Off: s.size, Origin: s.at})
}

// keep stores the bytes of an open unit, within the limit.
func (s *Splitter) keep(b []byte) {
	s.size += len(b)
	if !s.over && s.size <= s.limit && s.room.fits(len(b)) {
		s.pend = s.room.add(s.pend, b)
		return
	}
	s.over = true
	if len(s.tail) == 0 {
		s.tail = append(s.tail, s.pend[max(0, len(s.pend)-longestOpening):]...)
	}
	s.tail = append(s.tail, b[max(0, len(b)-longestOpening):]...)
	s.tail = s.tail[:copy(s.tail, s.tail[max(0, len(s.tail)-longestOpening):])]
	if len(s.pend) > keptOfOversized {
		first := append([]byte(nil), s.pend[:keptOfOversized]...)
		s.room.free(s.pend)
		s.pend = s.room.add(nil, first)
	}
	s.pend = s.room.add(s.pend, b[:min(len(b), keptOfOversized-len(s.pend))])
}

// release gives the pending buffer back.
func (s *Splitter) release() {
	if s.pend != nil {
		s.room.free(s.pend)
	}
	s.pend, s.tail, s.size, s.over = nil, nil, 0, false
}

// restartBehind cuts the open unit where a new header begins in what was kept
// of it, and begins anew from there.
func (s *Splitter) restartBehind(p *Parser, k Keeper, u *Unit, back int) bool {
	tail, old, size := s.tail, s.pend, s.size-back
	if !s.over {
		tail = s.pend
	}
	tail, old = tail[len(tail)-back:], old[:min(len(old), size)]
	raw := k.Copy(old)
	again := k.Begin(len(tail) + len(s.chunk))
	again = k.Done(append(append(again, tail...), s.chunk...))
	s.release()
	s.cut(raw[:min(len(raw), s.limit)], size, s.frame.reason, u)
	s.chunk, s.begun = again, true
	return true
}

// cut yields what there is of a unit that was broken off.
func (s *Splitter) cut(raw []byte, size int, reason string, u *Unit) {
	*u = Unit{Kind: Malformed, Raw: raw, Length: size, First: s.first, Last: s.last, Reason: reason, Parts: s.several()}
}

// open yields the unit that is open, if any, as unfinished.
func (s *Splitter) open(k Keeper, u *Unit) bool {
	if !s.framing {
		return false
	}
	s.framing = false
	raw := k.Copy(s.pend[:min(len(s.pend), s.limit)])
	*u = Unit{Kind: Unfinished, Raw: raw, Length: s.size, First: s.first, Last: s.last, Parts: s.several()}
	s.release()
	return true
}
