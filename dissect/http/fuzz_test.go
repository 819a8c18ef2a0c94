package http

import (
	"slices"
	"testing"

	"talktrace/dissect"
)

// script makes parts of any bytes: two bytes say which side sends how much, or
// that it is lost.
func script(b []byte) []part {
	var parts []part
	for len(b) >= 2 {
		p := part{from: dissect.Sender(b[0] & 1)}
		n := int(b[1])
		if b[0]&0x80 != 0 {
			p.lost = int64(n) + 1
			n = 0
		}
		b = b[2:]
		n = min(n, len(b))
		p.data, b = string(b[:n]), b[n:]
		parts = append(parts, p)
	}
	return parts
}

// unscript is the opposite of script.
func unscript(parts ...part) []byte {
	var b []byte
	for _, p := range parts {
		if p.lost > 0 {
			b = append(b, 0x80|byte(p.from), byte(p.lost-1))
		}
		for piece := range slices.Chunk([]byte(p.data), 255) {
			b = append(append(b, byte(p.from), byte(len(piece))), piece...)
		}
	}
	return b
}

// FuzzLayer plays any bytes in both directions, with gaps: there is no panic,
// what is kept has bounds, nothing is left behind, and as long as all bytes were
// messages it does not matter how they were cut.
func FuzzLayer(f *testing.F) {
	f.Add(unscript(client(post("<body 1/>")+post("<body 2/>")), server(ok("<body a/>")+ok("<body b/>"))), byte(3))
	f.Add(unscript(client("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\n<b\r\n7\r\nody a/>\r\n0\r\n\r\n")), byte(0))
	f.Add(unscript(client(upgrade), server(granted+"Sec-WebSocket-Protocol: xmpp\r\n\r\n\x81\x01"), client("\x81\x80")), byte(5))
	f.Add(unscript(client(post("<body 1/>")[:30]), part{from: dissect.Client, lost: 9}, client(post("<body 2/>"))), byte(9))
	f.Add(unscript(client("POST / HTTP/1.1\r\nContent-Encoding: deflate\r\nContent-Length: 20\r\n\r\nx\x9c\xb3I\xcaO\xa9\xd4\x07\x00")), byte(1))
	f.Add(unscript(client(connectTo+"x"), server("HTTP/1.1 407 Auth\r\nContent-Length: 2\r\n\r\nno"), client(connectTo), server(stands+"y")), byte(4))
	f.Add(unscript(client(connectTo), part{from: dissect.Server, lost: 9}, client("x"), server("lished\r\n\r\ny")), byte(2))
	f.Fuzz(func(t *testing.T, b []byte, cut byte) {
		const limit = 2000
		var rows [2][]string
		lost := false
		for i, parts := range [][]part{script(b), split(int(cut)+1, script(b))} {
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
