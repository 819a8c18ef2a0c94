// Package websocket takes XMPP out of WebSocket connections (RFC 6455, RFC
// 7395): it reads the frames of both directions from the byte behind the
// upgrade on, puts fragments together, inflates what is compressed (RFC 7692)
// and hands on each message, which is one element.
//
// Frames are in frame.go, what they add up to is in message.go and control.go,
// how messages are compressed in extension.go, and what is
// done about bytes that are no frames or are missing in resync.go.
package websocket

import (
	"talktrace/dissect"
	"talktrace/dissect/deflate"
	"talktrace/dissect/xmlstream"
)

// Stream is what reads the messages. *xmpp.Stream is one.
type Stream interface {
	// Layer takes the messages of the drafts before RFC 7395, which are pieces
	// of a stream as it is over TCP.
	dissect.Layer
	// Element takes a message that is an element by itself.
	Element(c *dissect.Context, from dissect.Sender, b dissect.Bytes, scope xmlstream.Scope)
}

// Config says what is known of a connection.
type Config struct {
	// Via is what the frames travel in, such as "tcp:http".
	Via string
	// Sure is set where both ends have agreed on the subprotocol "xmpp".
	// Otherwise the first message decides, and there are no rows if it is not
	// XMPP.
	Sure bool
	// Answered is set where the server's answer to the upgrade was seen, and
	// Extensions is what that answer says of extensions. Otherwise compressed
	// messages are taken as they come.
	Answered   bool
	Extensions string
	// Late says that the first bytes may lie anywhere in a frame.
	Late bool
}

// Layer is the WebSocket layer of one connection.
type Layer struct {
	layers string
	inner  Stream
	agreed agreement
	dirs   [2]direction

	known   bool // it is XMPP
	foreign bool // it is not
	told    bool // the end of the connection has been told
}

var _ dissect.Layer = (*Layer)(nil)

// direction is what one side sends.
type direction struct {
	head  [maxHeader]byte // the header being read
	have  int             // bytes of it
	first int             // the frame that brought its first byte

	within  bool   // a frame's payload
	frame   header // that frame's
	left    int64  // bytes of its payload still to come
	control []byte // the payload of a control frame that came in pieces

	message  message
	inflater *deflate.Inflater // nil where nothing compressed has come

	lost      bool // the borders of frames are unknown
	reason    string
	skipped   int // bytes passed over since
	skipFirst int // the frame that brought the first of them
	skipLast  dissect.Bytes

	stream bool // the messages are pieces of a stream, as the drafts had it
	closed bool // <close/> was seen
	gone   bool // nothing more comes
}

// New returns a layer for both directions of a connection. stream makes what
// reads the messages, inside via.
func New(config Config, stream func(via string) Stream) *Layer {
	layers := config.Via + ":ws"
	l := &Layer{layers: layers, inner: stream(layers), known: config.Sure}
	if config.Answered {
		l.agreed = parseExtensions(config.Extensions)
	}
	if config.Late {
		for i := range l.dirs {
			l.dirs[i].forget("the rest of what began before the capture")
		}
	}
	return l
}

// Data implements dissect.Layer.
func (l *Layer) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	d := &l.dirs[from]
	if d.lost && !l.resume(c, from, b) {
		return
	}
	for len(b.Data) > 0 && !l.foreign {
		switch {
		case d.lost:
			d.skip(b)
			return
		case d.within:
			l.payload(c, from, &b)
		default:
			l.header(c, from, &b)
		}
	}
}

// header takes bytes of a frame's header.
func (l *Layer) header(c *dissect.Context, from dissect.Sender, b *dissect.Bytes) {
	d := &l.dirs[from]
	if d.have == 0 {
		d.first = b.FirstFrame()
	}
	for d.have < d.headerSize() {
		if len(b.Data) == 0 {
			return
		}
		n := copy(d.head[d.have:d.headerSize()], b.Data)
		d.have += n
		b.Data = b.Data[n:]
	}
	h, wrong := parseHeader(d.head[:d.have])
	if wrong == "" {
		wrong = l.misplaced(d, &h)
	}
	if wrong != "" {
		d.lose(wrong, *b)
		return
	}
	d.have = 0
	d.within, d.frame, d.left = true, h, h.length
	if !h.control() {
		d.message.begin(&h, from, d.first)
	}
	if h.length == 0 {
		l.payload(c, from, b)
	}
}

// headerSize is the size of the header being read, as far as it can be known.
func (d *direction) headerSize() int {
	if d.have < minHeader {
		return minHeader
	}
	return headerSize(d.head[:])
}

// misplaced says what is wrong with a frame here, if anything.
func (l *Layer) misplaced(d *direction, h *header) string {
	switch {
	case h.control():
	case h.opcode == opContinuation && !d.message.open:
		return "a continuation of no message"
	case h.opcode != opContinuation && d.message.open:
		return "a message within another one's fragments"
	case h.compressed && l.agreed.known && !l.agreed.deflate:
		return "compressed, which was not agreed on"
	}
	return ""
}

// payload takes bytes of a frame's payload.
func (l *Layer) payload(c *dissect.Context, from dissect.Sender, b *dissect.Bytes) {
	d := &l.dirs[from]
	part := *b
	if int64(len(part.Data)) > d.left {
		part.Data = part.Data[:d.left]
	}
	b.Data = b.Data[len(part.Data):]
	pos := d.frame.length - d.left
	d.left -= int64(len(part.Data))
	d.within = d.left > 0
	if d.frame.control() {
		l.controlPart(c, from, part, pos)
		return
	}
	m, whole := &d.message, d.frame.final && !d.within
	if whole && m.size == 0 && !m.cut && len(part.Data) <= c.MaxStanza {
		// The usual case: a message in one frame that came in one piece.
		l.deliver(c, from, d.plain(c, part.Data), part)
		m.end()
		return
	}
	m.add(part, &d.frame, pos, c.MaxStanza)
	if whole {
		l.complete(c, from, part)
		m.end()
	}
}

// plain returns a payload without its mask.
func (d *direction) plain(c *dissect.Context, b []byte) []byte {
	if !d.frame.masked {
		return b
	}
	b = c.Arena.Copy(b)
	unmask(b, d.frame.mask, 0)
	return b
}

// controlPart takes bytes of the payload of a control frame, and the frame once
// it is whole. It has 125 bytes at most.
func (l *Layer) controlPart(c *dissect.Context, from dissect.Sender, part dissect.Bytes, pos int64) {
	d := &l.dirs[from]
	d.control = append(d.control, part.Data...)
	if d.frame.masked {
		unmask(d.control[pos:], d.frame.mask, pos)
	}
	if !d.within {
		l.controlFrame(c, from, d.control, part)
		d.control = d.control[:0]
	}
}
