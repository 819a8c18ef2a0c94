package engine

import "talktrace/dissect"

// doubtful is the layer for TLS on a port that says nothing, whose client does
// not ask for XMPP: most likely a browser's, but WebSocket and BOSH look the same
// from outside. Its rows are held back until what is inside has rows of its own.
// It is worth the while where there are keys.
type doubtful struct {
	layer   dissect.Layer // of TLS
	held    []dissect.Event
	certain bool // it is ours
	foreign bool // it is not
}

// maxDoubtful bounds the rows that are held back: those of a handshake, and of
// some data that no key opens.
const maxDoubtful = 48

var (
	_ dissect.Layer  = (*doubtful)(nil)
	_ dissect.Waiter = (*doubtful)(nil)
)

// Data implements dissect.Layer.
func (d *doubtful) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	d.do(c, func() { d.layer.Data(c, from, b) })
}

// Gap implements dissect.Layer.
func (d *doubtful) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	d.do(c, func() { d.layer.Gap(c, from, n) })
}

// End implements dissect.Layer.
func (d *doubtful) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	d.do(c, func() { d.layer.End(c, from, how) })
}

// Poll implements dissect.Waiter.
func (d *doubtful) Poll(c *dissect.Context, last bool) (waits bool) {
	w, ok := d.layer.(dissect.Waiter)
	if !ok || d.foreign {
		return false
	}
	d.do(c, func() { waits = w.Poll(c, last) })
	return waits && !d.foreign
}

// do lets the layer do its work, and decides on the rows that come of it.
func (d *doubtful) do(c *dissect.Context, work func()) {
	switch {
	case d.certain:
		work()
		return
	case d.foreign:
		return
	}
	rows := c.Aside(d, work)
	for i := range rows {
		d.certain = d.certain || rows[i].Kind != dissect.KindTLS && rows[i].Kind != dissect.KindGap && rows[i].Kind != dissect.KindEnd || rows[i].Protocol == protocolMCS
	}
	d.held = append(d.held, rows...)
	switch {
	case d.certain:
		for i := range d.held {
			c.Readmit(&d.held[i])
		}
		d.held = nil
	case len(d.held) > maxDoubtful:
		*d = doubtful{foreign: true}
	}
}
