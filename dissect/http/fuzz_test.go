package http

import (
	"slices"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/internal/layertest"
)

// FuzzLayer plays any bytes in both directions, with gaps: there is no panic,
// what is kept has bounds, nothing is left behind, and as long as all bytes were
// messages it does not matter how they were cut.
func FuzzLayer(f *testing.F) {
	f.Add(layertest.Unscript(client(post("<body 1/>")+post("<body 2/>")), server(ok("<body a/>")+ok("<body b/>"))), byte(3))
	f.Add(layertest.Unscript(client("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\n<b\r\n7\r\nody a/>\r\n0\r\n\r\n")), byte(0))
	f.Add(layertest.Unscript(client(upgrade), server(granted+"Sec-WebSocket-Protocol: xmpp\r\n\r\n\x81\x01"), client("\x81\x80")), byte(5))
	f.Add(layertest.Unscript(client(post("<body 1/>")[:30]), part{From: dissect.Client, Lost: 9}, client(post("<body 2/>"))), byte(9))
	f.Add(layertest.Unscript(client("POST / HTTP/1.1\r\nContent-Encoding: deflate\r\nContent-Length: 20\r\n\r\nx\x9c\xb3I\xcaO\xa9\xd4\x07\x00")), byte(1))
	f.Add(layertest.Unscript(client(connectTo+"x"), server("HTTP/1.1 407 Auth\r\nContent-Length: 2\r\n\r\nno"), client(connectTo), server(stands+"y")), byte(4))
	f.Add(layertest.Unscript(client(connectTo), part{From: dissect.Server, Lost: 9}, client("x"), server("lished\r\n\r\ny")), byte(2))
	f.Fuzz(func(t *testing.T, b []byte, cut byte) {
		const limit = 2000
		var rows [2][]string
		lost := false
		for i, parts := range [][]part{layertest.Script(b), layertest.Split(int(cut)+1, layertest.Script(b))} {
			p := newPlayer(limit)
			for _, part := range parts {
				p.play(part)
				lost = lost || p.l.dirs[0].lost || p.l.dirs[1].lost
				if len(p.l.exchanges) > maxExchanges {
					t.Fatalf("%d requests are kept", len(p.l.exchanges))
				}
			}
			rows[i] = p.end()
			if p.l.dirs[0].message != nil || p.l.dirs[1].message != nil {
				t.Fatal("a message is still being read")
			}
		}
		if !lost && !slices.Equal(rows[0], rows[1]) {
			t.Fatalf("got %q, and in pieces %q", rows[0], rows[1])
		}
	})
}
