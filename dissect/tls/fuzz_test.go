package tls

import (
	gotls "crypto/tls"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// script reads parts from bytes: before each there is a byte for what it is and
// one for its length.
func script(b []byte) []part {
	var parts []part
	for len(b) >= 2 {
		p := part{from: dissect.Sender(b[0] & 1)}
		n := int(b[1])
		if b[0]&0x0e == 0x0e {
			n <<= 6
		}
		long := b[0]&0xf0 == 0xf0
		b = b[2:]
		if long {
			p.lost = int64(n) + 1
		} else {
			p.data = b[:min(n, len(b))]
			b = b[len(p.data):]
		}
		parts = append(parts, p)
	}
	return parts
}

// unscript is the opposite of script.
func unscript(parts []part) []byte {
	var b []byte
	for _, p := range parts {
		if p.lost > 0 {
			b = append(b, 0xf0|byte(p.from), byte(p.lost-1))
		}
		for piece := range slices.Chunk(p.data, 255) {
			b = append(append(b, byte(p.from), byte(len(piece))), piece...)
		}
	}
	return b
}

// FuzzLayer plays any bytes in both directions, with gaps, and holds the layer
// against its promises: no panic, every byte in one row and one only, bounded
// memory, and the same rows for any cut as long as the records are in step.
func FuzzLayer(f *testing.F) {
	for _, version := range []uint16{gotls.VersionTLS12, gotls.VersionTLS13} {
		c, s := configs(f, version)
		parts := converse(f, c, s)
		f.Add(unscript(parts), byte(3))
		f.Add(unscript(slices.Insert(cutInto(50, parts), 12, part{lost: 40, from: dissect.Server})), byte(7))
	}
	data := rec(applicationData, make([]byte, 100)...)
	f.Add(unscript([]part{client(noise...), client(data...), clientGap(20), client(noise...), client(data...)}), byte(1))
	f.Add(unscript([]part{client(rec(handshake, msg(clientHello, make([]byte, 60)...)...)...), clientGap(1)}), byte(2))
	f.Fuzz(func(t *testing.T, b []byte, cut byte) {
		parts := script(b)
		var rows [2][]string
		for i, parts := range [][]part{parts, cutInto(int(cut)+1, parts)} {
			p := newPlayer()
			for _, part := range parts {
				p.play(part)
				for i := range p.l.sides {
					s := &p.l.sides[i]
					if cap(s.held.b) > 4*(maxRecord+len(part.data)) || len(s.messages.part) > maxMessage {
						t.Fatalf("holds %d and %d bytes", cap(s.held.b), len(s.messages.part))
					}
				}
			}
			p.end(dissect.EndRST)
			if rest := p.unaccounted(parts); rest != [2]int{} {
				t.Fatalf("bytes that are in no row: %d", rest)
			}
			for _, e := range p.c.Events {
				if e.FirstFrame < 1 || e.FirstFrame > e.Frame || len(e.Info) == 0 {
					t.Fatalf("frames %d to %d: %s", e.FirstFrame, e.Frame, e.Info)
				}
			}
			rows[i] = p.rows()
		}
		// In a search the ends of segments are evidence, so there the cut matters.
		if !strings.Contains(strings.Join(rows[0], "\n"), " malformed ") {
			wantRows(t, rows[1], rows[0]...)
		}
	})
}

func FuzzClientHello(f *testing.F) {
	c, s := configs(f, gotls.VersionTLS13)
	f.Add(converse(f, c, s)[0].data)
	f.Add([]byte("\x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10"))
	f.Fuzz(func(t *testing.T, b []byte) {
		hello, enough := ParseClientHello(b)
		tls, known := LooksLike(b)
		if hello != nil && (!enough || !tls || !known) {
			t.Fatalf("a hello, but enough %v, TLS %v, known %v", enough, tls, known)
		}
		if again, _ := ParseClientHello(append(slices.Clone(b), 0)); hello != nil && again == nil {
			t.Fatal("one more byte, and the hello is gone")
		}
	})
}
