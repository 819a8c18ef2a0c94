package reassembly

import "encoding/binary"

// conn is what the assembler keeps of a connection.
type conn struct {
	half    [2]half // by Side
	links   [chains]link
	touched int  // Stats.Segments when it was last put behind all open connections
	lower   Side // the side whose endpoint comes first in the key
	closed  bool // in the list of closed connections, or forgotten
	reset   bool // a reset was believed
	byReset Side // who sent it
	resetAt struct {
		frame int
		time  int64
	}
	waiting bool // in the list of those that wait
	talks   bool // a segment with bytes has been captured
}

// Opening reports whether no segment with bytes has been captured yet: the
// handshake is under way, or has just been completed.
func (c *Conn) Opening() bool { return !c.talks }

// side returns who sent a segment.
func (c *Conn) side(s *segment) Side { return Side(s.from) ^ c.lower }

// over says that both sides have ended.
func (c *Conn) over() bool { return c.half[0].ended && c.half[1].ended }

func (c *Conn) key() (k key) {
	for side, addr := range c.Addr {
		e := &k[Side(side)^c.lower]
		ip := addr.Addr().As16()
		copy(e[:16], ip[:])
		binary.BigEndian.PutUint16(e[16:], addr.Port())
	}
	return k
}

// segment takes a TCP segment.
func (a *Assembler) segment(s *segment) {
	c := a.conns[s.key]
	if c != nil && c.supersededBy(s) {
		a.forget(c, EndReused)
		c = nil
	}
	if c == nil {
		c = a.begin(s)
	}
	c.talks = c.talks || s.size > 0
	if a.segments != nil {
		a.segments(Segment{Conn: c, From: c.side(s), Size: s.size, Frames: append(a.parts, a.number)})
	}
	side := c.side(s)
	h, peer := &c.half[side], &c.half[side.Other()]
	if s.has(flagSYN) {
		c.synchronize(side, s)
		a.opening(c, s)
	} else if c.Opened[2] == 0 && c.Opened[1] != 0 && side == c.Initiator {
		c.Opened[2] = a.now
	}
	at, near := h.position(s.seq)
	if !near {
		a.stats.Strays++
		h.strayed, h.stray = s.size > 0, s.seq+uint32(s.size)
		return
	}
	h.seen, h.strayed = true, false
	a.touch(c)
	if s.has(flagRST) {
		a.reset(c, side, at)
	} else {
		if s.has(flagSYN) {
			at++
		}
		if s.has(flagACK) {
			peer.acknowledge(s.ack)
		}
		a.payload(c, side, at, s)
	}
	if c.waiting || h.lacking() || peer.lacking() {
		a.watch(c, 0, 1)
		a.watch(c, 1, 1)
	}
}

// begin makes a connection of its first segment.
func (a *Assembler) begin(s *segment) *Conn {
	c := &Conn{Number: a.stats.Connections}
	c.Addr[0], c.Addr[1] = s.key[s.from].addrPort(), s.key[1-s.from].addrPort()
	c.lower = Side(s.from)
	c.touched = a.stats.Segments
	a.stats.Connections++
	a.conns[s.key] = c
	a.open.push(c)
	for a.open.len > a.limits.Connections {
		a.stats.Evicted++
		a.forget(a.open.first, EndEvicted)
	}
	return c
}

// touch keeps the open connections in the order of their last use. To be off
// by a quarter of them is good enough, and spares most of the moves.
func (a *Assembler) touch(c *Conn) {
	if c.closed || a.stats.Segments-c.touched <= a.limits.Connections/4 {
		return
	}
	a.open.remove(c)
	a.open.push(c)
	c.touched = a.stats.Segments
}

// supersededBy says whether a segment cannot belong to c, but to a later
// connection between the same endpoints.
func (c *Conn) supersededBy(s *segment) bool {
	side := c.side(s)
	h, peer := &c.half[side], &c.half[side.Other()]
	if s.has(flagRST) {
		return false
	}
	if s.has(flagSYN) {
		return c.renewedBy(side, s)
	}
	if s.size == 0 || !h.started {
		return false
	}
	at, near := h.position(s.seq)
	switch {
	case c.over():
		return !near || at < h.next-closedWindow || at > h.next+closedWindow
	case near:
		return false
	case h.strayed && h.stray == s.seq:
		// One segment from nowhere may be garbage; two that follow each
		// other are a connection.
		return true
	case s.has(flagACK) && peer.started:
		_, near = peer.position(s.ack)
		return !near
	}
	return false
}

// renewedBy says whether a SYN begins another connection, and is not merely
// sent again, or the other half of a simultaneous open.
func (c *Conn) renewedBy(side Side, s *segment) bool {
	h, peer := &c.half[side], &c.half[side.Other()]
	switch {
	case !h.started:
		return c.reset
	case h.base == s.seq+1:
		return false
	case h.ended:
		return true
	case s.has(flagACK) && peer.synced && peer.base == s.ack:
		return false // a second answer to the same SYN, as SYN cookies may give
	}
	return true
}

// synchronize takes the sequence number of a SYN. Data may have been captured
// before it, where a tap has changed the order.
func (c *Conn) synchronize(side Side, s *segment) {
	if !c.Handshake {
		c.Handshake, c.Initiator = true, side
		if s.has(flagACK) {
			c.Initiator = side.Other()
		}
	}
	h := &c.half[side]
	if !h.started || h.base != s.seq+1 && !h.carried && h.gap == nil && !h.finSeen {
		h.begin(origin + int64(s.seq) + 1)
	}
	h.synced = h.synced || h.base == s.seq+1
}

// opening notes the time of a SYN or SYN-ACK, unless it is a copy.
func (a *Assembler) opening(c *Conn, s *segment) {
	step := 0
	if s.has(flagACK) {
		step = 1
	}
	if c.Opened[step] == 0 && c.Opened[2] == 0 {
		c.Opened[step] = a.now
	}
}

// reset takes a RST. It is believed where its sender could be at this point:
// the receiver would demand an exact match (RFC 5961, section 3.2), but it has
// seen what the capture may lack.
func (a *Assembler) reset(c *Conn, side Side, at int64) {
	h := &c.half[side]
	if !h.started {
		h.begin(at)
	}
	if at < h.next || at > h.front()+resetWindow {
		a.stats.Strays++
		return
	}
	if !c.reset {
		c.reset, c.byReset = true, side
		c.resetAt.frame, c.resetAt.time = a.number, a.now
	}
	if !h.ended {
		a.flush(c, side)
		a.end(c, side, EndRST)
	}
	a.close(c)
}

// end ends a side, once.
func (a *Assembler) end(c *Conn, side Side, why EndReason) {
	h := &c.half[side]
	if h.ended {
		return
	}
	h.ended = true
	frame, now := a.number, a.now
	if why == EndReset {
		frame, now = c.resetAt.frame, c.resetAt.time
	}
	a.handler.End(c, side, why, frame, now)
	if c.over() {
		a.close(c)
	}
}

// close puts a connection that has ended among those that are only remembered.
// After a reset, one side may still have bytes under way.
func (a *Assembler) close(c *Conn) {
	if c.closed {
		return
	}
	a.open.remove(c)
	a.closed.push(c)
	c.closed = true
	for a.closed.len > closedConnections {
		a.forget(a.closed.first, EndRST)
	}
}

// forget ends what has not ended of a connection and lets go of it.
func (a *Assembler) forget(c *Conn, why EndReason) {
	if c.closed {
		a.closed.remove(c)
	} else {
		a.open.remove(c)
	}
	c.closed = true
	delete(a.conns, c.key())
	for side := range Side(2) {
		a.flush(c, side)
		switch {
		case c.reset && side != c.byReset:
			a.end(c, side, EndReset)
		case c.reset:
			a.end(c, side, EndRST)
		default:
			a.end(c, side, why)
		}
		a.watch(c, side, 0)
	}
	a.handler.Free(c)
}
