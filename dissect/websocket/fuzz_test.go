package websocket

import (
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/internal/layertest"
)

// FuzzLayer plays any bytes in both directions, with gaps: there is no panic,
// no more is kept than has come and the limit allows, every row has its frames,
// and as long as no frame has to be searched for the cuts do not matter.
func FuzzLayer(f *testing.F) {
	packed := newDeflater().message("<a>" + strings.Repeat("text ", 50) + "</a>")
	f.Add(layertest.Unscript(client(fromClient("<open/>"), fromClient("<message/>")), server(fromServer("<open/>"))), byte(1), byte(3))
	f.Add(layertest.Unscript(client(frame(dissect.Client, opText, "<a>"), frame(dissect.Client, fin|opPing, "x"), frame(dissect.Client, fin|opContinuation, "</a>"))), byte(0), byte(0))
	f.Add(layertest.Unscript(server(frame(dissect.Server, fin|rsv1|opText, packed)), client(frame(dissect.Client, fin|rsv1|opText, packed))), byte(1), byte(5))
	f.Add(layertest.Unscript(client(fromClient("<a>text</a>")[:9]), part{From: dissect.Client, Lost: 5}, client(fromClient("<presence/>"), "\x88\x82abcd\x62\x8a")), byte(3), byte(7))
	f.Add(layertest.Unscript(client("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xffabcd<a>")), byte(4), byte(2))
	f.Fuzz(func(t *testing.T, b []byte, flags, cut byte) {
		config := Config{Sure: flags&1 != 0, Late: flags&2 != 0, Answered: flags&4 != 0, Extensions: "permessage-deflate"}
		const limit = 1000
		var rows [2][]string
		lost := false
		for i, parts := range [][]part{layertest.Script(b), layertest.Split(int(cut)+1, layertest.Script(b))} {
			p := newPlayer(config, limit)
			for _, part := range parts {
				p.play(part)
				for j := range p.l.dirs {
					d := &p.l.dirs[j]
					if lost = lost || d.lost; len(d.message.bytes) > limit || len(d.control) > 125 || d.left < 0 {
						t.Fatalf("%d and %d bytes are kept, %d to come", len(d.message.bytes), len(d.control), d.left)
					}
				}
			}
			p.end(dissect.EndRST)
			for _, e := range p.c.Events {
				if e.FirstFrame < 1 || e.FirstFrame > e.Frame {
					t.Fatalf("frames %d to %d: %s", e.FirstFrame, e.Frame, e.Info)
				}
			}
			rows[i] = p.rows()
		}
		if !lost && !slices.Equal(rows[0], rows[1]) {
			t.Fatalf("got %q, and in pieces %q", rows[0], rows[1])
		}
	})
}

func FuzzLooksLike(f *testing.F) {
	f.Add([]byte(fromClient("<message/>")), true)
	f.Add([]byte(fromServer("<stream:features/>")), false)
	f.Fuzz(func(t *testing.T, b []byte, fromClient bool) {
		yes, enough := LooksLike(b, fromClient)
		if yes && !enough {
			t.Fatal("yes, but not enough to say")
		}
		if again, still := LooksLike(append(slices.Clone(b), 'x'), fromClient); enough && (again != yes || !still) {
			t.Fatalf("%v with one byte more, which was %v before", again, yes)
		}
	})
}
