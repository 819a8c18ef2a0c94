package proxy

import (
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/internal/layertest"
)

// FuzzProxy plays any bytes in both directions, with gaps, to each kind of proxy:
// there is no panic, what is kept has bounds, no password is shown, what is
// handed on was said, and as long as nothing is lost it does not matter how it
// was cut.
func FuzzProxy(f *testing.F) {
	const password = "sesame"
	lost := part{From: dissect.Client, Lost: 3}
	f.Add(layertest.Unscript(client("\x05\x01\x00"), server("\x05\x00"), client(request), server(granted), client("x"), server("y")), byte(0), byte(0))
	f.Add(layertest.Unscript(client("\x05\x01\x02"), server("\x05\x02"), client("\x01\x05romeo\x06"+password), server("\x01\x00"), client(request)), byte(2), byte(1))
	f.Add(layertest.Unscript(client("\x05\x01\x02"), server("\x05\x02"), client("\x01\x05ro"), lost, client("\x06"+password), client(request)), byte(1), byte(3))
	f.Add(layertest.Unscript(client("\x04\x01\x00\x50\x00\x00\x00\x01u\x00h\x00"), server("\x00\x5a\x00\x00\x00\x00\x00\x00y")), byte(1), byte(4))
	f.Add(layertest.Unscript(client("PROXY TCP4 203.0.113.7 198.51.100.1 51234 5222\r\nx"), server("y")), byte(3), byte(2))
	f.Add(layertest.Unscript(client(v2(0x21, 0x11, ends4+vectorOf(2, "h")+vectorOf(0x20, "\x01\x00\x00\x00\x00"+vectorOf(0x21, "TLS"))))), byte(7), byte(5))
	builds := []func(o Options) dissect.Layer{socks5, shown(socks5), header, shown(socks4), socks4, shown(header)}
	f.Fuzz(func(t *testing.T, b []byte, cut, kind byte) {
		build := builds[int(kind)%len(builds)]
		whole := layertest.Script(b)
		if slices.ContainsFunc(whole, func(p part) bool { return p.Lost > 0 }) {
			p := playBounded(t, build, whole)
			for _, e := range p.c.Events {
				if e.Missing < 0 || e.Length < 0 || e.FirstFrame < 1 || e.FirstFrame > e.Frame {
					t.Fatalf("a row that makes no sense: %+v", e)
				}
			}
			return
		}
		var said [2]strings.Builder
		for _, p := range whole {
			said[p.From].WriteString(p.Data)
		}
		if isConnect([]byte(said[dissect.Client].String())) {
			return // cut behind the third byte it is taken for a greeting
		}
		one, two := playBounded(t, build, whole), playBounded(t, build, layertest.Split(int(cut)+1, whole))
		for from := range said {
			if got := one.in.text[from].String(); !strings.HasSuffix(said[from].String(), got) {
				t.Fatalf("%q is handed on, of %q", got, said[from].String())
			}
		}
		if a, b := one.end(), two.end(); !slices.Equal(a, b) {
			t.Fatalf("got %q, and in pieces %q", a, b)
		}
	})
}

// playBounded plays parts and looks after each what is kept.
func playBounded(t *testing.T, build func(o Options) dissect.Layer, parts []part) *player {
	p := newPlayer(build)
	for _, part := range parts {
		p.play(part)
		switch l := p.l.(type) {
		case *SOCKS:
			if len(l.halves[0].held) > maxMessage || len(l.halves[1].held) > maxMessage || len(l.waiting) > maxWaiting {
				t.Fatal("too much is kept")
			}
		case *Header:
			if len(l.held) > offAddress+65535 || len(l.waiting) > maxWaiting {
				t.Fatal("too much is kept")
			}
		}
	}
	return p
}
