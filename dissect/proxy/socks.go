package proxy

import (
	"strconv"
	"strings"

	"talktrace/dissect"
)

// SOCKS is a connection to a SOCKS proxy: SOCKS 4, its extension 4a, SOCKS 5 (RFC
// 1928) with names and passwords (RFC 1929), and the bytestreams that XMPP sets
// up by SOCKS 5 (XEP-0065).
type SOCKS struct {
	tunnel
	version byte
	halves  [2]half
	command byte // what was asked for
	method  byte // how the client has to show who it is
	stream  bool // a bytestream: files, and nothing that we could read
	over    bool // what follows is none of our business
}

var _ dissect.Layer = (*SOCKS)(nil)

// half is what one side sends.
type half struct {
	step  step
	held  []byte // of a message that is not whole
	first int    // the frame of its first byte
	due   int    // bytes still to come of one that a loss has cut
	lost  bool   // bytes before it are missing: what comes has to be told by its form
	wary  bool   // it may be the rest of a message, and of a password
	file  file
}

// step is the message that is due from a side.
type step uint8

const (
	stepFirst   step = iota // the greeting of SOCKS 5, the request of SOCKS 4; what is chosen, the reply of SOCKS 4
	stepLogin               // a login, or none and the request; what is said to the login
	stepRequest             // the request; the reply to it
	stepBound               // the second reply to a BIND
	stepThrough             // none: what comes goes through
)

// file is what was counted of a bytestream.
type file struct {
	size        int
	missing     int64
	first, last dissect.Bytes
}

// NewSOCKS returns a layer for a connection whose client speaks SOCKS of that
// version, 4 or 5. It is 5 or 4 that its first byte says.
func NewSOCKS(o Options, version byte) *SOCKS {
	s := &SOCKS{version: version}
	s.tunnel = tunnel{o: o, shown: o.Shown, hides: true, layers: o.Via + ":socks5", protocol: "SOCKS5"}
	if version == 4 {
		s.layers, s.protocol = o.Via+":socks4", "SOCKS4"
	}
	return s
}

// Data implements dissect.Layer.
func (s *SOCKS) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	h := &s.halves[from]
	for len(b.Data) > 0 && !s.over {
		if h.step == stepThrough {
			s.through(c, from, b)
			return
		}
		b.Data = s.push(c, from, b)
	}
}

// push takes bytes into the message that is due, and returns those behind it.
func (s *SOCKS) push(c *dissect.Context, from dissect.Sender, b dissect.Bytes) []byte {
	h := &s.halves[from]
	if h.due > 0 {
		n := min(h.due, len(b.Data))
		h.due -= n
		return b.Data[n:]
	}
	had := len(h.held)
	if had == 0 {
		h.first = b.FirstFrame()
	}
	h.held = append(h.held, b.Data[:min(len(b.Data), maxMessage-had)]...)
	size, ok := s.measure(from, h)
	switch {
	case !ok && h.lost:
		return s.behindLoss(c, from, b, had)
	case !ok, size == 0 && len(h.held) == maxMessage:
		s.broken(c, from, b)
		return nil
	case size == 0 || size > len(h.held):
		return nil
	}
	message := h.held[:size]
	h.held, h.lost, h.wary = nil, false, false
	at := dissect.Bytes{Frame: b.Frame, First: h.first, Time: b.Time}
	if from == dissect.Client {
		s.asked(c, message, at)
	} else {
		s.answered(c, message, at)
	}
	return b.Data[size-had:]
}

// measure measures the message that a side is sending.
func (s *SOCKS) measure(from dissect.Sender, h *half) (size int, ok bool) {
	b := h.held
	switch {
	case s.version == 4 && from == dissect.Client:
		return measureRequest4(b)
	case s.version == 4:
		return measureReply4(b)
	case from == dissect.Client && h.step == stepFirst && !h.lost:
		return measureFirst(b)
	case from == dissect.Client && b[0] == versionPassword && !h.wary:
		return measureLogin(b)
	case from == dissect.Client:
		return measureRequest(b)
	case h.lost && b[0] == versionPassword:
		return measureVerdict(b)
	case h.lost: // a choice is followed by something else than a reply's zero
		if len(b) < 3 {
			return 0, b[0] == 5
		}
		if b[2] != 0 {
			return 2, b[0] == 5 && (methods[b[1]] != "" || b[1] == methodRefused)
		}
		return measureReply(b)
	case h.step == stepFirst:
		return measureChoice(b)
	case h.step == stepLogin:
		return measureVerdict(b)
	}
	return measureReply(b)
}

// asked takes a message of the client.
func (s *SOCKS) asked(c *dissect.Context, m []byte, at dissect.Bytes) {
	h := &s.halves[dissect.Client]
	if s.version == 4 {
		t, user := parseTarget4(m)
		h.step, s.command = stepThrough, m[1]
		if is4a(m) {
			s.protocol = "SOCKS4a"
		}
		s.request(c, m, at, t, s.userID(c, user))
		return
	}
	switch {
	case h.step == stepFirst && !isConnect(m):
		h.step = stepLogin
		names := make([]string, 0, 4)
		for _, x := range m[2:] {
			names = append(names, methodName(x))
		}
		s.tell(c, rowOf(dissect.Client, at, len(m), "offers "+strings.Join(names, ", ")))
	case m[0] == versionPassword:
		h.step = stepRequest
		s.login(c, m, at)
	default:
		if o := &s.halves[dissect.Server]; h.step == stepFirst && o.step == stepFirst {
			o.lost = true // captured too late for what was chosen
		}
		h.step, s.command = stepThrough, m[1]
		s.request(c, m, at, parseTarget(m[3:]), "")
	}
}

// userID says who a client of SOCKS 4 claims to be.
func (s *SOCKS) userID(c *dissect.Context, user string) string {
	switch {
	case user == "":
		return ""
	case c.ShowSecrets:
		return ", user id " + user
	}
	return ", user id " + dissect.Redacted
}

// login tells of a name and a password.
func (s *SOCKS) login(c *dissect.Context, m []byte, at dissect.Bytes) {
	user := m[2 : 2+int(m[1])]
	password := dissect.Redacted
	if c.ShowSecrets {
		password = string(m[2+len(user)+1:])
	}
	s.tell(c, rowOf(dissect.Client, at, len(m), "login as "+string(user)+", password "+password))
}

// request tells where the client wants to go.
func (s *SOCKS) request(c *dissect.Context, m []byte, at dissect.Bytes, t target, more string) {
	info := commands[s.command] + " " + t.String() + more
	if s.command == commandConnect && t.isBytestream() {
		s.stream = true
		info = "SOCKS5 bytestream (XEP-0065), CONNECT " + t.host
	}
	s.tell(c, rowOf(dissect.Client, at, len(m), info))
	if s.stream {
		s.show(c)
	}
	s.toward(c, t.port)
}

// answered takes a message of the server.
func (s *SOCKS) answered(c *dissect.Context, m []byte, at dissect.Bytes) {
	h := &s.halves[dissect.Server]
	switch {
	case s.version == 4:
		s.replied(c, m, at, m[1] == granted4, replies4[m[1]])
	case len(m) > 2:
		code := m[1]
		info := replyName(code)
		if code == 0 {
			if t := parseTarget(m[3:]); !s.stream {
				info += ", from " + t.String()
			}
		} else {
			info = "refused: " + info + " (" + strconv.Itoa(int(code)) + ")"
		}
		s.replied(c, m, at, code == 0, info)
	case h.step == stepFirst && m[0] == 5:
		s.chosen(c, m, at)
	default:
		h.step = stepRequest
		if m[1] == 0 {
			s.tell(c, rowOf(dissect.Server, at, len(m), "login accepted"))
			return
		}
		s.refuse(c, m, at, "login refused ("+strconv.Itoa(int(m[1]))+")")
	}
}

// chosen takes the method that the server wants.
func (s *SOCKS) chosen(c *dissect.Context, m []byte, at dissect.Bytes) {
	h := &s.halves[dissect.Server]
	switch s.method = m[1]; s.method {
	case methodRefused:
		s.refuse(c, m, at, "refused: no acceptable method")
		return
	case methodNone:
		h.step = stepRequest
	case methodPassword:
		h.step = stepLogin
	default: // what follows is that method's own, and may be sealed (RFC 1961)
		s.over = true
	}
	s.tell(c, rowOf(dissect.Server, at, len(m), "chooses "+methodName(s.method)))
}

// replied takes the answer to the request.
func (s *SOCKS) replied(c *dissect.Context, m []byte, at dissect.Bytes, ok bool, info string) {
	h := &s.halves[dissect.Server]
	switch {
	case !ok:
		s.refuse(c, m, at, info)
		return
	case s.command == commandBind && h.step != stepBound:
		h.step = stepBound
	default:
		h.step = stepThrough
		s.over = s.command == commandAssociate // datagrams, elsewhere
	}
	s.tell(c, rowOf(dissect.Server, at, len(m), info))
}

// refuse tells that nothing comes of it, which is worth a row wherever it was
// meant to go.
func (s *SOCKS) refuse(c *dissect.Context, m []byte, at dissect.Bytes, info string) {
	s.tell(c, rowOf(dissect.Server, at, len(m), info))
	s.show(c)
	s.over = true
}

// through hands on what is behind the handshake.
func (s *SOCKS) through(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	if !s.stream {
		s.data(c, from, b)
		return
	}
	f := &s.halves[from].file
	if f.size == 0 {
		f.first = dissect.Bytes{Frame: b.FirstFrame()}
	}
	f.size += len(b.Data)
	f.last = dissect.Bytes{Frame: b.Frame, Time: b.Time}
}

// broken gives up a handshake that is none.
func (s *SOCKS) broken(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	h := &s.halves[from]
	s.over = true
	if s.shown {
		r := rowOf(from, dissect.Bytes{Frame: b.Frame, First: h.first, Time: b.Time}, 0, "no message of the handshake")
		r.kind = dissect.KindMalformed
		s.tell(c, r)
	}
	s.waiting = nil
	h.held = nil
}
