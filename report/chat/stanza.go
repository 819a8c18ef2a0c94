package chat

import (
	"strings"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// stanza is a stanza of a row, or one that it wraps.
type stanza struct {
	e        *dissect.Event
	t        *xmlstream.Tree
	n        int32 // its element
	kind     string
	from, to string // with what goes without saying filled in
	id       string
	own      string // the full JID of the connection's client
	stamp    int64  // when it was sent, of one that was delayed; else 0
	wrapped  string // carbon or archive
	room     string // in which two of its occupants talk to each other
}

// stanza reads a stanza at a node.
func (w *Writer) stanza(e *dissect.Event, t *xmlstream.Tree, n int32) *stanza {
	s := &stanza{e: e, t: t, n: n, own: w.account(e), kind: attr(t, n, "type"), id: attr(t, n, "id")}
	s.from, s.to = attr(t, n, "from"), attr(t, n, "to")
	if n != 0 {
		return s
	}
	if e.Sender == dissect.Client {
		if s.own != "" && e.XMLNS == xmlstream.NSClient {
			s.from = s.own // whatever the client says
		}
		if s.to == "" {
			s.to = bare(s.own)
		}
	} else if s.to == "" {
		s.to = s.own
	}
	if s.from == "" { // the server speaks for the account
		s.from = bare(s.own)
	}
	for _, end := range [...]*string{&s.from, &s.to} {
		if *end == "" { // of somebody who has not logged in
			*end = e.Conn.Text[dissect.Client]
		}
	}
	return s
}

// outgoing reports whether the row's client has sent it.
func (s *stanza) outgoing() bool { return s.e.Sender == dissect.Client }

// talk returns the title of the conversation of the two.
func (s *stanza) talk() string {
	a, b := bare(s.from), bare(s.to)
	if b < a {
		a, b = b, a
	}
	return a + " and " + b
}

// pair returns a key for the two, whoever of them speaks.
func (s *stanza) pair() string { return s.talk() }

// child returns a child by its name and the beginning of its namespace, which is
// followed by a version; -1 where there is none.
func (s *stanza) child(n int32, space, name string) int32 {
	return find(s.t, n, space, name)
}

func find(t *xmlstream.Tree, n int32, space, name string) int32 {
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if (name == "" || string(t.Local(c)) == name) && strings.HasPrefix(t.Nodes[c].Space, space) {
			return c
		}
	}
	return -1
}

// longestValue is that of a JID (RFC 7622 section 3.1). No longer value is kept,
// whatever a stranger sends.
const longestValue = 3071

func attr(t *xmlstream.Tree, n int32, name string) string {
	a := t.Attr(n, name)
	if a == nil {
		return ""
	}
	v := t.Value(nil, a)
	return string(v[:min(len(v), longestValue)])
}

func text(t *xmlstream.Tree, n int32) string {
	if n < 0 {
		return ""
	}
	return string(t.Text(nil, n))
}

// content returns the text of a child of the stanza in its own namespace.
func (s *stanza) content(name string) (string, bool) {
	c := s.t.Find(s.n, s.t.Nodes[s.n].Space, name)
	return text(s.t, c), c >= 0
}

// delay takes in when the stanza was sent, if an element says so (XEP-0203,
// XEP-0091).
func (s *stanza) delay(parent int32) {
	for _, d := range [...][2]string{{"urn:xmpp:delay", "delay"}, {"jabber:x:delay", "x"}} {
		if c := s.child(parent, d[0], d[1]); c >= 0 {
			if at, ok := dissect.ParseTime([]byte(attr(s.t, c, "stamp"))); ok {
				s.stamp = at
				return
			}
		}
	}
}
