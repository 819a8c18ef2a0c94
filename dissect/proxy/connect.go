package proxy

import (
	"net"
	"strconv"
	"strings"
	"unicode/utf8"

	"talktrace/dissect"
)

// Connect is a connection to a proxy that was asked by HTTP's method CONNECT (RFC
// 9110 section 9.3.6). The messages are read elsewhere; this is what they say,
// and what goes through the tunnel.
type Connect struct{ tunnel }

var _ dissect.Layer = (*Connect)(nil)

// maxTarget bounds what is shown of a target: names end at 253 bytes.
const maxTarget = 280

// NewConnect returns a layer for both directions of a tunnel. Its Via is the
// Layers column of the messages, such as "tcp:http".
func NewConnect(o Options) *Connect {
	return &Connect{tunnel{o: o, shown: o.Shown, hides: true, layers: o.Via, protocol: "HTTP"}}
}

// Request takes a request for a tunnel: its target, and what is to be said of the
// credentials that it carries, if any. at is where its head was captured, and size
// how long that is. A client that was refused may ask again.
func (t *Connect) Request(c *dissect.Context, to, credentials string, at dissect.Bytes, size int) {
	if i := strings.LastIndexByte(to, '@'); i >= 0 && !c.ShowSecrets { // a name and a password have no place here
		to = dissect.Redacted + to[i:]
	}
	info := "CONNECT " + shortened(to, maxTarget)
	if credentials != "" {
		info += ", " + shortened(credentials, maxTarget)
	}
	t.tell(c, rowOf(dissect.Client, at, size, info))
	t.toward(c, portOf(to))
}

// Answer takes the head of the answer.
func (t *Connect) Answer(c *dissect.Context, status int, reason string, at dissect.Bytes, size int) {
	info := strconv.Itoa(status)
	if reason != "" {
		info += " " + shortened(reason, 80)
	}
	if status >= 300 {
		info = "refused: " + info
	}
	t.tell(c, rowOf(dissect.Server, at, size, info))
}

// Lost says that n bytes of the messages are lost.
func (t *Connect) Lost(c *dissect.Context, from dissect.Sender, n int64) { t.gap(c, from, n) }

// Data implements dissect.Layer.
func (t *Connect) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) { t.data(c, from, b) }

// Gap implements dissect.Layer.
func (t *Connect) Gap(c *dissect.Context, from dissect.Sender, n int64) { t.lost(c, from, n) }

// End implements dissect.Layer.
func (t *Connect) End(c *dissect.Context, from dissect.Sender, how dissect.End) { t.end(c, from, how) }

// portOf returns the port of a target, 0 where it has none.
func portOf(to string) uint16 {
	_, port, err := net.SplitHostPort(to)
	if err != nil {
		return 0
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return 0
	}
	return uint16(n)
}

// shortened returns as much of a text as is shown.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}
