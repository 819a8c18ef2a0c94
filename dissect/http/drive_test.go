package http

import (
	"fmt"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/internal/layertest"
)

// part is something that happens to a layer.
type part = layertest.Part

func client(data ...string) part { return layertest.Client(data...) }
func server(data ...string) part { return layertest.Server(data...) }

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
		layertest.Play(p.c, p.l, part, true)
	}
}

// end ends both sides and returns all that was written down.
func (p *player) end() []string {
	layertest.End(p.c, p.l, dissect.EndFIN)
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

// cuts holds that parts give the same rows, however they are cut.
func cuts(t *testing.T, want []string, parts ...part) {
	t.Helper()
	layertest.Cuts(t, trace, 8, 1<<20, want, parts...)
}

// post is a request with a body.
func post(body string) string {
	return fmt.Sprintf("POST /http-bind HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// ok is an answer with a body.
func ok(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}
