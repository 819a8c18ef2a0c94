package xmlstream

import "bytes"

// Kind says what a unit is.
type Kind uint8

// The kinds of units.
const (
	Header      Kind = iota // a stream header, with the XML declaration before it
	Element                 // a first-level element
	Close                   // the end tag of the stream
	Space                   // white space that came by itself: a keepalive
	Text                    // characters between the elements
	Comment                 // a comment between the elements
	Instruction             // a processing instruction between the elements
	Malformed               // bytes that are not well-formed, up to where it makes sense again
	Unfinished              // what there is of an element whose end did not come

	strayEnd // an end tag for an element that was not open
)

// Origin is where a byte came from.
type Origin struct {
	Frame int   // the frame that brought it
	First int   // where several frames brought what it is part of, the first of them; else 0
	Time  int64 // of Frame
}

// FirstFrame is First, or Frame where there is only one.
func (o Origin) FirstFrame() int {
	if o.First != 0 {
		return o.First
	}
	return o.Frame
}

// Part says where the bytes of a unit from Off on came from, up to the next part.
type Part struct {
	Off int
	Origin
}

// maxParts bounds the parts of a unit. Past it the last one stands for all
// frames to come.
const maxParts = 4096

// Unit is what a Splitter yields.
type Unit struct {
	Kind Kind
	// Raw are the unit's bytes: in the chunk, or in the memory that the Keeper
	// gave. Of units that passed the size limit only the first bytes are kept.
	Raw    []byte
	Length int    // all bytes of the unit
	First  Origin // of its first byte
	Last   Origin // of the byte that completed it: the latest frame among those of its bytes
	// Parts are set where the unit came in several chunks. They are the
	// Splitter's and valid until its next unit.
	Parts []Part
	// Tree is set for Header and Element. It is the Parser's.
	Tree    *Tree
	Flags   Flags
	Reason  string // for Malformed and Unfinished
	Missing int64  // for Unfinished: bytes known to be lost behind it
	// Before and After are what stands around the unit and is none itself: white
	// space that shares a chunk with an element, and a byte order mark. Where
	// bytes are looked for that make sense, it is not told.
	Before, After []byte
}

// Keeper gives memory to units that do not lie in one chunk.
type Keeper interface {
	// Copy returns a copy of b that stays valid as long as the units do.
	Copy(b []byte) []byte
	// Begin and Done bracket a slice that is put together piece by piece.
	Begin(n int) []byte
	Done(b []byte) []byte
}

// Splitter cuts one direction of a stream into units. The zero value is not
// ready: make it with NewSplitter.
type Splitter struct {
	scope Scope
	limit int

	chunk []byte // what of the current chunk is not yet consumed
	at    Origin // of chunk
	begun bool   // the chunk has yielded a unit or the end of one
	taken bool   // some of it has been consumed

	texted bool   // the last unit was text
	blank  []byte // what came before the unit that is due
	marked uint8  // bytes of a byte order mark that the chunks before ended in

	// The unit that is open, cut by the end of a chunk.
	framing bool
	frame   framer
	pend    []byte // its bytes; of an oversized one the first
	tail    []byte // its last bytes before the chunk, if it is oversized
	size    int    // all its bytes
	over    bool   // they are more than the limit, or than there is room for
	room    *room  // of the Parser
	first   Origin
	last    Origin
	parts   []Part

	lost  *search // not nil while bytes make no sense (resync.go)
	queue []piece // found by the search, to be read before further chunks
	owed  *Unit   // what the search skipped before it was settled; nil mostly
}

const (
	// keptOfOversized is how much of a unit over the limit is kept to be shown.
	keptOfOversized = 1 << 10
	// longestOpening is what a framer needs of the bytes before, when it finds
	// that a stream header began in them.
	longestOpening = len("<stream:stream")
)

// NewSplitter returns a Splitter for a direction that begins with a header, in
// the scope given until that comes. Units longer than limit bytes are cut.
func NewSplitter(scope Scope, limit int) *Splitter {
	return &Splitter{scope: scope, limit: limit}
}

// Feed hands over the next chunk. It must not change as long as the units that
// point into it are used. The chunk before has been used up by Next.
func (s *Splitter) Feed(data []byte, at Origin) {
	s.chunk, s.at, s.begun, s.taken = data, at, false, false
}

// Scope returns the declarations of the last header.
func (s *Splitter) Scope() *Scope { return &s.scope }

// AtBoundary reports whether the next byte begins a unit.
func (s *Splitter) AtBoundary() bool { return !s.framing && s.lost == nil }

// Lost reports whether the Splitter is looking for the next whole element.
func (s *Splitter) Lost() bool { return s.lost != nil }

// Rest returns what of the chunk is not consumed and where it came from. With
// Take the caller consumes it itself, because what follows is no XML; more may
// follow behind it.
func (s *Splitter) Rest() ([]byte, Origin) {
	s.advance()
	return s.chunk, s.at
}

// Take consumes n bytes of the rest.
func (s *Splitter) Take(n int) []byte {
	b := s.chunk[:n:n]
	s.chunk = s.chunk[n:]
	s.begun, s.taken = true, s.taken || n > 0
	return b
}

// advance goes on to the next bytes that a search has found.
func (s *Splitter) advance() {
	for len(s.chunk) == 0 && len(s.queue) > 0 && s.lost == nil {
		s.chunk, s.at, s.begun, s.taken = s.queue[0].data, s.queue[0].at, true, s.queue[0].inner
		if s.queue = s.queue[1:]; len(s.queue) == 0 {
			s.queue = nil
		}
	}
}

// Next yields the next unit that is complete, or false when more bytes are
// needed.
func (s *Splitter) Next(p *Parser, k Keeper, u *Unit) bool {
	if s.owed != nil {
		*u, s.owed = *s.owed, nil
		return true
	}
	s.room = &p.room
	for {
		if s.lost != nil {
			if s.search(p, k, u) {
				return true
			}
			if s.lost != nil {
				return false
			}
		}
		if s.advance(); len(s.chunk) == 0 {
			return false
		}
		if s.framing {
			if s.resume(p, k, u) {
				return true
			}
			continue
		}
		if c := s.chunk[0]; c != '<' || s.marked > 0 {
			if s.between(k, u) {
				return true
			}
			continue
		}
		if s.whole(p, k, u) {
			return true
		}
	}
}

// between consumes what stands between elements.
func (s *Splitter) between(k Keeper, u *Unit) bool {
	if s.mark() {
		return false
	}
	if s.marked > 0 {
		return s.unmarked(u)
	}
	n := skipSpace(s.chunk, 0)
	if n > 0 {
		alone := n == len(s.chunk) && !s.begun
		raw := s.Take(n)
		if !alone { // line ends around elements are typography
			s.aside(raw)
			return false
		}
		*u = Unit{Kind: Space, Raw: raw, Length: n, First: s.at, Last: s.at}
		s.around(k, u)
		return true
	}
	n = 0
	for n < len(s.chunk) && s.chunk[n] != '<' {
		n++
	}
	raw := s.Take(n)
	if s.texted { // not a line typed by hand, but bytes that are no XML
		s.first, s.last = s.at, s.at
		s.stray(raw, n, "bytes that are no XML", k)
		s.lost.now = false
		return false
	}
	s.texted = true
	*u = Unit{Kind: Text, Raw: raw, Length: n, First: s.at, Last: s.at, Reason: "text between the elements"}
	s.around(k, u)
	return true
}

// maxBlank bounds what is kept of the bytes before a unit.
const maxBlank = 4 << 10

// aside keeps bytes for the unit that they come before.
func (s *Splitter) aside(b []byte) {
	s.blank = append(s.blank, b[:min(len(b), maxBlank-len(s.blank))]...)
}

// around fills in what stands around a unit, of which the chunk's next byte is
// the first that is not its own.
func (s *Splitter) around(k Keeper, u *Unit) {
	if len(s.blank) > 0 {
		u.Before = k.Copy(s.blank)
		s.blank = s.blank[:0]
	}
	if len(s.chunk) > 0 && s.chunk[0] <= ' ' {
		u.After = s.Take(skipSpace(s.chunk, 0))
	}
}

// whole reads a unit that begins in this chunk.
func (s *Splitter) whole(p *Parser, k Keeper, u *Unit) bool {
	s.texted = false
	s.first, s.last, s.parts = s.at, s.at, s.parts[:0]
	n, st := p.unit(s.chunk, &s.scope)
	if st == complete && n <= s.limit {
		return s.yield(p, s.Take(n), n, k, u)
	}
	// It is cut, or something is wrong with it. The framer says where it ends,
	// so what is said of it does not depend on how it was cut.
	s.framing = true
	s.frame.reset()
	return s.resume(p, k, u)
}

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

// yield fills in a complete unit.
func (s *Splitter) yield(p *Parser, raw []byte, size int, k Keeper, u *Unit) bool {
	if p.kind == strayEnd {
		s.stray(raw, size, p.reason, k)
		return false
	}
	*u = Unit{Kind: p.kind, Raw: raw, Length: size, First: s.first, Last: s.last, Flags: p.Flags, Parts: s.several()}
	switch p.kind {
	case Header:
		u.Tree = &p.Tree
		s.declare(p)
	case Element:
		u.Tree = &p.Tree
	case Comment:
		u.Reason = "a comment, which XMPP forbids"
	case Instruction:
		u.Reason = "a processing instruction, which XMPP forbids"
	}
	s.around(k, u)
	return true
}

// declare takes over the scope of a new header.
func (s *Splitter) declare(p *Parser) {
	t := &p.Tree
	s.scope = Scope{Root: p.intern.String(t.Bytes(t.Nodes[0].Name))}
	for i := range t.Attrs {
		a := &t.Attrs[i]
		switch {
		case a.Space != "xmlns":
		case a.Local == a.Name.Off:
			s.scope.Default = p.uri(a)
		default:
			s.scope.Prefixes = append(s.scope.Prefixes, Binding{p.intern.String(t.Raw[a.Local:a.Name.End]), p.uri(a)})
		}
	}
}

// cut yields what there is of a unit that was broken off.
func (s *Splitter) cut(raw []byte, size int, reason string, u *Unit) {
	*u = Unit{Kind: Malformed, Raw: raw, Length: size, First: s.first, Last: s.last, Reason: reason, Parts: s.several()}
}

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

// Buffered is the number of bytes that the Splitter holds.
func (s *Splitter) Buffered() int {
	n := cap(s.pend)
	if s.lost != nil {
		n += s.lost.buffered()
	}
	return n
}
