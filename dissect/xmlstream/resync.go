package xmlstream

import "bytes"

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

// confirmAfter is the number of elements that must follow a candidate.
const confirmAfter = 3

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

// piece is a part of a stream's bytes with its origin.
type piece struct {
	data  []byte
	off   int
	at    Origin
	inner bool // it does not begin where a chunk began
}

func newSearch(reason string) *search { return &search{reason: reason} }

func (l *search) buffered() int { return cap(l.buf) + cap(l.junk) }

// add counts bytes as skipped.
func (l *search) add(b []byte, size int, first, last Origin) {
	if l.size == 0 {
		l.first = first
	}
	l.size += size
	if last.Frame > l.last.Frame || l.size == size {
		l.last = last
	}
	if n := keptOfOversized*4 - len(l.junk); n > 0 {
		l.junk = append(l.junk, b[:min(len(b), n)]...)
	}
}

// skip counts buf[pos:to] as skipped.
func (l *search) skip(to int) {
	if to == l.pos {
		return // and the measure of what begins here still holds
	}
	l.add(l.buf[l.pos:to], to-l.pos, l.originOf(l.pos), l.latest(l.pos, to))
	l.pos, l.locked, l.framed = to, false, 0
}

// gap says that bytes are missing behind those searched: none of them can be
// the beginning of what follows.
func (l *search) gap() {
	l.skip(len(l.buf))
	l.now, l.cdata = true, cdata{seen: l.base + len(l.buf)}
}

func (l *search) originOf(i int) Origin {
	at := l.origins[0].at
	for _, o := range l.origins {
		if o.off > l.base+i {
			break
		}
		at = o.at
	}
	return at
}

// latest returns the origin of buf[from:to] that was captured last. Segments
// that overtook each other come in the order of the stream.
func (l *search) latest(from, to int) Origin {
	at := l.originOf(from)
	for _, o := range l.origins {
		if o.off > l.base+from && o.off < l.base+to && o.at.Frame > at.Frame {
			at = o.at
		}
	}
	return at
}

// substantial is the size from which on a chunk is taken for what its sender
// wrote at once.
const substantial = 32

// startsChunk reports whether buf[i] began a chunk of some size.
func (l *search) startsChunk(i int) bool {
	for k, o := range l.origins {
		if o.off == l.base+i && !o.inner {
			end := l.base + len(l.buf)
			if k+1 < len(l.origins) {
				end = l.origins[k+1].off
			}
			return end-o.off >= substantial
		}
	}
	return false
}

// maxOrigins bounds how many chunks are told apart in the bytes that wait for
// a decision. Those past it count as part of the one before.
const maxOrigins = 4096

// absorb takes over a chunk, or the rest of one. While the buffer holds nothing
// else it is the chunk itself; own makes it a copy.
func (l *search) absorb(p piece) {
	b := p.data
	if len(b) == 0 {
		return
	}
	p.data = nil
	if l.pos == len(l.buf) {
		l.base += l.pos
		l.buf, l.borrowed, l.pos, l.framed = b[:len(b):len(b)], true, 0, 0
		p.off = l.base
		l.origins = append(l.origins[:0], p)
		return
	}
	l.own()
	if len(l.origins) == maxOrigins {
		l.thin()
	}
	p.off = l.base + len(l.buf)
	l.origins = append(l.origins, p)
	l.buf = append(l.buf, b...)
}

// thin lets every second one of the older half of the origins go: their bytes
// count as part of the chunk before.
func (l *search) thin() {
	kept := l.origins[:0]
	for i, o := range l.origins {
		if i >= maxOrigins/2 || i%2 == 0 {
			kept = append(kept, o)
		}
	}
	l.origins = kept
}

// own lets go of what is decided and makes the rest the search's own.
func (l *search) own() {
	if l.pos == 0 && !l.borrowed {
		return
	}
	if l.borrowed {
		l.buf, l.borrowed = append([]byte(nil), l.buf[l.pos:]...), false
	} else {
		l.buf = l.buf[:copy(l.buf, l.buf[l.pos:])]
	}
	l.base += l.pos
	l.end -= l.pos
	l.start -= l.pos
	if l.framed > 0 {
		l.framed -= l.pos
	}
	l.pos = 0
	k := 0
	for k+1 < len(l.origins) && l.origins[k+1].off <= l.base {
		k++
	}
	l.origins = append(l.origins[:0], l.origins[k:]...)
}

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

// look goes on with the search. It reports whether an element was found, at
// pos. With settle it decides on the bytes that are there.
func (l *search) look(settle bool) bool {
	l.leaveCDATA()
	for {
		if l.locked {
			switch l.follow(settle) {
			case yes:
				return true
			case no:
				continue
			default:
				return false
			}
		}
		i := bytes.IndexByte(l.buf[l.pos:], '<')
		if i < 0 {
			l.skip(len(l.buf))
			return false
		}
		l.skip(l.pos + i)
		switch l.candidate(settle) {
		case yes:
			return true
		case no:
		default:
			return false
		}
	}
}

// answer is a three-valued truth.
type answer uint8

const (
	no answer = iota
	yes
	wait
)

// candidate looks at the "<" at pos: yes ends the search there; no means to go
// on, either behind it or with the lock that was set.
func (l *search) candidate(settle bool) answer {
	switch what := l.place(l.pos); {
	case what == onlyFirstLevel:
		return yes
	case what == tooShort && !settle:
		return wait
	case what != stanza:
		l.skip(l.pos + 1)
		return no
	}
	n, st := l.measure(l.pos)
	switch st {
	case incomplete:
		if settle {
			l.skip(len(l.buf))
			return no
		}
		return wait
	case complete:
	default:
		l.skip(max(l.pos+1, n))
		return no
	}
	if m, st := l.parser.unit(l.buf[l.pos:n], l.scope); st != complete || m != n-l.pos || !addressed(&l.parser.Tree) {
		l.skip(n)
		return no
	}
	l.locked, l.end, l.count, l.aligned = true, n, 1, l.startsChunk(l.pos)
	return no
}

// addressed reports whether a stanza has what stanzas have.
func addressed(t *Tree) bool {
	if string(t.Local(0)) == "presence" {
		return true
	}
	for _, a := range [...]string{"to", "from", "id", "type"} {
		if t.Attr(0, a) != nil {
			return true
		}
	}
	return false
}

// measure finds the end of the element at buf[from], going on from where it
// stopped the last time.
func (l *search) measure(from int) (end int, st status) {
	if l.framed == 0 || l.start != from {
		l.frame.reset()
		l.framed, l.start = from, from
	}
	at := l.framed
	n, st := l.frame.scan(l.buf[at:])
	if st == incomplete {
		l.framed = len(l.buf)
		return 0, st
	}
	l.framed = 0
	return at + n, st
}

// follow looks at what comes behind the elements that are locked on.
func (l *search) follow(settle bool) answer {
	undecided := wait
	if settle || l.aligned {
		undecided = yes
	}
	j := skipSpace(l.buf, l.end)
	l.end = j // no later chunk passes over it again
	switch {
	case j == len(l.buf):
		return undecided
	case l.buf[j] != '<':
		l.skip(j) // text: the lock was inside an element
		return no
	}
	switch l.place(j) {
	case onlyFirstLevel:
		return yes
	case tooShort:
		return undecided
	case other:
		l.skip(l.end)
		if bytes.HasPrefix(l.buf[j:], []byte("</")) {
			l.skip(j + 2)
		}
		return no
	}
	n, st := l.measure(j)
	switch st {
	case incomplete:
		return undecided
	case complete:
		l.end = n
		if l.count++; l.count > confirmAfter {
			return yes
		}
		return no
	default:
		return yes // it is the next one that is broken
	}
}
