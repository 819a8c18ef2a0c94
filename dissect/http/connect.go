package http

import (
	"bytes"
	nethttp "net/http"
	"strings"

	"talktrace/dissect"
)

// Tunnel is a connection that a proxy was asked for by CONNECT (RFC 9110 section
// 9.3.6). It takes what the messages say, and, once the proxy has agreed, both
// directions.
type Tunnel interface {
	dissect.Layer
	// Request takes the target of a request, and what is to be said of the
	// credentials that it carries, if any. at is where the head was captured, and size its
	// bytes. Behind a refusal there may be another one.
	Request(c *dissect.Context, target, credentials string, at dissect.Bytes, size int)
	// Answer takes the status of the answer and what it says in words.
	Answer(c *dissect.Context, status int, reason string, at dissect.Bytes, size int)
	// Lost says that n bytes of these messages are lost.
	Lost(c *dissect.Context, from dissect.Sender, n int64)
}

// connect is what is known of a tunnel.
type connect struct {
	tunnel Tunnel // nil if none was ever asked for
	state  connectState
	held   []piece // what the client has said since, while there is no answer
	size   int
	// missing counts what was lost before it, as long as nothing shows that this
	// is of interest.
	missing [2]int64
}

// connectState says how far a tunnel has come.
type connectState uint8

const (
	connectNone    connectState = iota // not asked for, or refused
	connectAsked                       // and not answered
	connectUnsure                      // the answer may be lost: what is said next shows whether there is a tunnel
	connectGranted                     // what the client has said since is to be looked at
	connectRefused                     // likewise
)

// piece is what has come, or was lost, before it was known whom it is for.
type piece struct {
	dissect.Bytes
	missing int64
}

// maxHeld bounds the bytes that wait for the answer to a CONNECT. Clients wait
// for it before they go on; one that does not takes it for granted.
const maxHeld = 8 << 10

// established is what proxies say where a tunnel begins, and nobody else does.
const established = "connection established"

// asksForTunnel takes a request for a tunnel.
func (m *message) asksForTunnel(r *nethttp.Request, size int) {
	l := m.layer
	if l.handlers.Tunnel == nil {
		return
	}
	if l.connect.tunnel == nil {
		l.connect.tunnel = l.handlers.Tunnel(l.layers)
	}
	l.connect.state = connectAsked
	l.connect.tunnel.Request(m.c, r.RequestURI, credentials(m.c, r.Header), m.place(), size)
}

// credentials says what a request shows to a proxy, "" if nothing.
func credentials(c *dissect.Context, h nethttp.Header) string {
	all := strings.TrimSpace(h.Get("Proxy-Authorization"))
	if all == "" {
		return ""
	}
	scheme, secret, named := strings.Cut(all, " ")
	if !named {
		scheme, secret = "unnamed", all
	}
	if !c.ShowSecrets {
		secret = dissect.Redacted
	}
	return scheme + " credentials " + secret
}

// answersTunnel takes the answer to a request for a tunnel, and reports whether
// there is one: then nothing more of it is HTTP, whatever it says of a body.
func (m *message) answersTunnel(x *exchange, r *nethttp.Response, size int) bool {
	l := m.layer
	_, reason, _ := strings.Cut(r.Status, " ")
	asked := x != nil && x.method == nethttp.MethodConnect
	granted := r.StatusCode >= 200 && r.StatusCode < 300
	if l.handlers.Tunnel == nil {
		if asked && granted {
			l.giveUp()
		}
		return asked && granted
	}
	if !asked && (x != nil || !granted || !strings.EqualFold(reason, established)) {
		return false
	}
	if l.connect.tunnel == nil {
		l.connect.tunnel = l.handlers.Tunnel(l.layers)
		l.tellMissing(m.c)
	}
	l.connect.tunnel.Answer(m.c, r.StatusCode, reason, m.place(), size)
	l.connect.state = connectRefused
	if granted {
		l.connect.state = connectGranted
	}
	return granted
}

// tellMissing tells a tunnel, of which only the answer was seen, what was lost
// before that.
func (l *Layer) tellMissing(c *dissect.Context) {
	for from, n := range l.connect.missing {
		if n > 0 {
			l.connect.tunnel.Lost(c, dissect.Sender(from), n)
		}
	}
}

// place is where the message, of which the head is read, was captured.
func (m *message) place() dissect.Bytes {
	at := dissect.Bytes{Frame: m.chunk.Frame, Time: m.chunk.Time}
	if m.first != at.Frame {
		at.First = m.first
	}
	return at
}

// connects reports whether bytes where a message was due belong to a tunnel, or
// wait until it is known whether there is one. They are the first ones of what
// came together if first is set.
func (l *Layer) connects(c *dissect.Context, from dissect.Sender, b dissect.Bytes, first bool) bool {
	n := &l.connect
	switch n.state {
	case connectUnsure:
		if first && beginsMessage(from, b.Data) {
			if from == dissect.Client { // it asks again
				n.state = connectRefused
				l.settle(c)
			}
			return false
		}
		l.establish(c)
		if from == dissect.Server {
			b.Data = behindHead(b.Data)
		}
		if len(b.Data) > 0 {
			n.tunnel.Data(c, from, b)
		}
		return true
	case connectAsked:
		if from == dissect.Server {
			return false
		}
		b.Data = append([]byte(nil), b.Data...)
		n.hold(piece{Bytes: b})
		if n.size > maxHeld {
			l.establish(c)
		}
		return true
	}
	return false
}

// behindHead drops what is left of a head of which the beginning is lost.
func behindHead(b []byte) []byte {
	const end = "\r\n\r\n"
	if b = trimLines(b); len(b) > 0 && ' ' <= b[0] && b[0] != '<' {
		if i := bytes.Index(b, []byte(end)); i >= 0 {
			return b[i+len(end):]
		}
	}
	return b
}

func (n *connect) hold(p piece) {
	const each = 64
	n.held = append(n.held, p)
	n.size += len(p.Data) + each
}

// settle does what the answer to a CONNECT calls for, once it is read.
func (l *Layer) settle(c *dissect.Context) {
	switch n := &l.connect; n.state {
	case connectGranted:
		l.establish(c)
	case connectRefused:
		held := n.held
		n.state, n.held, n.size = connectNone, nil, 0
		for _, p := range held {
			if p.missing > 0 {
				l.Gap(c, dissect.Client, p.missing)
			} else {
				l.Data(c, dissect.Client, p.Bytes)
			}
		}
	}
}

// establish lets the tunnel have both directions, and what has waited for it.
func (l *Layer) establish(c *dissect.Context) {
	n := &l.connect
	held := n.held
	n.state, n.held, n.size = connectNone, nil, 0
	for i := range l.dirs {
		l.dirs[i].inner = n.tunnel
	}
	l.release()
	for _, p := range held {
		if p.missing > 0 {
			n.tunnel.Gap(c, dissect.Client, p.missing)
		} else {
			n.tunnel.Data(c, dissect.Client, p.Bytes)
		}
	}
}

// connectGap takes a loss while a CONNECT has no answer, and reports whether it
// was one.
func (l *Layer) connectGap(c *dissect.Context, from dissect.Sender, missing int64) bool {
	n := &l.connect
	if n.state != connectAsked && n.state != connectUnsure {
		return false
	}
	if from == dissect.Client && n.state == connectAsked {
		n.hold(piece{missing: missing})
		return true
	}
	n.tunnel.Lost(c, from, missing)
	n.state = connectUnsure
	for _, p := range n.held { // has the client gone on as if all were well?
		if len(p.Data) > 0 && !beginsMessage(dissect.Client, p.Data) {
			l.establish(c)
			break
		}
	}
	return true
}

// connectEnd takes the end of a direction while a CONNECT has no answer: none of
// what the server says may have been captured.
func (l *Layer) connectEnd(c *dissect.Context, from dissect.Sender) {
	if l.settle(c); from == dissect.Client && l.connect.state == connectAsked && len(l.connect.held) > 0 {
		l.establish(c)
	}
}
