package scrub

import (
	"net/netip"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// FuzzStream scrubs what a client says, in two pieces with or without a hole
// between them, maybe in layers. Both rounds read the same, all that is read as
// XML is an element or doubtful, and nothing but what is compressed changes its
// length.
func FuzzStream(f *testing.F) {
	f.Add([]byte(header+opening), []byte(secret+closing), false, "")
	f.Add([]byte("<presence/><iq><password>a&#x41;</password>"), []byte("<![CDATA[<x]]>]]></iq>"), true, "")
	f.Add([]byte(header+"<a xmlns:b='c' b:d=\"e"), []byte("\xff&;<b:\x16\x03\x01\x00\x02"), false, "tls")
	f.Add([]byte("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\x81\x8b\x00\x00\x00\x00"), []byte("<presence/>\x89\x80abcd"), false, "http ws")
	f.Add([]byte("POST /b HTTP/1.1\r\nContent-Length: 7\r\nCookie: abcdefgh\r\n\r\n<body/>"), []byte("POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<bo\r\n4\r\ndy/>\r\n0\r\n\r\n"), false, "http bosh")
	f.Add([]byte("\x05\x01\x02\x01\x04user\x04pass\x05\x01\x00\x03\x09a.example\x14\x66"), []byte(header), false, "socks5")
	f.Add([]byte("\x04\x01\x14\x66\x00\x00\x00\x01user\x00a.example\x00"), []byte(header), false, "socks4")
	f.Add([]byte("PROXY TCP6 2001:db8::1 ::1 1 2\r\n"+header), []byte("<presence/>"), true, "proxy")
	f.Add([]byte(header+"<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>"), []byte(squeezed(header+"<presence/>")), false, "deflate")
	f.Fuzz(func(t *testing.T, a, b []byte, hole bool, layers string) {
		r := newRedactor(all())
		r.ctx = dissect.NewContext(dissect.Options{Fields: addressFields()})
		room := maxStreams
		v := &conversation{handshake: true, room: &room, talk: &talk{layers: make(map[string]bool)}}
		for name := range strings.FieldsSeq(layers) {
			v.layers[name] = true
		}
		v.addr[0] = netip.MustParseAddrPort("192.0.2.1:1")
		s := &v.sides[0]
		s.add(&segment{frame: 1}, 1000, true)
		s.add(&segment{frame: 2, data: a}, 1001, false)
		next := uint32(1001 + len(a))
		if hole {
			next += 7
		}
		s.add(&segment{frame: 3, data: b}, next, false)
		s.assemble()
		if v.layOut() != nil {
			return
		}
		covered := 0
		for _, r.second = range [...]bool{false, true} {
			r.renew(s.runs)
			covered = s.begin
			for i := range s.parts {
				s.parts[i].take(r, &s.parts[i])
			}
			err := s.read(v, reader{
				ctx:      r.ctx,
				element:  func(t *xmlstream.Tree, in *run, off int) { covered += len(t.Raw); r.element(t, in, off) },
				doubtful: func(in *run, from, to int) { covered += to - from; r.doubtful(in, from, to) },
			}, r.renew)
			if err != nil {
				return
			}
		}
		readable := 0
		for k := range s.runs {
			if readable += s.runs[k].open; len(s.runs[k].new) != len(s.runs[k].data) {
				t.Fatalf("%d bytes became %d", len(s.runs[k].data), len(s.runs[k].new))
			}
		}
		if covered < readable && !s.carried {
			t.Errorf("%d of %d bytes were looked at", covered, readable)
		}
		s.pack()
		for k := range s.runs {
			u := &s.runs[k]
			for at, last := 0, 0; at <= len(u.data); at++ {
				if now := u.moved(at); now < last || now > len(u.new) {
					t.Fatalf("byte %d of %d went to %d of %d, behind %d", at, len(u.data), now, len(u.new), last)
				} else {
					last = now
				}
			}
		}
	})
}
