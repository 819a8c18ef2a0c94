package engine

import (
	"talktrace/dissect"
	"talktrace/dissect/proxy"
	"talktrace/dissect/websocket"
)

// worker dissects the connections that fall to it.
type worker struct {
	run *Run
	id  int
	ctx *dissect.Context

	parts parts
	under underway
}

func newWorker(r *Run, id int) *worker {
	return &worker{run: r, id: id, ctx: dissect.NewContext(r.o.Options)}
}

// work goes through the worker's part of every batch.
func (w *worker) work(p *pipe) {
	w.parts = p.parts[w.id]
	w.ctx.HandOver = func() { w.handOver(p.done) }
	for b := range p.work[w.id] {
		r := &b.results[w.id]
		w.ctx.Arena, w.ctx.Events, w.under.index = r.arena, r.events, r.index
		for i := range b.work[w.id] {
			it := &b.work[w.id][i]
			w.under.place = it.index
			w.item(it)
			w.indexed()
			if w.ctx.Arena.Size() > partBytes {
				w.handOver(p.done)
			}
		}
		r.arena, r.events, r.index = w.ctx.Arena, w.ctx.Events, w.under.index
		w.ctx.Arena, w.ctx.Events, w.under.index = dissect.Arena{}, nil, nil
		w.parts.full <- part{result: r, last: true}
	}
}

// item takes up what happened on a connection.
func (w *worker) item(it *item) {
	if it.op == opPoll {
		w.ctx.Frame, w.ctx.Time = it.frame, it.time
		w.ctx.Poll(it.how == dissect.EndCapture)
		return
	}
	c := it.conn
	if c.layer == nil {
		if !c.foreign.Load() {
			w.recognize(c, it)
		}
		return
	}
	w.pass(c, it)
}

// pass hands an item to the connection's layer.
func (w *worker) pass(c *conn, it *item) {
	w.under.conn, w.under.item, w.under.from = c, it, len(w.ctx.Events)
	w.ctx.Frame, w.ctx.Time, w.ctx.Conn, w.ctx.Cut = it.frame, it.time, c.shown, it.cut
	from := c.sender(it.side)
	switch it.op {
	case opData:
		c.layer.Data(w.ctx, from, dissect.Bytes{Data: it.data, Frame: it.frame, Time: it.time})
	case opGap:
		c.layer.Gap(w.ctx, from, it.n)
	case opConflict:
		c.conflicts[it.side].add(it)
	case opEnd:
		c.layer.End(w.ctx, from, it.how)
		w.lastNotes(c, it, from)
		c.ended[it.side] = true
	}
	w.ctx.Cut = 0
	c.shown = w.ctx.Conn // a proxy may have told who the client is
	w.finish()
	w.under.item = nil            // it is the batch's
	if c.ended[0] && c.ended[1] { // it is remembered for a while, but not by us
		c.layer, c.shown = nil, nil
		c.foreign.Store(true)
	}
}

// complete sees to it that no row is complete before it begins. Segments that
// overtook each other come in the order of the stream, so the last byte of a
// row may lie in an earlier frame than its first.
func (w *worker) complete(c *conn, it *item, rows []dissect.Event) {
	last := &c.latest[it.side]
	if it.frame > last.frame {
		*last = place{it.frame, it.time}
	}
	for i := range rows {
		if e := &rows[i]; e.FirstFrame > e.Frame {
			e.Frame, e.Time = last.frame, last.time
		}
	}
}

// lastNotes gives the notes that found no row one of their own.
func (w *worker) lastNotes(c *conn, it *item, from dissect.Sender) {
	if c.conflicts[0].segments+c.conflicts[1].segments == 0 || it.how == dissect.EndFIN {
		return
	}
	e := w.ctx.Emit(from, dissect.KindEnd)
	e.Protocol, e.Layers, e.How = "TCP", "tcp", it.how
	e.Info = w.ctx.Arena.Printf("the connection ends")
}

// recognize looks at the bytes of a connection that has no layer yet, and lays
// one as soon as they tell which.
func (w *worker) recognize(c *conn, it *item) {
	switch it.op {
	case opConflict:
		c.conflicts[it.side].add(it)
		return
	case opEnd:
		w.endUnknown(c, it)
		return
	case opGap:
		c.hold(it)
		return
	}
	hinted, forced := w.hinted(c)
	head := it.data
	if c.heads[it.side] == unknown {
		head = c.head(it)
	}
	v := sniff(head)
	c.heads[it.side] = v
	c.hold(it)
	layer := w.decide(c, it.side, v, head, hinted, forced)
	if layer == nil {
		w.giveUp(c, it.side, hinted)
		return
	}
	c.open(w.clientOf(c, it.side, head), layer)
	if v != web && v != socks && v != announced {
		w.run.streams.Add(1)
	}
	w.replay(c)
}

// endUnknown ends a side of a connection that has not been recognized. Where a
// port speaks for XMPP, the few bytes there are count as its beginning.
func (w *worker) endUnknown(c *conn, it *item) {
	hinted, _ := w.hinted(c)
	if hinted && c.heads[it.side] == unknown && c.said(it.side) {
		c.open(w.clientOf(c, it.side, nil), newStack(w.run, c, hinted, "").xmpp("tcp", !c.handshake))
		w.run.streams.Add(1)
		w.replay(c)
		w.pass(c, it)
		return
	}
	if it.how != dissect.EndFIN { // the other side may still speak
		c.held = nil
		c.foreign.Store(true)
	}
}

// hinted reports whether a port speaks for XMPP, and what the user has fixed.
func (w *worker) hinted(c *conn) (hinted bool, forced string) {
	for _, a := range c.addr {
		if f := w.run.o.Ports[a.Port()]; f != "" {
			forced = f
		}
		hinted = hinted || xmppPorts[a.Port()]
	}
	return hinted || forced != "", forced
}

// decide returns the layer that the verdict on a side calls for, or nil.
func (w *worker) decide(c *conn, side uint8, v verdict, head []byte, hinted bool, forced string) dissect.Layer {
	layer, v := newStack(w.run, c, hinted, forced).layer("tcp", v, head)
	c.heads[side] = v
	return layer
}

// framed reports whether bytes begin a WebSocket frame with XMPP in it.
func framed(b []byte) bool {
	for _, masked := range [...]bool{true, false} {
		if yes, _ := websocket.LooksLike(b, masked); yes {
			return true
		}
	}
	return false
}

// saysOther reports whether bytes begin another protocol's conversation.
func saysOther(b []byte) bool {
	for _, s := range [...]string{"SSH-", "PUT ", "220 ", "EHLO ", "<policy-file"} {
		if len(b) >= len(s) && string(b[:len(s)]) == s {
			return true
		}
	}
	return proxy.LooksLikeLogin(b)
}

// giveUp stops looking at a connection that cannot become ours any more. Where
// no port speaks for it, one side that begins with something else is proof; of
// a connection that the capture came late to, any chunk may still be a header.
func (w *worker) giveUp(c *conn, side uint8, hinted bool) {
	judged := c.heads[side] != unknown
	switch {
	case judged && !hinted && !c.handshake:
		c.held, c.size = nil, 0
		return
	case judged && !hinted, c.heads[0] != unknown && c.heads[1] != unknown, c.size > maxHeld:
		c.held = nil
		c.foreign.Store(true)
	}
}

// clientOf says which side is the client: the one that opened the connection;
// else the one without a server's port; else what is said decides; else the one
// with the higher port.
func (w *worker) clientOf(c *conn, side uint8, head []byte) uint8 {
	if c.handshake {
		return c.initiator
	}
	server := [2]bool{}
	for i, a := range c.addr {
		server[i] = xmppPorts[a.Port()] || w.run.o.Ports[a.Port()] != ""
	}
	if server[0] != server[1] {
		if server[0] {
			return 1
		}
		return 0
	}
	switch speaks(head) {
	case 1:
		return side ^ 1
	case -1:
		return side
	}
	if c.addr[0].Port() < c.addr[1].Port() {
		return 1
	}
	return 0
}

// head returns the first bytes of a side, with those that have just come.
func (c *conn) head(it *item) []byte {
	var b []byte
	for i := range c.held {
		if h := &c.held[i]; h.side == it.side && h.op == opData {
			b = append(b, h.data...)
		}
	}
	if b == nil {
		return it.data
	}
	return append(b, it.data...)
}

// hold keeps an item until the connection is recognized.
func (c *conn) hold(it *item) {
	h := *it
	h.data = append([]byte(nil), it.data...)
	c.held = append(c.held, h)
	c.size += len(it.data) + 64
}

// replay hands what was held to the layer.
func (w *worker) replay(c *conn) {
	held := c.held
	c.held, c.size = nil, 0
	for i := range held {
		w.pass(c, &held[i])
	}
}
