package bosh

import (
	"slices"

	"talktrace/dissect"
)

// session is a session (XEP-0124 section 7): what two ends say to each other
// over any number of connections.
type session struct {
	sid    string
	stream Stream
	orders [2]order // by sender: requests, and answers by the rids of their requests
	window uint64   // how many requests may be open at a time
}

// usualWindow is how many requests are open at a time where nobody says: one
// that waits at the server, and one that brings something.
const usualWindow = 2

// maxSID bounds the identifiers by which sessions are remembered.
const maxSID = 256

func (n *Conn) newSession() *session {
	return &session{stream: n.stream(n.layers), window: usualWindow}
}

// session returns the session of that sid. One that is not known has begun
// before the capture.
func (n *Conn) session(c *dissect.Context, sid string) *session {
	if sid == "" || len(sid) > maxSID {
		return n.newSession()
	}
	return c.Shared("bosh "+sid, func() any {
		s := n.newSession()
		s.sid = sid
		return s
	}).(*session)
}

// named gives the session its name, with the answer to its first request. It
// returns the session of that name.
func (s *session) named(c *dissect.Context, sid string, rid, requests uint64) *session {
	if len(sid) > maxSID {
		return s
	}
	known := c.Shared("bosh "+sid, func() any {
		s.sid = sid
		for i := range s.orders {
			s.orders[i].passed(rid)
		}
		return s
	}).(*session)
	if requests > 0 {
		known.window = requests
	}
	return known
}

// request takes a whole request. That a client has sent it says that it has the
// answers to all but the last few before it.
func (s *session) request(c *dissect.Context, n *Conn, m *message, rid uint64) {
	if rid == 0 {
		s.deliver(c, m)
		return
	}
	if rid > s.window {
		s.release(c, dissect.Server, rid-s.window)
	}
	s.arrived(c, n, m, rid)
}

// answer takes a whole answer to the request of a rid. That it was given says
// that the server has had all requests up to that one.
func (s *session) answer(c *dissect.Context, n *Conn, m *message, rid uint64) {
	if rid == 0 {
		s.deliver(c, m)
		return
	}
	s.release(c, dissect.Client, rid)
	s.arrived(c, n, m, rid)
}

// arrived deals with a message if it is its turn, and with those that have
// waited for it.
func (s *session) arrived(c *dissect.Context, n *Conn, m *message, rid uint64) {
	o := &s.orders[m.from]
	m.rid = rid
	switch o.judge(rid) {
	case now:
		o.passed(rid)
		s.deliver(c, m)
		s.release(c, m.from, 0)
	case later:
		if !slices.Contains(n.waiting, s) {
			n.waiting = append(n.waiting, s)
		}
		for o.hold(m); o.full(); {
			s.release(c, m.from, o.waiting[0].rid)
		}
	}
}

// release says that nothing more comes up to rid limit, and deals with the
// messages whose turn it is therefore.
func (s *session) release(c *dissect.Context, from dissect.Sender, limit uint64) {
	o := &s.orders[from]
	for m := o.take(limit); m != nil; m = o.take(limit) {
		m.raw = c.Arena.Copy(m.raw)
		s.deliver(c, m)
	}
}

// flush deals with all messages that wait.
func (s *session) flush(c *dissect.Context) {
	for from := range s.orders {
		if w := s.orders[from].waiting; len(w) > 0 {
			s.release(c, dissect.Sender(from), w[len(w)-1].rid)
		}
	}
}

// deliver makes the rows of a message, on the connection it came over.
func (s *session) deliver(c *dissect.Context, m *message) {
	conn := c.Conn
	c.Conn = m.conn
	c.Remarks = s.orders[m.from].remarks()
	defer func() { c.Conn, c.Remarks = conn, nil }()
	h, _ := parseHead(c, m.raw) // which has been found to be there
	start, end, whole := m.inner(h)
	if m.broken(h) || !whole && start == end {
		m.unfinished(c)
		return
	}
	own, last := start == end || h.telling(), h.value("type") == "terminate"
	scope := h.scope()
	if own && !last {
		m.row(c, h, start == end)
	}
	before := c.Emitted()
	m.elements(c, s.stream, start, end, scope)
	if !whole && c.Emitted() > before {
		if e := &c.Events[len(c.Events)-1]; e.Kind == dissect.KindUnfinished {
			e.Missing += m.missing
		}
	}
	if own && last { // what ends a session comes behind what its last message brings
		h, _ = parseHead(c, m.raw) // the elements have taken the tag's place in the Parser
		m.row(c, h, start == end)
	}
}
