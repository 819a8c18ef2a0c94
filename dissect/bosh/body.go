package bosh

import (
	"bytes"
	"strconv"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// The namespaces of a body (XEP-0124 section 4, XEP-0206 section 3).
const (
	nsBind = "http://jabber.org/protocol/httpbind"
	nsXMPP = "urn:xmpp:xbosh"
)

// message is the body of a request or an answer.
type message struct {
	conn    *dissect.Conn
	layers  string
	from    dissect.Sender
	raw     []byte
	pieces  []piece
	missing int64 // bytes lost behind raw
	rid     uint64
}

// piece says where the bytes from an offset on came from.
type piece struct {
	off int
	at  xmlstream.Origin
}

// newMessage puts a body together. It lives in the arena.
func newMessage(c *dissect.Context, layers string, from dissect.Sender, pieces []dissect.Bytes, missing int64) *message {
	m := &message{conn: c.Conn, layers: layers, from: from, missing: missing}
	size := 0
	for _, p := range pieces {
		m.pieces = append(m.pieces, piece{size, xmlstream.Origin{Frame: p.Frame, First: p.First, Time: p.Time}})
		size += len(p.Data)
	}
	raw := c.Arena.Begin(size)
	for _, p := range pieces {
		raw = append(raw, p.Data...)
	}
	m.raw = c.Arena.Done(raw)
	return m
}

// last says which chunk completed the message.
func (m *message) last() xmlstream.Origin { return m.pieces[len(m.pieces)-1].at }

// keep makes the message outlive the batch.
func (m *message) keep() { m.raw = append([]byte(nil), m.raw...) }

// head is the start tag of a body.
type head struct {
	tree     *xmlstream.Tree // of the tag, made an element of its own; the Parser's
	prolog   int             // bytes before the "<" of the tag
	end      int             // where in the message the tag ends
	closed   bool            // it is an empty-element tag
	sid      string
	rid      uint64 // 0 where there is none
	requests uint64 // how many requests the server takes at a time; 0 where it does not say
}

// parseHead reads the start tag of a body. It reports whether there is one.
func parseHead(c *dissect.Context, raw []byte) (*head, bool) {
	h := &head{}
	text := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), " \t\r\n")
	h.prolog = len(raw) - len(text)
	size := tagSize(text)
	if size == 0 {
		return nil, false
	}
	h.end = h.prolog + size
	tag := text[:size:size]
	if h.closed = tag[size-2] == '/'; !h.closed {
		tag = append(append(c.Arena.Begin(size+1), tag[:size-1]...), "/>"...)
		tag = c.Arena.Done(tag)
	}
	split := xmlstream.NewSplitter(xmlstream.Scope{}, max(len(tag), c.MaxStanza))
	split.Feed(tag, xmlstream.Origin{})
	var u xmlstream.Unit
	if !split.Next(c.Parser, &c.Arena, &u) || u.Kind != xmlstream.Element || !u.Tree.Is(0, nsBind, "body") {
		return nil, false
	}
	h.tree = u.Tree
	h.sid = h.value("sid")
	h.rid, _ = strconv.ParseUint(h.value("rid"), 10, 53)
	h.requests, _ = strconv.ParseUint(h.value("requests"), 10, 8)
	return h, true
}

// tagSize returns the size of the start tag that b begins with, behind an XML
// declaration, or 0.
func tagSize(b []byte) int {
	i := 0
	if bytes.HasPrefix(b, []byte("<?xml")) {
		end := bytes.Index(b, []byte("?>"))
		if end < 0 {
			return 0
		}
		i = end + 2
	}
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) || b[i] != '<' {
		return 0
	}
	quote := byte(0)
	for ; i < len(b); i++ {
		switch x := b[i]; {
		case quote != 0:
			if x == quote {
				quote = 0
			}
		case x == '\'' || x == '"':
			quote = x
		case x == '>':
			return i + 1
		}
	}
	return 0
}

func isSpace(x byte) bool { return x == ' ' || x == '\t' || x == '\r' || x == '\n' }

// value returns an attribute that has no namespace, "" where it is not there.
func (h *head) value(name string) string {
	a := h.tree.Attr(0, name)
	if a == nil {
		return ""
	}
	return string(h.tree.Value(nil, a))
}

// scope is what the body declares for the elements inside it.
func (h *head) scope() xmlstream.Scope {
	var s xmlstream.Scope
	root := &h.tree.Nodes[0]
	for i := root.Attrs.Off; i < root.Attrs.End; i++ {
		a := &h.tree.Attrs[i]
		if a.Space != "xmlns" {
			continue
		}
		uri := string(h.tree.Value(nil, a))
		if a.Local == a.Name.Off {
			s.Default = uri
		} else {
			s.Prefixes = append(s.Prefixes, xmlstream.Binding{Prefix: string(h.tree.Raw[a.Local:a.Name.End]), URI: uri})
		}
	}
	// Some servers leave this one to be understood.
	s.Prefixes = append(s.Prefixes, xmlstream.Binding{Prefix: "stream", URI: xmlstream.NSStreams})
	return s
}

// inner returns where in the message the elements are, and whether its end is
// there.
func (m *message) inner(h *head) (start, end int, whole bool) {
	const white = " \t\r\n"
	b := bytes.TrimRight(m.raw, white)
	if whole = h.closed; !whole && len(b) > h.end && b[len(b)-1] == '>' {
		tag := append([]byte("</"), h.tree.Bytes(h.tree.Nodes[0].Name)...)
		b, whole = bytes.CutSuffix(bytes.TrimRight(b[:len(b)-1], white), tag)
	}
	if !whole {
		b = m.raw
	}
	if len(bytes.TrimLeft(b[min(h.end, len(b)):], white)) == 0 {
		return h.end, h.end, whole
	}
	return h.end, len(b), whole
}

// broken reports whether the message broke off, so that it will be sent again.
// One that the capture has lost a part of was heard by the other end.
func (m *message) broken(h *head) bool {
	_, _, whole := m.inner(h)
	return !whole && m.missing == 0
}

// elements hands on the elements in the body, each with the frame that its
// first byte came in.
func (m *message) elements(c *dissect.Context, stream Stream, start, end int, scope xmlstream.Scope) {
	split := xmlstream.NewSplitter(scope, c.MaxStanza)
	last := m.last()
	var u xmlstream.Unit
	tell := func() {
		if u.Kind != xmlstream.Space {
			stream.Element(c, m.from, dissect.Bytes{
				Data: u.Raw, Frame: last.Frame, First: u.First.FirstFrame(), Time: last.Time,
			}, scope)
		}
	}
	for k, p := range m.pieces {
		stop := end
		if k+1 < len(m.pieces) {
			stop = min(end, m.pieces[k+1].off)
		}
		if from := max(start, p.off); from < stop {
			split.Feed(m.raw[from:stop:stop], p.at)
			for split.Next(c.Parser, &c.Arena, &u) {
				tell()
			}
		}
	}
	split.Settle(c.Parser, &c.Arena)
	for split.Next(c.Parser, &c.Arena, &u) || split.End(&c.Arena, &u) {
		tell()
	}
}
