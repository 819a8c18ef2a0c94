package table

import (
	"bytes"

	"talktrace/report/escape"
)

// resourceCells is how much of a resource is worth its room: in rooms it is who
// speaks.
const resourceCells = 10

// abridge shortens the JIDs of an Info that does not fit, so that there is room
// for what is said about them: of juliet@capulet.example/balcony it leaves
// juliet@…/balcony. What stands in quotes, which people said, stays as it is.
func abridge(info []byte) []byte {
	out := make([]byte, 0, len(info))
	for len(info) > 0 && info[0] != '"' {
		n := bytes.IndexByte(info, ' ') + 1
		if n == 0 {
			n = len(info)
		}
		out = abridgeWord(out, info[:n])
		info = info[n:]
	}
	return append(out, info...)
}

// abridgeWord appends a word, without the domain if it is a JID with a local part.
func abridgeWord(dst, word []byte) []byte {
	at := bytes.IndexByte(word, '@')
	if at <= 0 || bytes.IndexByte(word[:at], '/') >= 0 {
		return append(dst, word...)
	}
	jid := bytes.TrimRight(word, " ,:;)]")
	if len(jid) <= at+1 {
		return append(dst, word...)
	}
	behind := word[len(jid):]
	dst = append(append(dst, jid[:at+1]...), "…"...)
	if slash := bytes.IndexByte(jid, '/'); slash >= 0 {
		dst = escape.Fit(append(dst, '/'), jid[slash+1:], resourceCells)
	}
	return append(dst, behind...)
}
