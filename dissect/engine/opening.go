package engine

import "talktrace/dissect"

// opening is the layer for bytes inside TLS of which nothing is known yet. As
// soon as they show what they are, another layer takes over.
type opening struct {
	stack   stack
	via     string
	inner   dissect.Layer
	foreign bool // they are nothing of ours
	held    []opened
	size    int
}

// opened is what was opened, or lost, before it was recognized.
type opened struct {
	from dissect.Sender
	dissect.Bytes
	missing int64
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
	switch v := sniff(head); {
	case v == web:
		o.inner = o.stack.http(o.via)
	case v == header:
		o.inner = o.stack.xmpp(o.via, false)
	case v == element, v == alien && o.stack.hinted:
		o.inner = o.stack.xmpp(o.via, true)
	case v == unknown && o.size <= maxHeld:
		return
	default:
		o.foreign, o.held = true, nil
		return
	}
	held := o.held
	o.held = nil
	for _, h := range held {
		if h.missing > 0 {
			o.inner.Gap(c, h.from, h.missing)
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
		o.hold(opened{from: from, missing: n})
	}
}

// End implements dissect.Layer.
func (o *opening) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	if o.inner != nil {
		o.inner.End(c, from, how)
	}
}
