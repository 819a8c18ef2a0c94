package reassembly

// Positions in a direction are sequence numbers that do not wrap at 2^32: the
// first one seen is taken as it is, and later ones as its neighbours.
const origin = 1 << 32

const (
	// window is how far from where a direction stands a segment may be. TCP
	// has room for windows of 2^30 (RFC 7323, section 2.2), but nobody fills
	// them, and a smaller one tells better when ports have been used again.
	window = 1 << 28
	// closedWindow is the same for connections that have ended.
	closedWindow = 1 << 24
	// resetWindow is how far beyond the captured bytes a reset may be.
	resetWindow = 1 << 24
)

// half is one direction of a connection.
type half struct {
	next   int64  // position of the next byte to hand on
	acked  int64  // position up to which the receiver has acknowledged
	fin    int64  // position of the FIN, where finSeen
	latest int64  // the latest run in the history
	gap    *gap   // the hole at next; nil mostly
	base   uint32 // sequence number of the first byte
	stray  uint32 // sequence number that follows the last segment, where strayed

	started bool // next, acked and base are known
	synced  bool // from a SYN
	vague   bool // from an empty segment, which may have been a probe one byte early
	carried bool // bytes or holes have been handed on
	seen    bool // a frame of this direction has been captured
	strayed bool // the last segment was out of any window
	finSeen bool
	ended   bool
}

func (h *half) begin(at int64) {
	h.next, h.acked, h.base, h.started = at, at, uint32(at), true
}

// front is the position that is known to have been reached.
func (h *half) front() int64 { return max(h.next, h.acked) }

// position finds the place of a sequence number. It is false where no window
// reaches there.
func (h *half) position(seq uint32) (at int64, near bool) {
	if !h.started {
		return origin + int64(seq), true
	}
	front := h.front()
	distance := int64(int32(seq - uint32(front)))
	return front + distance, -window <= distance && distance <= window
}

// acknowledge takes an acknowledgement by the receiver. Where nothing of the
// direction has been captured it says where the capture begins.
func (h *half) acknowledge(ack uint32) {
	if !h.started {
		h.begin(origin + int64(ack))
		return
	}
	if at, near := h.position(ack); near && at > h.acked {
		h.acked = at
	}
}

// lacking says that there may be a hole.
func (h *half) lacking() bool {
	return !h.ended && (h.gap != nil || h.acked > h.next || h.finSeen)
}

// payload takes the payload of a segment that begins at a position, and its
// FIN.
func (a *Assembler) payload(c *Conn, side Side, at int64, s *segment) {
	h := &c.half[side]
	if !h.started {
		h.begin(at)
		h.vague = s.size == 0
	}
	if h.ended {
		return
	}
	if s.size > 0 {
		a.data(c, side, at, s)
	}
	if s.has(flagFIN) {
		h.finish(at + int64(s.size))
	}
	a.settle(c, side)
}

// data takes the bytes of a segment that has some.
func (a *Assembler) data(c *Conn, side Side, at int64, s *segment) {
	h := &c.half[side]
	if s.size == 1 && at+1 == h.acked {
		// Perhaps a probe at the end of a hole: whether the hole has been
		// given up is to be settled first.
		a.watch(c, side, 0)
	}
	if s.size == 1 && at == h.next-1 {
		return
	}
	if !h.carried && !h.synced && (at < h.next || h.vague && at == h.next+1) {
		h.next, h.base = at, uint32(at)
	}
	data, end := s.data, at+int64(s.size)
	if h.finSeen && end > h.fin {
		end = max(at, h.fin)
		data = data[:min(len(data), int(end-at))]
	}
	if at == h.next && (h.gap == nil || end <= h.gap.begins()) {
		a.deliver(c, side, data, a.number, a.now)
		a.cutOff(c, side, piece{end: end, frame: a.number, time: a.now, kept: len(a.frame.Data)})
		return
	}
	a.disordered(c, side, at, end, data)
}

// disordered takes bytes that come before or after their turn, or compete
// with others. Those in [at+len(data), end) were not captured.
func (a *Assembler) disordered(c *Conn, side Side, at, end int64, data []byte) {
	h := &c.half[side]
	conflict := 0
	if at < h.next {
		old := min(len(data), int(h.next-at))
		conflict = a.history.differing(h.latest, at, data[:old])
		at, data = h.next, data[old:]
	}
	if at < end {
		g := a.hold(c, side)
		before := g.bytes
		conflict += g.insert(piece{at, end, data, a.number, a.now, len(a.frame.Data)})
		a.buffered += g.bytes - before
	}
	if conflict > 0 {
		a.stats.Conflicts += int64(conflict)
		a.handler.Chunk(c, Chunk{From: side, Conflict: conflict, Frame: a.number, Time: a.now})
	}
	a.settle(c, side)
	a.restrain(c, side)
}

// finish takes a FIN. One before bytes that have been captured is a lie.
func (h *half) finish(at int64) {
	if h.finSeen || at < h.next || h.gap != nil && at < h.gap.ends() {
		return
	}
	h.fin, h.finSeen = at, true
}

// settle hands on what need not wait any longer, and ends the side when it has
// come to its FIN.
func (a *Assembler) settle(c *Conn, side Side) {
	h := &c.half[side]
	for h.gap != nil && h.gap.begins() == h.next {
		p := h.gap.pop()
		a.buffered -= p.cost()
		a.deliver(c, side, p.data, p.frame, p.time)
		a.cutOff(c, side, p)
	}
	if h.finSeen && h.next == h.fin {
		a.end(c, side, EndFIN)
	}
}

// deliver hands on the next bytes, if any.
func (a *Assembler) deliver(c *Conn, side Side, data []byte, frame int, time int64) {
	if len(data) == 0 {
		return
	}
	h := &c.half[side]
	h.latest = a.history.add(h.latest, h.next, data)
	h.next += int64(len(data))
	h.carried = true
	a.handler.Chunk(c, Chunk{From: side, Data: data, Frame: frame, Time: time})
}

// miss hands on the loss of the bytes up to a position, if any.
func (a *Assembler) miss(c *Conn, side Side, end int64) {
	a.lose(c, Chunk{From: side, Missed: end - c.half[side].next, Frame: a.number, Time: a.now})
}

// cutOff hands on the loss of what the capture did not keep of a piece, if any.
func (a *Assembler) cutOff(c *Conn, side Side, p piece) {
	a.lose(c, Chunk{From: side, Missed: p.end - c.half[side].next, Cut: p.kept, Frame: p.frame, Time: p.time})
}

func (a *Assembler) lose(c *Conn, hole Chunk) {
	if hole.Missed <= 0 {
		return
	}
	h := &c.half[hole.From]
	h.next += hole.Missed
	h.carried = true
	a.stats.Missed += hole.Missed
	a.handler.Chunk(c, hole)
}
