package reassembly

import (
	"math"
	"slices"
	"sort"
)

const (
	// maxPieces bounds what waits behind the holes of one direction by
	// number, so that putting one more in its place stays cheap.
	maxPieces = 4096
	// pieceCost is the memory that a piece takes besides its data.
	pieceCost = 64

	// A hole that the receiver has acknowledged is given up after so many
	// further segments of the connection, or so many nanoseconds: where a tap
	// brings the two directions together, an acknowledgement may overtake what
	// it acknowledges.
	graceSegments = 3
	grace         = 50e6
	// Any other hole is given up after so many nanoseconds.
	patience = 60e9
)

// piece is a run of bytes that came before its turn.
type piece struct {
	at, end int64  // positions of its first byte and behind its last
	data    []byte // its own copy; nil where the snap length cut the bytes off
	frame   int
	time    int64
	kept    int // bytes that the capture kept of the frame
}

func (p *piece) cost() int { return len(p.data) + pieceCost }

// gap is a hole in a direction, and what waits behind it.
type gap struct {
	pieces []piece // sorted, not overlapping
	bytes  int     // their cost
	start  int64   // where the hole begins
	since  int64   // time since which it begins there
	// The hole's end when all of it had been acknowledged, the time since
	// when, and the segments of the connection since; end is 0 before.
	acked struct {
		end, since int64
		segments   int
	}
}

// begins returns where the first piece begins, beyond everything if there is
// none.
func (g *gap) begins() int64 {
	if len(g.pieces) == 0 {
		return math.MaxInt64
	}
	return g.pieces[0].at
}

// ends returns where the last piece ends.
func (g *gap) ends() int64 {
	if len(g.pieces) == 0 {
		return 0
	}
	return g.pieces[len(g.pieces)-1].end
}

// pop takes the first piece out.
func (g *gap) pop() piece {
	p := g.pieces[0]
	g.bytes -= p.cost()
	g.pieces[0] = piece{}
	g.pieces = g.pieces[1:]
	return p
}

// put makes p the piece with index i.
func (g *gap) put(i int, p piece) {
	g.bytes += p.cost()
	g.pieces = slices.Insert(g.pieces, i, p)
}

// insert puts those bytes of p into place that are not among the pieces yet,
// or only as bytes that were cut off. It returns how many of the others differ
// from those already there, which stay. Behind p.data, what is left up to p.end
// was cut off.
func (g *gap) insert(p piece) (conflict int) {
	at, captured := p.at, p.at+int64(len(p.data))
	i := sort.Search(len(g.pieces), func(i int) bool { return g.pieces[i].end > at })
	for at < p.end {
		for i < len(g.pieces) && g.pieces[i].end <= at {
			i++
		}
		end := p.end
		if at < captured {
			end = captured
		}
		if at < g.begin(i) {
			end = min(end, g.begin(i))
			g.put(i, p.part(at, end))
			at = end
			continue
		}
		q := &g.pieces[i]
		end = min(end, q.end)
		switch {
		case at >= captured: // nothing better than what is there
		case q.data != nil:
			conflict += differing(p.data[at-p.at:end-p.at], q.data[at-q.at:end-q.at])
		default:
			g.replace(i, p.part(at, end))
		}
		at = end
	}
	return conflict
}

// part returns the piece of p from one position to another, with a copy of the
// bytes if there are any.
func (p *piece) part(at, end int64) piece {
	part := piece{at: at, end: end, frame: p.frame, time: p.time, kept: p.kept}
	if from := int(at - p.at); from < len(p.data) {
		part.data = append([]byte(nil), p.data[from:int(end-p.at)]...)
	}
	return part
}

// replace puts p in the place of a part of the piece with index i, which has
// no bytes.
func (g *gap) replace(i int, p piece) {
	q := g.pieces[i]
	g.bytes -= q.cost()
	g.pieces = slices.Delete(g.pieces, i, i+1)
	if p.end < q.end {
		g.put(i, q.part(p.end, q.end))
	}
	g.put(i, p)
	if q.at < p.at {
		g.put(i, q.part(q.at, p.at))
	}
}

// begin returns where the piece with index i begins.
func (g *gap) begin(i int) int64 {
	if i == len(g.pieces) {
		return math.MaxInt64
	}
	return g.pieces[i].at
}

// due says whether the hole, which ends at a position, is to be given up. It
// takes note of how long it has been acknowledged.
func (g *gap) due(end int64, acked bool, now int64, segments int) bool {
	switch {
	case g.acked.end == end:
		g.acked.segments += segments
		if g.acked.segments >= graceSegments || now-g.acked.since >= grace {
			return true
		}
	case acked:
		g.acked.end, g.acked.since, g.acked.segments = end, now, 0
	}
	since := g.since
	if len(g.pieces) > 0 {
		since = g.pieces[0].time
	}
	return now-since >= patience
}

// hole returns where the hole of a direction ends, as far as is known, and
// whether the receiver has acknowledged all of it. There is none where it ends
// at next, or before.
func (c *Conn) hole(side Side) (end int64, acked bool) {
	h, peer := &c.half[side], &c.half[side.Other()]
	switch {
	case h.gap != nil && len(h.gap.pieces) > 0:
		end = h.gap.begins()
	case h.finSeen:
		end = h.fin
	default:
		end = h.acked
		if end == h.next+1 || peer.finSeen {
			end-- // for a FIN that was lost, most likely
		}
	}
	return end, h.acked >= end
}

// hold returns the gap of a direction, which it makes where there is none.
func (a *Assembler) hold(c *Conn, side Side) *gap {
	h := &c.half[side]
	if h.gap == nil {
		h.gap = &gap{start: h.next, since: a.now}
	}
	if !c.waiting {
		c.waiting = true
		a.waiting.push(c)
	}
	return h.gap
}

// watch gives up the hole of a direction when it is time, and stops waiting
// when there is none. segments is 1 where a segment of the connection has been
// taken, else 0.
func (a *Assembler) watch(c *Conn, side Side, segments int) {
	h := &c.half[side]
	for {
		end, acked := c.hole(side)
		// Of a direction in which nothing at all has been captured, the loss
		// is told once, at its end.
		if h.ended || !h.seen || end <= h.next {
			break
		}
		g := a.hold(c, side)
		if g.start != h.next {
			g.start, g.since = h.next, a.now
		}
		if !g.due(end, acked, a.now, segments) {
			return
		}
		a.miss(c, side, end)
		a.settle(c, side)
	}
	h.gap = nil
	if c.waiting && c.half[side.Other()].gap == nil {
		if a.sweeping == c {
			a.sweeping = c.links[byWait].next
		}
		a.waiting.remove(c)
		c.waiting = false
	}
}

// sweep looks after one connection that waits, a different one each frame:
// its own next segment may be far off.
func (a *Assembler) sweep() {
	c := a.sweeping
	if c == nil {
		c = a.waiting.first
	}
	if c == nil {
		return
	}
	a.sweeping = c.links[byWait].next
	a.watch(c, 0, 0)
	a.watch(c, 1, 0)
}

// flush gives up all holes of a direction.
func (a *Assembler) flush(c *Conn, side Side) {
	h := &c.half[side]
	for !h.ended {
		end, _ := c.hole(side)
		if end <= h.next {
			return
		}
		a.miss(c, side, end)
		a.settle(c, side)
	}
}

// restrain gives up holes until what waits is within the limits.
func (a *Assembler) restrain(c *Conn, side Side) {
	h := &c.half[side]
	for h.gap != nil && len(h.gap.pieces) > 0 &&
		(len(h.gap.pieces) > maxPieces || c.held() > a.limits.ConnBuffered) {
		a.stats.Released++
		a.miss(c, side, h.gap.begins())
		a.settle(c, side)
	}
	for a.buffered > a.limits.TotalBuffered && a.waiting.first != nil {
		oldest := a.waiting.first
		for side := range Side(2) {
			if oldest.half[side].seen {
				a.stats.Released++
				a.flush(oldest, side)
			}
			a.watch(oldest, side, 0)
		}
	}
}

// held returns the bytes of memory that wait behind the holes of a connection.
func (c *Conn) held() (n int) {
	for side := range c.half {
		if g := c.half[side].gap; g != nil {
			n += g.bytes
		}
	}
	return n
}
