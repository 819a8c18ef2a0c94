package xmlstream

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

// Buffered is the number of bytes that the Splitter holds.
func (s *Splitter) Buffered() int {
	n := cap(s.pend)
	if s.lost != nil {
		n += s.lost.buffered()
	}
	return n
}
