package xmpp

import (
	"bytes"

	"talktrace/dissect"
)

// otr adds what a body says that belongs to Off-the-Record messaging, which
// puts its own messages where the text would be (XEP-0364, OTR version 3). It
// reports whether the body is such.
func otr(l *dissect.Line, body int32) bool {
	const mark = "?OTR"
	x := &l.Tree.Nodes[body]
	text := bytes.TrimLeft(l.Tree.Bytes(x.Inner), " \t\r\n")
	if !bytes.HasPrefix(text, []byte(mark)) {
		return false
	}
	switch rest := text[len(mark):]; {
	case bytes.HasPrefix(rest, []byte(":")):
		l.Add(otrMessage(rest[1:]))
	case bytes.HasPrefix(rest, []byte(",")), bytes.HasPrefix(rest, []byte("|")):
		l.Add("a piece of an OTR message")
	case bytes.HasPrefix(rest, []byte(" Error:")):
		l.Quote(body)
		return true
	case bytes.HasPrefix(rest, []byte("?")), bytes.HasPrefix(rest, []byte("v")):
		l.Add("asks for OTR encryption")
		return true
	default:
		return false
	}
	l.Add(", ").Count(len(text), "byte", "bytes")
	return true
}

// otrMessage names a message by what its base64 begins with: two bytes of
// version and one of type.
func otrMessage(b []byte) string {
	if len(b) < 4 || !bytes.HasPrefix(b, []byte("AA")) {
		return "OTR-encrypted"
	}
	switch string(b[2:4]) {
	case "ED", "ID", "MD":
		return "OTR-encrypted"
	case "EC", "IC", "MC", "EK", "IK", "MK", "ER", "IR", "MR", "ES", "IS", "MS":
		return "OTR key exchange"
	}
	return "OTR message"
}
