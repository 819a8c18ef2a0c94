// Package bosh takes XMPP out of the bodies of HTTP messages (XEP-0124, XEP-0206):
// it follows sessions over the connections they use, puts their messages in the
// order of their rids, and hands on what is inside of them.
//
// A Conn (this file) stands for one HTTP connection and finds the session of
// each message. What a session knows is in session.go, the order of its
// messages in order.go; a body is read in body.go, and gets its row in row.go.
package bosh

import (
	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// Stream is what reads the elements in the bodies. *xmpp.Stream is one.
type Stream interface {
	// Element takes an element that came by itself, in the scope of what the
	// body declares.
	Element(c *dissect.Context, from dissect.Sender, b dissect.Bytes, scope xmlstream.Scope)
}

// Conn reads the bodies of one HTTP connection. Its sessions are shared with
// the other connections between the same hosts (dissect.Context.Shared).
type Conn struct {
	layers  string
	stream  func(via string) Stream
	waiting []*session // that hold back messages of this connection
}

// New returns a Conn inside via, which is the Layers column of what lies
// outside, such as "tcp:http". stream makes what reads the elements of a
// session, inside the via that it is given.
func New(via string, stream func(via string) Stream) *Conn {
	return &Conn{layers: via + ":bosh", stream: stream}
}

// Request takes the body of a request, in the pieces in which it was captured.
// Where missing is not 0, so many bytes or more are lost behind them. It
// returns what takes the body of the answer with its status code, or nil where
// this is not BOSH. It keeps nothing of the pieces.
func (n *Conn) Request(c *dissect.Context, pieces []dissect.Bytes, missing int64) (answer func(c *dissect.Context, status int, pieces []dissect.Bytes, missing int64)) {
	m := newMessage(c, n.layers, dissect.Client, pieces, missing)
	h, ok := parseHead(c, m.raw)
	if !ok {
		return nil
	}
	x := exchange{conn: n, rid: h.rid, creates: h.sid == "" && h.rid != 0, session: n.session(c, h.sid)}
	if x.creates || m.broken(h) {
		x.session.deliver(c, m)
	} else {
		x.session.request(c, n, m, h.rid)
	}
	return x.answer
}

// Answer takes the body of an answer whose request was not seen, and reports
// whether it is BOSH's.
func (n *Conn) Answer(c *dissect.Context, status int, pieces []dissect.Bytes, missing int64) bool {
	m := newMessage(c, n.layers, dissect.Server, pieces, missing)
	h, ok := parseHead(c, m.raw)
	if ok {
		n.session(c, h.sid).deliver(c, m)
	}
	return ok
}

// End says that a direction of the connection has ended. What was held back
// waits no more.
func (n *Conn) End(c *dissect.Context) {
	for _, s := range n.waiting {
		s.flush(c)
	}
	n.waiting = nil
}

// exchange is a request that was seen.
type exchange struct {
	conn    *Conn
	session *session
	rid     uint64 // 0 where it had none
	creates bool   // it asks for a session
}

// answer takes the answer to the request.
func (x exchange) answer(c *dissect.Context, status int, pieces []dissect.Bytes, missing int64) {
	m := newMessage(c, x.conn.layers, dissect.Server, pieces, missing)
	h, ok := parseHead(c, m.raw)
	if !ok {
		m.refused(c, status)
		return
	}
	s := x.session
	switch {
	case x.creates && h.sid != "":
		s = s.named(c, h.sid, x.rid, h.requests)
	case h.sid != "" && s.sid != "" && h.sid != s.sid: // the answer to something else, after a loss
		s, x.rid = x.conn.session(c, h.sid), 0
	}
	if x.creates || m.broken(h) {
		s.deliver(c, m)
	} else {
		s.answer(c, x.conn, m, x.rid)
	}
}
