package tls

import (
	"strconv"

	"talktrace/dissect"
)

// record takes a whole record, header included, whose first byte came in the
// given frame.
func (l *Layer) record(c *dissect.Context, from dissect.Sender, rec []byte, frame int) {
	l.sides[from].begun = true
	if l.options.Keys == nil {
		l.tell(c, from, frame, clearRecord(rec))
		return
	}
	if l.waits(c, from, rec, frame) {
		return
	}
	l.take(c, from, rec, frame)
	if len(l.waiting.records) > 0 {
		l.resume(c, false)
	}
}

// told is what a row for a record is made of.
type told struct {
	contentType byte   // 0 for a ClientHello in the format of SSL 2.0
	content     []byte // for that, the whole record
	length      int    // of the record
	opened      bool   // it was sealed, and content is what was inside
}

func clearRecord(rec []byte) told {
	if rec[0]&0x80 != 0 {
		return told{content: rec, length: len(rec)}
	}
	return told{contentType: rec[0], content: rec[headerSize:], length: len(rec)}
}

// tell emits the row of a record, and does what follows from what it says.
func (l *Layer) tell(c *dissect.Context, from dissect.Sender, frame int, r told) {
	before := l.hello
	l.step = dissect.OtherStep
	e := c.Emit(from, dissect.KindTLS)
	e.FirstFrame, e.Layers, e.Length = frame, l.layers, r.length
	info := c.Arena.Begin(128)
	if r.contentType == 0 {
		l.hello, l.step = parseSSLv2Hello(r.content), dissect.ClientHello
		info = l.appendClientHello(c, info, l.hello)
	} else {
		info = l.describe(c, info, from, r)
	}
	e.Info, e.Step = c.Arena.Done(info), l.step
	e.Protocol = l.protocol()
	if l.hello != before {
		l.tellOf(c, e)
	}
	if r.contentType == applicationData && !r.opened {
		e.Sealed = l.sides[from].seal.sealed(l.notes)
	}
	e.Notes, l.notes = l.notes, nil
	e.TLS, l.facts = l.facts, nil
	if r.opened && r.contentType == alert && string(r.content) == closeNotify {
		l.closeInner(c, from)
	}
}

// describe appends what the content of a record says, and keeps what of it
// matters for those to come.
func (l *Layer) describe(c *dissect.Context, info []byte, from dissect.Sender, r told) []byte {
	switch r.contentType {
	case changeCipherSpec:
		l.changeCipher(from)
		return append(info, "ChangeCipherSpec"...)
	case handshake:
		return l.handshake(c, info, from, r.content, r.opened)
	case alert:
		if len(r.content) != 2 || !r.opened && l.isProtected(from) {
			return append(info, "encrypted alert"...)
		}
		if l.step = dissect.Alert; string(r.content[1:]) == closeNotify[1:] {
			l.step = dissect.CloseNotify
		}
		return appendAlert(info, r.content[0], r.content[1])
	case applicationData:
		l.step = dissect.SealedData
		return appendBytes(append(info, "application data, "...), len(r.content))
	case heartbeat:
		return append(info, "heartbeat"...)
	}
	return strconv.AppendInt(append(info, "record of type "...), int64(r.contentType), 10)
}

// isProtected reports whether handshake and alert records of a side are
// encrypted. In TLS 1.3 a ChangeCipherSpec means nothing, and encrypted records
// look like application data (RFC 8446 section 5).
func (l *Layer) isProtected(from dissect.Sender) bool {
	return l.sides[from].changed && (l.server == nil || l.server.Version < versionTLS13)
}

// tellOf adds to the row of a new ClientHello what only that tells.
func (l *Layer) tellOf(c *dissect.Context, e *dissect.Event) {
	if l.server == nil {
		e.Protocol = protocolName(l.hello.MaxVersion())
	}
	if l.options.Keys != nil {
		l.options.Keys.meet(c.Conn.Number, &l.hello.Random)
	}
	if c.Names && !c.Conn.Relayed && l.hello.ServerName != "" {
		e.Names = append(e.Names, dissect.Name{Addr: c.Conn.Addr[e.Sender.Other()].Addr(), Name: l.hello.ServerName})
	}
}

// protocol is the Protocol column once a version has been negotiated.
func (l *Layer) protocol() string {
	if l.server != nil {
		return protocolName(l.server.Version)
	}
	return "TLS"
}

// cutRecord emits the row of a record that a gap has cut, at its end.
func (l *Layer) cutRecord(c *dissect.Context, from dissect.Sender) {
	s := &l.sides[from]
	e := c.Emit(from, dissect.KindTLS)
	e.FirstFrame, e.Protocol, e.Layers = s.cut.frame, l.protocol(), l.layers
	e.Length, e.Missing = s.cut.size, s.cut.missing
	info := append(c.Arena.Begin(128), contentName(s.cut.contentType)...)
	info = appendBytes(append(info, ", "...), s.cut.size-headerSize)
	info = strconv.AppendInt(append(info, ", "...), s.cut.missing, 10)
	e.Info = c.Arena.Done(append(info, " of them lost"...))
	switch s.cut.contentType {
	case changeCipherSpec:
		l.changeCipher(from)
	case applicationData:
		e.Step = dissect.SealedData
	}
	s.cut = cut{}
}

// unfinished emits the row of the record that a side's end leaves open. Missing
// is what its header says was still due.
func (l *Layer) unfinished(c *dissect.Context, from dissect.Sender) {
	s := &l.sides[from]
	s.cutHeld()
	e := c.Emit(from, dissect.KindUnfinished)
	e.Protocol, e.Layers = l.protocol(), l.layers
	info := c.Arena.Begin(128)
	if s.cut.size == 0 { // not even a header
		e.FirstFrame, e.Length = s.skipFrame, int(s.skipped)
		info = appendBytes(append(info, "beginning of a record, "...), e.Length)
		s.skipped = 0
	} else {
		e.FirstFrame, e.Missing = s.cut.frame, s.cut.due+s.cut.missing
		e.Length = s.cut.size - int(e.Missing)
		info = append(append(info, contentName(s.cut.contentType)...), ", "...)
		info = strconv.AppendInt(info, int64(e.Length-headerSize), 10)
		info = appendBytes(append(info, " of "...), s.cut.size-headerSize)
	}
	e.Info = c.Arena.Done(info)
}

// appendBytes appends a number of bytes.
func appendBytes(dst []byte, n int) []byte { return appendCount(dst, n, "byte") }

// appendCount appends a number and what it counts, in the plural where it must.
func appendCount(dst []byte, n int, what string) []byte {
	dst = strconv.AppendInt(dst, int64(n), 10)
	dst = append(append(dst, ' '), what...)
	if n != 1 {
		dst = append(dst, 's')
	}
	return dst
}
