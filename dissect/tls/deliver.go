package tls

import "talktrace/dissect"

// deliver hands data that was opened, which lies in the arena and whose record
// began in frame, to the layer inside.
func (l *Layer) deliver(c *dissect.Context, from dissect.Sender, plain []byte, frame int) {
	if len(plain) == 0 || l.options.Inner == nil {
		return
	}
	if l.inner == nil {
		if l.inner = l.options.Inner(l.layers); l.inner == nil {
			l.options.Inner = nil
			return
		}
	}
	l.tellOwed(c, from)
	b := dissect.Bytes{Data: plain, Frame: c.Frame, Time: c.Time}
	if frame != c.Frame {
		b.First = frame
	}
	l.inner.Data(c, from, b)
}

// tellOwed tells the layer inside of the bytes that it will not get.
func (l *Layer) tellOwed(c *dissect.Context, from dissect.Sender) {
	if s := &l.sides[from].seal; s.owed > 0 {
		n := s.owed
		s.owed = 0
		l.inner.Gap(c, from, n)
	}
}

// closeNotify is the alert by which a side says that nothing more will come (RFC
// 8446 section 6.1).
const closeNotify = "\x01\x00"

// closeInner ends a direction of the layer inside after a close_notify.
func (l *Layer) closeInner(c *dissect.Context, from dissect.Sender) {
	s := &l.sides[from].seal
	if s.closed = true; l.inner != nil {
		l.tellOwed(c, from)
		l.inner.End(c, from, dissect.EndFIN)
	}
}

var noteTruncated = dissect.Note{
	Severity: dissect.Warning, ID: "tls-truncated",
	Text: "the connection was closed without close_notify: something may have been cut off",
}

// endInner ends a direction of the layer inside with the connection.
func (l *Layer) endInner(c *dissect.Context, from dissect.Sender, how dissect.End) {
	s := &l.sides[from].seal
	if s.closed {
		return
	}
	l.tellOwed(c, from)
	before := c.Emitted()
	l.inner.End(c, from, how)
	if how != dissect.EndFIN || s.dead {
		return
	}
	n := min(c.Emitted()-before, len(c.Events))
	for i := len(c.Events) - n; i < len(c.Events); i++ {
		if e := &c.Events[i]; e.Kind == dissect.KindEnd {
			e.Notes = append(e.Notes, noteTruncated)
		}
	}
}
