// Package http finds XMPP in HTTP/1.1: the upgrade to WebSocket (RFC 7395), the
// bodies of BOSH (XEP-0124), and what goes through a proxy (connect.go). Whatever
// else a connection carries gives no rows.
//
// Messages are read by net/http, which wants to pull its bytes where a capture
// pushes them. So each message is read in a coroutine that sleeps while its
// bytes run out (message.go); between messages a connection holds nothing.
package http

import (
	"io"
	nethttp "net/http"
	"strings"

	"talktrace/dissect"
)

// Handlers make what takes over the parts of HTTP that carry XMPP.
type Handlers struct {
	// WebSocket makes the layer for both directions behind an upgrade, inside
	// via.
	WebSocket func(via string, u Upgrade) dissect.Layer
	// BOSH makes what reads the bodies of one connection, inside via.
	BOSH func(via string) BOSH
	// Tunnel makes what takes over behind CONNECT, inside via; nil leaves it
	// alone.
	Tunnel func(via string) Tunnel
}

// Upgrade is what two ends have agreed on with a change to WebSocket.
type Upgrade struct {
	// Answered is set where the server's answer was seen. Otherwise the client
	// has asked for XMPP, and the bytes show that it was granted.
	Answered bool
	// Protocol is the subprotocol that the server chose, "xmpp" or nothing.
	// Where it is nothing, what is said decides.
	Protocol string
	// Extensions is the server's choice of extensions, as its header has it.
	Extensions string
}

// BOSH reads the bodies of messages. The bytes of a body come in the pieces in
// which the capture has them; they are the callee's until it returns. Of a body
// that a loss has cut, missing bytes or more are lost behind those that are
// there; one that is cut otherwise simply ends.
type BOSH interface {
	// Request takes the body of a request. It returns what takes the body of
	// the answer, with its status code, or nil where the request is not BOSH.
	Request(c *dissect.Context, body []dissect.Bytes, missing int64) (answer func(c *dissect.Context, status int, body []dissect.Bytes, missing int64))
	// Answer takes the body of an answer whose request was not seen, and
	// reports whether it was BOSH.
	Answer(c *dissect.Context, status int, body []dissect.Bytes, missing int64) bool
	// End says that a direction of the connection has ended.
	End(c *dissect.Context)
}

// Layer is the HTTP layer of one connection.
type Layer struct {
	layers   string
	handlers Handlers
	bosh     BOSH

	dirs      [2]direction
	connect   connect
	exchanges []*exchange // asked and not yet answered, in order
	unsure    bool        // answers were lost: who answers what is not known
	ours      bool        // there was XMPP on the connection
	foreign   bool        // there never will be
}

var _ dissect.Layer = (*Layer)(nil)

// direction is what one side sends.
type direction struct {
	message *message      // being read
	lost    bool          // the borders of messages are not known
	inner   dissect.Layer // has taken over
	gone    bool          // nothing more comes
}

// exchange is a request and what it is owed.
type exchange struct {
	method    string
	upgrade   bool   // it asks for WebSocket
	protocols string // and for one of these inside
	answer    func(c *dissect.Context, status int, body []dissect.Bytes, missing int64)
}

// maxExchanges bounds the requests of a connection that wait for an answer.
const maxExchanges = 256

// New returns a layer for a connection on which HTTP is spoken inside via,
// which is the Layers column of what lies outside, such as "tcp".
func New(via string, h Handlers) *Layer {
	layers := via + ":http"
	return &Layer{layers: layers, handlers: h, bosh: h.BOSH(layers)}
}

// Data implements dissect.Layer.
func (l *Layer) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	d := &l.dirs[from]
	for first := true; len(b.Data) > 0 && !l.foreign; first = false {
		if d.inner == nil && d.message == nil {
			if l.connects(c, from, b, first) {
				return
			}
			if b.Data = trimLines(b.Data); len(b.Data) == 0 {
				return
			}
			if l.switches(from, b.Data) {
				l.handOver(from)
			} else if d.lost && !first || !beginsMessage(from, b.Data) {
				d.lost = true
				return
			}
		}
		if d.inner != nil {
			d.inner.Data(c, from, b)
			return
		}
		if d.message == nil {
			d.message = l.begin(from, b.FirstFrame())
		}
		b.Data = l.push(c, d, b)
		l.settle(c)
	}
}

// push gives bytes to the message being read and returns those behind it.
func (l *Layer) push(c *dissect.Context, d *direction, b dissect.Bytes) []byte {
	m := d.message
	done, rest := m.push(c, b)
	if !done {
		return nil
	}
	d.message = nil
	if d.lost = m.err != nil; d.lost && d.inner == nil {
		return nil
	}
	return rest
}

// trimLines drops the line ends that some clients send behind a body.
func trimLines(b []byte) []byte {
	for len(b) > 0 && (b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	return b
}

// beginsMessage reports whether bytes look like the first ones of a message, as
// far as they go.
func beginsMessage(from dissect.Sender, b []byte) bool {
	if from == dissect.Server {
		const version = "HTTP/1."
		n := min(len(b), len(version))
		return string(b[:n]) == version[:n]
	}
	const longestMethod = 16
	for i, x := range b[:min(len(b), longestMethod)] {
		if x == ' ' {
			return i > 0
		}
		if x < 'A' || x > 'Z' {
			return false
		}
	}
	return len(b) < longestMethod
}

// switches reports whether the bytes where a message was due show that an
// upgrade to XMPP was granted although the answer was not seen: nothing in
// HTTP begins with such a byte, and most WebSocket frames do.
func (l *Layer) switches(from dissect.Sender, b []byte) bool {
	if len(l.exchanges) == 0 || b[0] < 0x80 {
		return false
	}
	last := l.exchanges[len(l.exchanges)-1]
	return last.upgrade && listHas(last.protocols, "xmpp") && (from == dissect.Client || l.dirs[from].lost)
}

// handOver lets WebSocket have a direction whose bytes show that it is due. The
// server may still have its answer to give, which may have been captured late.
func (l *Layer) handOver(from dissect.Sender) {
	d, o := &l.dirs[from], &l.dirs[from.Other()]
	if d.inner = o.inner; d.inner == nil {
		d.inner = l.handlers.WebSocket(l.layers, Upgrade{})
	}
	if from == dissect.Server {
		o.inner = d.inner
		l.release()
	}
}

// takeOver lets WebSocket have both directions.
func (l *Layer) takeOver(u Upgrade) {
	inner := l.handlers.WebSocket(l.layers, u)
	for i := range l.dirs {
		l.dirs[i].inner = inner
	}
	l.release()
}

// giveUp says that what follows is of no interest.
func (l *Layer) giveUp() {
	l.foreign = true
	l.release()
}

// release lets go of what HTTP needs.
func (l *Layer) release() {
	l.exchanges = nil
	for i := range l.dirs {
		if d := &l.dirs[i]; d.message != nil && !d.message.running {
			d.message.stop()
			d.message = nil
		}
	}
}

// switched takes the head of an answer that hands the connection over.
func (l *Layer) switched(x *exchange, r *nethttp.Response) {
	if l.dirs[dissect.Client].inner != nil { // its bytes have told
		l.handOver(dissect.Server)
		return
	}
	protocol := strings.ToLower(strings.TrimSpace(r.Header.Get("Sec-Websocket-Protocol")))
	other := protocol != "xmpp"
	if protocol == "" { // then what the client asked for, if anything
		other = x != nil && x.protocols != "" && !listHas(x.protocols, "xmpp")
	}
	if other || !hasToken(r.Header, "Upgrade", "websocket") {
		l.giveUp()
		return
	}
	l.takeOver(Upgrade{
		Answered: true, Protocol: protocol,
		Extensions: strings.Join(r.Header.Values("Sec-Websocket-Extensions"), ","),
	})
}

// Gap implements dissect.Layer.
func (l *Layer) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	d := &l.dirs[from]
	switch {
	case d.inner != nil:
		d.inner.Gap(c, from, n)
		return
	case l.foreign:
		return
	}
	if d.message != nil {
		d.message.fail(c, errGap, n)
		d.message = nil
	}
	d.lost = true
	l.unsure = l.unsure || from == dissect.Server
	if l.connectGap(c, from, n) {
		return
	}
	if l.ours {
		c.Gap(from, l.layers, n)
		return
	}
	l.connect.missing[from] += n
}

// End implements dissect.Layer.
func (l *Layer) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	d := &l.dirs[from]
	if d.gone {
		return
	}
	if d.gone = true; d.inner == nil && d.message != nil {
		d.message.fail(c, io.EOF, 0)
		d.message = nil
	}
	if l.connectEnd(c, from); d.inner != nil {
		d.inner.End(c, from, how)
		return
	}
	l.bosh.End(c)
}
