package websocket

import "talktrace/dissect"

// lose says that the header at hand is none: frames have to be searched for.
func (d *direction) lose(why string, b dissect.Bytes) {
	d.skipped, d.skipFirst, d.skipLast = d.have, d.first, b
	d.forget("no WebSocket frame: " + why)
}

// forget lets go of what was in the making. Why the bytes that come cannot be
// read is told with them.
func (d *direction) forget(reason string) {
	d.lost, d.reason = true, reason
	d.have, d.within, d.left = 0, false, 0
	d.control = d.control[:0]
	d.message.end()
	d.breakContext()
}

// breakContext says that a message was lost, to which later ones may refer.
func (d *direction) breakContext() {
	if d.inflater != nil {
		d.inflater.Reset()
	}
}

// skip counts bytes as passed over.
func (d *direction) skip(b dissect.Bytes) {
	if d.skipped == 0 {
		d.skipFirst = b.FirstFrame()
	}
	d.skipped += len(b.Data)
	d.skipLast = b
}

// resume reports whether a chunk begins with a frame, as chunks often do. If it
// does not, its bytes are passed over.
func (l *Layer) resume(c *dissect.Context, from dissect.Sender, b dissect.Bytes) bool {
	d := &l.dirs[from]
	if l.foreign || len(b.Data) == 0 {
		return false
	}
	if !l.beginsFrame(from, b.Data) {
		d.skip(b)
		return false
	}
	l.tellSkipped(c, from)
	d.lost = false
	return true
}

// beginsFrame reports whether a chunk begins with a frame: one with XMPP in it,
// or others whose headers are right up to such a one or to the end of the chunk.
func (l *Layer) beginsFrame(from dissect.Sender, b []byte) bool {
	for {
		if yes, _ := LooksLike(b, from == dissect.Client); yes {
			l.known = true
			return true
		}
		if !l.known || len(b) < minHeader || len(b) < headerSize(b) {
			return false
		}
		n := headerSize(b)
		h, wrong := parseHeader(b[:n])
		if wrong != "" || h.masked != (from == dissect.Client) || h.opcode == opContinuation ||
			h.compressed && l.agreed.known && !l.agreed.deflate || h.length > int64(len(b)-n) {
			return false
		}
		if b = b[n+int(h.length):]; len(b) == 0 {
			return true
		}
	}
}

// tellSkipped tells of the bytes that were passed over.
func (l *Layer) tellSkipped(c *dissect.Context, from dissect.Sender) {
	d := &l.dirs[from]
	if d.skipped > 0 {
		l.malformed(c, from, d.reason, d.skipped, d.skipFirst, d.skipLast)
	}
	d.skipped, d.skipLast = 0, dissect.Bytes{}
}

// Gap implements dissect.Layer. Where the loss ends within the payload of a
// message's frame, the next frame is where its header says; else it has to be
// searched for.
func (l *Layer) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	d := &l.dirs[from]
	if l.foreign {
		return
	}
	l.tellSkipped(c, from)
	l.cut(c, from, n)
	switch {
	case !l.known:
	case d.stream:
		l.inner.Gap(c, from, n)
	default:
		c.Gap(from, l.layers, n)
	}
	if !d.within || d.left < n || d.frame.control() {
		d.forget("the rest of what was cut by lost bytes")
		return
	}
	d.message.cut = true
	d.breakContext()
	d.left -= n
	if d.within = d.left > 0; !d.within && d.frame.final {
		d.message.end()
	}
}

// cut tells of a message that will not become whole, with so many bytes lost
// behind those that came.
func (l *Layer) cut(c *dissect.Context, from dissect.Sender, missing int64) {
	d := &l.dirs[from]
	m := &d.message
	if !m.open || m.cut || m.size == 0 || !l.known && (m.compressed || !l.judge(m.bytes)) {
		return
	}
	at := dissect.Bytes{First: m.first, Frame: m.last.Frame, Time: m.last.Time}
	before := c.Emitted()
	if m.compressed {
		e := l.row(c, from, dissect.KindUnfinished, at)
		e.Length = int(m.size)
		e.Info = c.Arena.Printf("a compressed message that is not whole, %d %s", m.size, plural(e.Length, "byte", "bytes"))
	} else {
		at.Data = c.Arena.Copy(m.bytes)
		l.handOn(c, from, at)
	}
	if c.Emitted() > before {
		if e := &c.Events[len(c.Events)-1]; e.Kind == dissect.KindUnfinished {
			e.Missing += missing
		}
	}
}

// End implements dissect.Layer.
func (l *Layer) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	d := &l.dirs[from]
	if d.gone || l.foreign {
		return
	}
	d.gone = true
	l.tellSkipped(c, from)
	l.cut(c, from, 0)
	d.forget("")
	if l.told {
		how = dissect.EndCapture // nothing is to be told of it any more
	}
	l.inner.End(c, from, how)
	if l.dirs[0].stream || l.dirs[1].stream {
		return
	}
	if l.known && !l.dirs[0].closed && !l.dirs[1].closed && (how == dissect.EndFIN || how.IsReset()) {
		l.told = true
		e := c.Emit(how.By(from), dissect.KindEnd)
		e.Protocol, e.Layers, e.How = "TCP", l.layers, how
		e.Info = dissect.Farewell(c, from, how)
	}
}
