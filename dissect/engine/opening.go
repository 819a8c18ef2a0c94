package engine

import "talktrace/dissect"

// opening is the layer for bytes inside TLS, or behind a proxy, of which nothing
// is known yet. As soon as they show what they are, another layer takes over.
type opening struct {
	stack   stack
	via     string
	open    bool // they do not come out of TLS: there may be anything
	inner   dissect.Layer
	foreign bool       // they are nothing of ours
	heads   [2]verdict // what the first bytes of each side say
	held    []opened
	size    int
}

// opened is what was opened, or lost, before it was recognized.
type opened struct {
	from dissect.Sender
	dissect.Bytes
	missing int64
	cut     int // see dissect.Context.Cut
}

var _ dissect.Layer = (*opening)(nil)

// Data implements dissect.Layer.
func (o *opening) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	switch {
	case o.inner != nil:
		o.inner.Data(c, from, b)
		return
	case o.foreign:
		return
	}
	var head []byte
	for _, h := range o.held {
		if h.from == from {
			head = append(head, h.Data...)
		}
	}
	head = append(head, b.Data...)
	o.hold(opened{from: from, Bytes: b})
	if o.inner = o.recognize(from, head); o.inner != nil {
		o.replay(c)
	} else if !o.waits() {
		o.foreign, o.held = true, nil
		tellMCS(c, from, o.via, head)
	}
}

// recognize returns the layer for bytes of which one side began with head, or
// nil.
func (o *opening) recognize(from dissect.Sender, head []byte) (layer dissect.Layer) {
	v := sniff(head)
	switch {
	case o.open, v == socks, v == announced:
		layer, v = o.stack.layer(o.via, v, head)
	case v == web:
		layer = o.stack.http(o.via)
	case v == header:
		layer = o.stack.xmpp(o.via, false)
	case v == element, v == alien && o.stack.hinted:
		layer = o.stack.xmpp(o.via, true)
	}
	o.heads[from] = v
	return layer
}

// waits reports whether more bytes may still show what there is. Where no port
// speaks for XMPP, one side that says something else is proof; but behind a loss,
// any chunk may still be a beginning.
func (o *opening) waits() bool {
	judged := [2]bool{o.heads[0] != unknown, o.heads[1] != unknown}
	switch {
	case !judged[0] && !judged[1]:
		return o.size <= maxHeld
	case !o.open || judged[0] && judged[1]:
		return false
	case o.stack.hinted:
		return o.size <= maxHeld
	case o.stack.late:
		o.held, o.size, o.heads = nil, 0, [2]verdict{}
		return true
	}
	return false
}

// replay hands what was held to the layer that has taken over.
func (o *opening) replay(c *dissect.Context) {
	held := o.held
	o.held = nil
	for _, h := range held {
		if h.missing > 0 {
			c.Cut = h.cut
			o.inner.Gap(c, h.from, h.missing)
			c.Cut = 0
		} else {
			o.inner.Data(c, h.from, h.Bytes)
		}
	}
}

// hold keeps what came, with its bytes copied.
func (o *opening) hold(h opened) {
	h.Data = append([]byte(nil), h.Data...)
	o.held = append(o.held, h)
	o.size += len(h.Data) + 64
}

// Gap implements dissect.Layer.
func (o *opening) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	if o.inner != nil {
		o.inner.Gap(c, from, n)
	} else if !o.foreign {
		o.hold(opened{from: from, missing: n, cut: c.Cut})
	}
}

// End implements dissect.Layer. Where a port speaks for XMPP, the few bytes there
// are behind a proxy count as its beginning.
func (o *opening) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	if o.inner == nil && !o.foreign && o.open && o.stack.hinted && o.said(from) && o.heads[from] == unknown {
		o.inner = o.stack.xmpp(o.via, o.stack.late)
		o.replay(c)
	}
	if o.inner != nil {
		o.inner.End(c, from, how)
	}
}

// said reports whether bytes of a side are held.
func (o *opening) said(from dissect.Sender) bool {
	for _, h := range o.held {
		if h.from == from && len(h.Data) > 0 {
			return true
		}
	}
	return false
}
