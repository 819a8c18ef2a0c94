package websocket

import (
	"encoding/binary"
	"strconv"

	"talktrace/dissect"
)

// row emits a row for a part of the protocol that is not XMPP.
func (l *Layer) row(c *dissect.Context, from dissect.Sender, kind string, at dissect.Bytes) *dissect.Event {
	e := c.Emit(from, kind)
	e.Protocol, e.Layers = "WebSocket", l.layers
	e.Frame, e.FirstFrame, e.Time = at.Frame, at.FirstFrame(), at.Time
	return e
}

// controlFrame takes a ping, a pong or the end of the connection.
func (l *Layer) controlFrame(c *dissect.Context, from dissect.Sender, payload []byte, at dissect.Bytes) {
	d := &l.dirs[from]
	if at.First = d.first; !l.known {
		return
	}
	name := "ping"
	switch d.frame.opcode {
	case opClose:
		l.closeFrame(c, from, payload, at)
		return
	case opPong:
		name = "pong"
	}
	e := l.row(c, from, dissect.KindKeepalive, at)
	e.Length = len(payload)
	e.Info = c.Arena.Printf("%s", name)
	if len(payload) > 0 {
		e.Info = c.Arena.Printf("%s, %d %s", name, len(payload), plural(len(payload), "byte", "bytes"))
	}
}

// The codes that say that nothing is wrong (RFC 6455 section 7.4.1).
const (
	codeNormal    = 1000
	codeGoingAway = 1001
	codeNone      = 1005 // stands for a close without a code
)

// codes are the reasons for which a connection is closed, in words.
var codes = map[int]string{
	codeNormal: "normal", codeGoingAway: "going away", 1002: "protocol error", 1003: "data of a kind not accepted",
	codeNone: "no code", 1006: "abnormal", 1007: "not UTF-8", 1008: "policy violation", 1009: "message too big",
	1010: "extension missing", 1011: "server failure", 1012: "service restart", 1013: "try again later",
	1014: "bad gateway", 1015: "TLS failure",
}

// closeFrame tells of the end of the connection, unless its stream has been
// closed before it and nothing is wrong.
func (l *Layer) closeFrame(c *dissect.Context, from dissect.Sender, payload []byte, at dissect.Bytes) {
	code, reason := codeNone, []byte(nil)
	if len(payload) >= 2 {
		code, reason = int(binary.BigEndian.Uint16(payload)), payload[2:]
	}
	closed := l.dirs[0].closed || l.dirs[1].closed
	if l.told || closed && (code == codeNormal || code == codeGoingAway || code == codeNone) {
		l.told = true
		return
	}
	l.told = true
	e := l.row(c, from, dissect.KindEnd, at)
	e.Length = len(payload)
	info := c.Arena.Begin(64)
	info = append(info, "WebSocket closed by the "...)
	info = append(info, from.String()...)
	info = appendCode(append(info, ": "...), code)
	if len(reason) > 0 {
		info = append(append(append(info, " \""...), reason...), '"')
	}
	if !closed {
		info = append(info, ", its stream still open"...)
	}
	e.Info = c.Arena.Done(info)
}

// appendCode appends a code and what it means, as far as that is known.
func appendCode(b []byte, code int) []byte {
	word, ok := codes[code]
	if code != codeNone {
		b = strconv.AppendInt(b, int64(code), 10)
		word = " " + word
	}
	if ok {
		b = append(b, word...)
	}
	return b
}
