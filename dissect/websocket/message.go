package websocket

import (
	"bytes"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// message is a message of which a part has come.
type message struct {
	open       bool
	binary     bool
	compressed bool
	misMasked  bool          // masked by the server, or not by the client
	cut        bool          // bytes of it were lost, and that has been told
	first      int           // the frame that brought its first byte
	last       dissect.Bytes // the chunk that brought the last ones, without them
	size       int64         // bytes of its payload so far
	bytes      []byte        // these, up to the limit
}

// begin takes the header of one of the message's frames.
func (m *message) begin(h *header, from dissect.Sender, first int) {
	if h.opcode != opContinuation {
		*m = message{open: true, binary: h.opcode == opBinary, compressed: h.compressed, first: first, bytes: m.bytes[:0]}
	}
	m.misMasked = m.misMasked || h.masked != (from == dissect.Client)
}

// add takes a part of a frame's payload.
func (m *message) add(part dissect.Bytes, h *header, pos int64, limit int) {
	b := part.Data
	m.last = dissect.Bytes{Frame: part.Frame, Time: part.Time}
	m.size += int64(len(b))
	if m.cut {
		return
	}
	b = b[:min(len(b), limit-len(m.bytes))]
	start := len(m.bytes)
	m.bytes = append(m.bytes, b...)
	if h.masked {
		unmask(m.bytes[start:], h.mask, pos)
	}
}

// end lets go of a message that was dealt with.
func (m *message) end() {
	const usual = 4 << 10
	if m.open, m.size = false, 0; cap(m.bytes) > usual {
		m.bytes = nil
	}
	m.bytes = m.bytes[:0]
}

// complete takes the message that has come in pieces, the last of them in the
// chunk at.
func (l *Layer) complete(c *dissect.Context, from dissect.Sender, at dissect.Bytes) {
	switch m := &l.dirs[from].message; {
	case m.cut:
	case m.size > int64(len(m.bytes)):
		l.malformed(c, from, "a message larger than the limit", int(m.size), m.first, at)
	case m.compressed:
		l.deliver(c, from, m.bytes, at)
	default:
		l.deliver(c, from, c.Arena.Copy(m.bytes), at)
	}
}

// deliver takes a whole message. The chunk at has completed it. Unless it is
// compressed it has to stay as long as events do.
func (l *Layer) deliver(c *dissect.Context, from dissect.Sender, text []byte, at dissect.Bytes) {
	m := &l.dirs[from].message
	if m.compressed {
		plain, err := l.inflate(c, from, text)
		if err != nil {
			l.malformed(c, from, "a compressed message that cannot be read: "+err.Error(), len(text), m.first, at)
			return
		}
		text = plain
	}
	if !l.judge(text) {
		return
	}
	c.Remarks = remarks(m)
	defer func() { c.Remarks = nil }()
	at.Data, at.First = text, m.first
	if len(text) == 0 {
		l.row(c, from, dissect.KindKeepalive, at).Info = c.Arena.Printf("empty message")
	} else {
		l.handOn(c, from, at)
	}
}

// judge reports whether the connection carries XMPP, which the first message
// tells where the upgrade did not.
func (l *Layer) judge(text []byte) bool {
	if l.known {
		return true
	}
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) == 0 {
		return false
	}
	yes := opensStream(text)
	if !yes {
		yes, _ = beginsXMPP(text, true)
	}
	l.known, l.foreign = yes, !yes
	return yes
}

// handOn gives a message to the stream.
func (l *Layer) handOn(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	d := &l.dirs[from]
	start := bytes.TrimLeft(b.Data, " \t\r\n")
	if d.stream = d.stream || opensStream(start); d.stream {
		l.inner.Data(c, from, b)
		return
	}
	l.inner.Element(c, from, b, xmlstream.Scope{})
	if bytes.HasPrefix(start, []byte("<open")) {
		d.closed = false
	} else if bytes.HasPrefix(start, []byte("<close")) {
		d.closed = true
	}
}

// opensStream reports whether a message is the header of a stream, as those of
// the drafts were.
func opensStream(b []byte) bool {
	const name = "<stream:stream"
	if bytes.HasPrefix(b, []byte("<?xml")) {
		_, b, _ = bytes.Cut(b, []byte("?>"))
		b = bytes.TrimLeft(b, " \t\r\n")
	}
	return bytes.HasPrefix(b, []byte(name))
}

// remarks says, for the first row of a message, what is irregular about it.
func remarks(m *message) (notes []dissect.Note) {
	if m.binary {
		notes = append(notes, dissect.Note{
			Severity: dissect.Warning, ID: "ws-binary",
			Text: "in a binary message, where XMPP allows text alone (RFC 7395 section 3.3.2)",
		})
	}
	if m.misMasked {
		notes = append(notes, dissect.Note{
			Severity: dissect.Warning, ID: "ws-mask",
			Text: "clients must mask their frames, and servers must not (RFC 6455 section 5.1)",
		})
	}
	return notes
}

// malformed emits a row for bytes that cannot be read.
func (l *Layer) malformed(c *dissect.Context, from dissect.Sender, why string, size, first int, at dissect.Bytes) {
	if at.First = first; !l.known {
		return
	}
	e := l.row(c, from, dissect.KindMalformed, at)
	e.Length = size
	e.Info = c.Arena.Printf("%s, %d %s", why, size, plural(size, "byte", "bytes"))
}

// plural returns the word for n of something.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
