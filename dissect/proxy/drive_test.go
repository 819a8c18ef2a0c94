package proxy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/internal/layertest"
)

// part is something that happens to a layer.
type part = layertest.Part

func client(data ...string) part { return layertest.Client(data...) }
func server(data ...string) part { return layertest.Server(data...) }

// inside is the layer behind a proxy: it keeps what it is told, and makes a row
// of the first bytes it gets.
type inside struct{ text [2]strings.Builder }

func (i *inside) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	if i.text[0].Len()+i.text[1].Len() == 0 {
		c.Emit(from, "inside").FirstFrame = b.FirstFrame()
	}
	i.text[from].Write(b.Data)
}

func (i *inside) Gap(_ *dissect.Context, from dissect.Sender, n int64) {
	fmt.Fprintf(&i.text[from], "(%d lost)", n)
}

func (i *inside) End(_ *dissect.Context, from dissect.Sender, _ dissect.End) {
	i.text[from].WriteString("(end)")
}

// player hands parts to a layer.
type player struct {
	c  *dissect.Context
	l  dissect.Layer
	in *inside
}

// play plays parts to the layer that build makes.
func play(build func(o Options) dissect.Layer, parts ...part) *player {
	p := newPlayer(build)
	for _, part := range parts {
		p.play(part)
	}
	return p
}

func newPlayer(build func(o Options) dissect.Layer) *player {
	p := &player{c: dissect.NewContext(dissect.Options{}), in: new(inside)}
	p.c.Conn = &dissect.Conn{Text: [2]string{"192.0.2.1:40000", "192.0.2.2:5222"}}
	p.l = build(Options{Via: "tcp", Inner: func(string, uint16, bool) dissect.Layer { return p.in }})
	return p
}

func (p *player) play(part part) { layertest.Play(p.c, p.l, part, true) }

// end ends both sides, and returns the rows and what was handed on.
func (p *player) end() []string {
	layertest.End(p.c, p.l, dissect.EndFIN)
	var all []string
	for _, e := range p.c.Events {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", e.Sender, e.Kind, e.Info)))
	}
	for from := range p.in.text {
		if s := p.in.text[from].String(); s != "" {
			all = append(all, fmt.Sprintf("%s: %s", dissect.Sender(from), s))
		}
	}
	return all
}

// check holds what parts give against what they should, whole and in pieces.
func check(t *testing.T, build func(o Options) dissect.Layer, want []string, parts ...part) {
	t.Helper()
	for n := range 8 {
		pieces := parts
		if n > 0 {
			pieces = layertest.Split(n, parts)
		}
		if got := play(build, pieces...).end(); !slices.Equal(got, want) {
			t.Errorf("in pieces of %d: got\n\t%s\nwant\n\t%s", n, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
			return
		}
	}
}

func socks5(o Options) dissect.Layer { return NewSOCKS(o, 5) }
func socks4(o Options) dissect.Layer { return NewSOCKS(o, 4) }
func header(o Options) dissect.Layer { return NewHeader(o) }

// shown is a layer whose rows need not wait.
func shown(build func(o Options) dissect.Layer) func(o Options) dissect.Layer {
	return func(o Options) dissect.Layer {
		o.Shown = true
		return build(o)
	}
}
