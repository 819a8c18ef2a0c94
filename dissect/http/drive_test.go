package http

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// part is something that happens to a layer: bytes of one side, or a gap where
// lost is not 0. Each comes in a frame of its own.
type part struct {
	from dissect.Sender
	data string
	lost int64
}

func client(data string) part { return part{from: dissect.Client, data: data} }
func server(data string) part { return part{from: dissect.Server, data: data} }

// recorder stands for the layers inside and writes down what it is given.
type recorder struct {
	rows   []string
	frames bool // write down where bytes came from, too
	stream [2]string
}

func (r *recorder) note(format string, args ...any) {
	r.rows = append(r.rows, fmt.Sprintf(format, args...))
}

// body is a body as text: its pieces one after the other.
func (r *recorder) body(pieces []dissect.Bytes, missing int64) string {
	var b strings.Builder
	for _, p := range pieces {
		if r.frames {
			fmt.Fprintf(&b, "[%d-%d]", p.FirstFrame(), p.Frame)
		}
		b.Write(p.Data)
	}
	if missing > 0 {
		fmt.Fprintf(&b, " missing %d", missing)
	}
	return b.String()
}

// Request implements BOSH.
func (r *recorder) Request(_ *dissect.Context, pieces []dissect.Bytes, missing int64) func(*dissect.Context, int, []dissect.Bytes, int64) {
	asked := r.body(pieces, missing)
	r.note("request %s", asked)
	if strings.Contains(asked, "other") {
		return nil
	}
	return func(_ *dissect.Context, status int, pieces []dissect.Bytes, missing int64) {
		r.note("answer %d %s to %s", status, r.body(pieces, missing), asked)
	}
}

// Answer implements BOSH.
func (r *recorder) Answer(_ *dissect.Context, status int, pieces []dissect.Bytes, missing int64) bool {
	r.note("orphan %d %s", status, r.body(pieces, missing))
	return true
}

// End implements BOSH and is not looked at.
func (r *recorder) End(*dissect.Context) {}

// webSocket is the recorder as the layer behind an upgrade. It keeps the bytes
// of each side, which are compared however they were cut.
type webSocket struct{ r *recorder }

func (w webSocket) Data(_ *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	w.r.stream[from] += string(b.Data)
}

func (w webSocket) Gap(_ *dissect.Context, from dissect.Sender, n int64) {
	w.r.stream[from] += fmt.Sprintf("(%d lost)", n)
}

func (w webSocket) End(_ *dissect.Context, from dissect.Sender, _ dissect.End) {
	w.r.stream[from] += "(end)"
}

// player hands parts to a layer.
type player struct {
	l *Layer
	c *dissect.Context
	r *recorder
}

func newPlayer(limit int) *player {
	p := &player{c: dissect.NewContext(dissect.Options{MaxStanza: limit}), r: &recorder{}}
	p.c.Conn = &dissect.Conn{}
	p.l = New("tcp", Handlers{
		WebSocket: func(via string, u Upgrade) dissect.Layer {
			p.r.note("upgrade in %s: %+v", via, u)
			return webSocket{p.r}
		},
		BOSH:   func(via string) BOSH { return p.r },
		Tunnel: func(via string) Tunnel { return tunnel{webSocket{p.r}} },
	})
	return p
}

func (p *player) play(parts ...part) {
	for _, part := range parts {
		p.c.Frame++
		p.c.Time = int64(p.c.Frame) * 1000
		if part.lost > 0 {
			p.l.Gap(p.c, part.from, part.lost)
			continue
		}
		data := []byte(part.data) // which the layer must not keep
		p.l.Data(p.c, part.from, dissect.Bytes{Data: data, Frame: p.c.Frame, Time: p.c.Time})
		clear(data)
	}
}

// end ends both sides and returns all that was written down.
func (p *player) end() []string {
	p.c.Frame++
	p.l.End(p.c, dissect.Client, dissect.EndFIN)
	p.l.End(p.c, dissect.Server, dissect.EndFIN)
	for _, e := range p.c.Events {
		p.r.note("%s %s: %s", e.Kind, e.Layers, e.Info)
	}
	for from, s := range p.r.stream {
		if s != "" {
			p.r.note("%s sent %q", dissect.Sender(from), s)
		}
	}
	return p.r.rows
}

// trace plays parts to their end.
func trace(parts ...part) []string {
	p := newPlayer(0)
	p.play(parts...)
	return p.end()
}

// split cuts the bytes of all parts into pieces of n bytes at most.
func split(n int, parts []part) []part {
	var pieces []part
	for _, p := range parts {
		if p.lost > 0 {
			pieces = append(pieces, p)
		}
		for b := range slices.Chunk([]byte(p.data), n) {
			pieces = append(pieces, part{from: p.from, data: string(b)})
		}
	}
	return pieces
}

// cuts holds that parts give the same rows whole, byte by byte, and cut in two
// at any place.
func cuts(t *testing.T, want []string, parts ...part) {
	t.Helper()
	compare(t, "whole", trace(parts...), want)
	for n := 1; n < 8; n++ {
		compare(t, fmt.Sprintf("in pieces of %d", n), trace(split(n, parts)...), want)
	}
	for i, p := range parts {
		for at := 1; at < len(p.data); at++ {
			again := slices.Concat(parts[:i], []part{{from: p.from, data: p.data[:at]}, {from: p.from, data: p.data[at:]}}, parts[i+1:])
			compare(t, fmt.Sprintf("part %d cut at %d", i, at), trace(again...), want)
			if t.Failed() {
				return
			}
		}
	}
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n\t%s\nwant\n\t%s", what, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// post is a request with a body.
func post(body string) string {
	return fmt.Sprintf("POST /http-bind HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// ok is an answer with a body.
func ok(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}
