package engine

import (
	"fmt"

	"talktrace/dissect"
)

// worker dissects the connections that fall to it.
type worker struct {
	run *Run
	id  int
	ctx *dissect.Context
}

func newWorker(r *Run, id int) *worker {
	return &worker{run: r, id: id, ctx: dissect.NewContext(r.o.Options)}
}

// work goes through the worker's part of every batch.
func (w *worker) work(p *pipe) {
	for b := range p.work[w.id] {
		r := &b.results[w.id]
		w.ctx.Arena, w.ctx.Events = r.arena, r.events
		for i := range b.work[w.id] {
			it := &b.work[w.id][i]
			w.item(it)
			for len(r.index) < len(w.ctx.Events) {
				r.index = append(r.index, it.index)
			}
		}
		r.arena, r.events = w.ctx.Arena, w.ctx.Events
		w.ctx.Arena, w.ctx.Events = dissect.Arena{}, nil
		b.pending.Done()
	}
}

// item takes up what happened on a connection.
func (w *worker) item(it *item) {
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
	before := len(w.ctx.Events)
	w.ctx.Frame, w.ctx.Time, w.ctx.Conn = it.frame, it.time, c.shown
	from := c.sender(it.side)
	switch it.op {
	case opData:
		c.layer.Data(w.ctx, from, dissect.Bytes{Data: it.data, Frame: it.frame, Time: it.time})
	case opGap:
		c.layer.Gap(w.ctx, from, it.n)
	case opConflict:
		c.notes = append(c.notes, conflict(from, it))
	case opEnd:
		c.layer.End(w.ctx, from, it.how)
		w.lastNotes(c, it, from)
	}
	w.complete(c, it, w.ctx.Events[before:])
	if len(c.notes) > 0 && it.op != opConflict && len(w.ctx.Events) > before {
		e := &w.ctx.Events[before]
		e.Notes = append(e.Notes, c.notes...)
		c.notes = nil
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
	if len(c.notes) == 0 || it.how == dissect.EndFIN {
		return
	}
	e := w.ctx.Emit(from, dissect.KindEnd)
	e.Protocol, e.Layers = "TCP", "tcp"
	e.Info = w.ctx.Arena.Printf("the connection ends")
}

func conflict(from dissect.Sender, it *item) dissect.Note {
	return dissect.Note{
		Severity: dissect.Warning, ID: "tcp-overlap-conflict",
		Text: fmt.Sprintf("frame %d: the %s sent %d bytes again with another content; the first copy counts", it.frame, from, it.n),
	}
}

// recognize looks at the bytes of a connection that has no layer yet, and lays
// one as soon as they tell which.
func (w *worker) recognize(c *conn, it *item) {
	switch it.op {
	case opConflict:
		c.hold(it)
		return
	case opEnd:
		if it.how != dissect.EndFIN { // the other side may still speak
			c.held = nil
			c.foreign.Store(true)
		}
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
	w.run.streams.Add(1)
	w.replay(c)
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
	late := !c.handshake
	switch {
	case forced == "tls":
		return newStack(w.run, c).tls("tcp")
	case v == record && hinted:
		return newStack(w.run, c).tls("tcp")
	case v == record:
		if v = wantsXMPP(head); v == header {
			return newStack(w.run, c).tls("tcp")
		}
		c.heads[side] = v
	case v == fakeHead:
		return &sslTCP{inner: newStack(w.run, c).xmpp("tcp", late)}
	case v == header, forced == "xmpp" && v != unknown:
		return newStack(w.run, c).xmpp("tcp", late)
	case v == element && (hinted || late && isStanza(head)), v == alien && late && hinted && !saysOther(head):
		return newStack(w.run, c).xmpp("tcp", true)
	}
	return nil
}

// saysOther reports whether bytes begin another protocol's conversation.
func saysOther(b []byte) bool {
	for _, s := range [...]string{"SSH-", "GET ", "POST ", "PUT ", "HEAD ", "HTTP/", "OPTIONS ", "CONNECT ", "220 ", "EHLO ", "<policy-file"} {
		if len(b) >= len(s) && string(b[:len(s)]) == s {
			return true
		}
	}
	return false
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
	h := heldChunk{item: *it}
	h.data = append([]byte(nil), it.data...)
	c.held = append(c.held, h)
	c.size += len(it.data) + 64
}

// replay hands what was held to the layer.
func (w *worker) replay(c *conn) {
	held := c.held
	c.held, c.size = nil, 0
	for i := range held {
		w.pass(c, &held[i].item)
	}
}
