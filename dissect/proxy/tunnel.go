// Package proxy sees through what stands in front of a conversation: SOCKS 4, 4a
// and 5, HTTP's CONNECT, and the header in which haproxy tells a server who its
// client is.
//
// Such a handshake says nothing of what is spoken behind it, and most of what
// goes through proxies is no XMPP. So its rows wait until there is a row from
// inside, and are dropped if there never is one (tunnel.go); only where a port
// speaks for XMPP, and where a SOCKS proxy refuses, they come at once. SOCKS is
// in socks.go, its messages in message.go and words.go; CONNECT, which package
// http finds, in connect.go; the header of haproxy in header.go, v1.go and v2.go.
package proxy

import (
	"strconv"

	"talktrace/dissect"
)

// Options say where a proxy was found and what goes through it.
type Options struct {
	// Via is the Layers column of what the proxy is spoken in, such as "tcp".
	Via string
	// Shown lets all rows come at once: a port of the connection speaks for XMPP.
	Shown bool
	// Speaks reports whether the port of a destination speaks for XMPP; nil
	// means that none does.
	Speaks func(port uint16) bool
	// Inner makes the layer for what goes through, inside via. The port is that
	// of the destination, 0 where it is not known. late is set where bytes before
	// the first ones may be lost.
	Inner func(via string, port uint16, late bool) dissect.Layer
}

// maxWaiting bounds the rows that wait. Clients that ask a proxy again and again
// on one connection have more of them; the latest count.
const maxWaiting = 16

// tunnel is what all proxies have in common: rows that may have to wait, and
// what goes through.
type tunnel struct {
	o        Options
	layers   string // the Layers column
	protocol string // the Protocol column
	hides    bool   // the server's address is not that of the destination
	shown    bool   // rows need not wait
	waiting  []row
	port     uint16 // of the destination; 0 where it is not known
	late     bool   // bytes were lost before it
	inner    dissect.Layer

	first func(c *dissect.Context) // prelude, as a value
	outer func(c *dissect.Context) // what is to come before the rows that wait
}

// row is a row of the proxy's own.
type row struct {
	from         dissect.Sender
	kind         string
	frame, first int
	time         int64
	length       int
	missing      int64
	info         string
	notes        []dissect.Note
}

// rowOf begins a row of the usual kind for a message of that size.
func rowOf(from dissect.Sender, at dissect.Bytes, size int, info string) row {
	return row{from: from, kind: dissect.KindProxy, frame: at.Frame, first: at.FirstFrame(), time: at.Time, length: size, info: info}
}

// tell makes a row, or lets it wait.
func (t *tunnel) tell(c *dissect.Context, r row) {
	if t.shown {
		t.emit(c, r)
		return
	}
	if len(t.waiting) == maxWaiting {
		t.waiting = append(t.waiting[:0], t.waiting[1:]...)
	}
	t.waiting = append(t.waiting, r)
}

// gap tells of bytes of the handshake that are lost.
func (t *tunnel) gap(c *dissect.Context, from dissect.Sender, n int64) {
	t.late = true
	t.tell(c, row{from: from, kind: dissect.KindGap, frame: c.Frame, first: c.Frame, time: c.Time, missing: n})
}

// show lets the rows that wait come, and all others at once from now on.
func (t *tunnel) show(c *dissect.Context) {
	waiting := t.waiting
	t.shown, t.waiting = true, nil
	for _, r := range waiting {
		t.emit(c, r)
	}
}

func (t *tunnel) emit(c *dissect.Context, r row) {
	var e *dissect.Event
	if r.kind == dissect.KindGap {
		e = c.Gap(r.from, t.layers, r.missing)
	} else {
		e = c.Emit(r.from, r.kind)
		e.Protocol, e.Layers, e.Length, e.Missing = t.protocol, t.layers, r.length, r.missing
		e.Info = c.Arena.Copy([]byte(r.info))
	}
	e.Frame, e.FirstFrame, e.Time, e.Notes = r.frame, r.first, r.time, r.notes
}

// unfinished tells, where rows need not wait, of a message that the end has cut.
func (t *tunnel) unfinished(c *dissect.Context, from dissect.Sender, first, size int) {
	if size == 0 || !t.shown {
		return
	}
	r := rowOf(from, dissect.Bytes{Frame: c.Frame, First: first, Time: c.Time}, size, "beginning of a message, "+count(size))
	r.kind = dissect.KindUnfinished
	t.emit(c, r)
}

// data hands on bytes to what goes through.
func (t *tunnel) data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	inner := t.inside(c)
	t.enter(c)
	inner.Data(c, from, b)
	t.leave(c)
}

// lost hands on a gap.
func (t *tunnel) lost(c *dissect.Context, from dissect.Sender, n int64) {
	inner := t.inside(c)
	t.enter(c)
	inner.Gap(c, from, n)
	t.leave(c)
}

// end hands on the end of a direction.
func (t *tunnel) end(c *dissect.Context, from dissect.Sender, how dissect.End) {
	if t.inner == nil {
		return
	}
	t.enter(c)
	t.inner.End(c, from, how)
	t.leave(c)
}

// inside returns the layer for what goes through. What that learns of the name of
// a server is not to be taken for the name of the proxy.
func (t *tunnel) inside(c *dissect.Context) dissect.Layer {
	if t.inner == nil {
		t.inner = t.o.Inner(t.layers, t.port, t.late)
		if t.hides {
			conn := *c.Conn // rows that were made keep theirs
			conn.Relayed = true
			c.Conn = &conn
		}
	}
	return t.inner
}

// enter has the rows that wait come before the next one, which shows that there
// is something of interest inside.
func (t *tunnel) enter(c *dissect.Context) {
	if t.shown {
		return
	}
	if t.first == nil {
		t.first = t.prelude
	}
	t.outer, c.Prelude = c.Prelude, t.first
}

// prelude is called by the context before the first row from inside.
func (t *tunnel) prelude(c *dissect.Context) {
	t.outer, c.Prelude = nil, t.outer
	t.show(c)
}

// leave undoes enter, if there was no row.
func (t *tunnel) leave(c *dissect.Context) {
	if !t.shown {
		t.outer, c.Prelude = nil, t.outer
	}
}

// toward keeps where the proxy is to connect to.
func (t *tunnel) toward(c *dissect.Context, port uint16) {
	t.port = port
	if !t.shown && t.o.Speaks != nil && t.o.Speaks(port) {
		t.show(c)
	}
}

// count says how many bytes.
func count(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return strconv.Itoa(n) + " bytes"
}
