package xmlstream_test

import (
	"strings"
	"testing"

	"talktrace/dissect"
	. "talktrace/dissect/xmlstream"
)

const typical = `<message from='romeo@montague.example/orchard' to='juliet@capulet.example/balcony' type='chat' id='b4a9c8d0-1f' xml:lang='en'><body>But, soft! what light through yonder window breaks? It is the east, and Juliet is the sun.</body><active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/><origin-id xmlns='urn:xmpp:sid:0' id='b4a9c8d0-1f'/></message>` +
	`<presence from='juliet@capulet.example/balcony' to='romeo@montague.example/orchard'><show>away</show><status>be right back</status><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://code.example/client' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/></presence>` +
	`<iq type='result' id='r1' to='juliet@capulet.example/balcony'><query xmlns='jabber:iq:roster'><item jid='romeo@montague.example' name='Romeo' subscription='both'><group>Friends</group></item></query></iq>`

func BenchmarkSplit(b *testing.B) {
	data := []byte(strings.Repeat(typical, 20))
	var a dissect.Arena
	p := NewParser(&dissect.Interner{})
	s := started(1 << 20)
	splitAllInto(s, header)
	var u Unit
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		s.Feed(data, Origin{Frame: 1})
		for s.Next(p, &a, &u) {
		}
	}
}

// Segments that cut every stanza.
func BenchmarkSplitCut(b *testing.B) {
	data := []byte(strings.Repeat(typical, 20))
	var a dissect.Arena
	p := NewParser(&dissect.Interner{})
	s := started(1 << 20)
	splitAllInto(s, header)
	var u Unit
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		a.Reset()
		for rest := data; len(rest) > 0; {
			n := min(len(rest), 193)
			s.Feed(rest[:n], Origin{Frame: 1})
			rest = rest[n:]
			for s.Next(p, &a, &u) {
			}
		}
	}
}
