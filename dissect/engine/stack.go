package engine

import (
	"talktrace/dissect"
	"talktrace/dissect/tls"
	"talktrace/dissect/xmlstream"
	"talktrace/dissect/xmpp"
)

// stack makes the layers of a connection and puts them into each other: TLS
// and compression hold XMPP again. It is the one place that knows all layers.
type stack struct {
	run   *Run
	space string // the default namespace of a stream whose header was not captured
}

// newStack returns the stack for a connection, by its ports.
func newStack(r *Run, c *conn) stack {
	s := stack{run: r, space: xmlstream.NSClient}
	for _, a := range c.addr {
		switch a.Port() {
		case 5269, 5270:
			s.space = xmlstream.NSServer
		case 5275, 5276, 5347:
			s.space = "jabber:component:accept"
		}
	}
	return s
}

// xmpp returns a layer for an XMPP stream; a late one may begin anywhere.
func (s stack) xmpp(via string, late bool) dissect.Layer {
	return xmpp.New(xmpp.Config{Via: via, Late: late, Space: s.space, TLS: s.tls, Deflate: s.deflate}, s.run.maxStanza())
}

// tls returns a layer for TLS.
func (s stack) tls(via string) dissect.Layer { return tls.New(via, tls.Options{}) }

// deflate returns a layer for a compressed stream.
func (s stack) deflate(via string) dissect.Layer { return &compressed{layers: via + ":deflate"} }

// compressed stands for the bytes after <compressed/> (XEP-0138), which are not
// opened.
type compressed struct {
	layers string
	told   [2]bool
}

// Data tells once that the direction is compressed from here on.
func (z *compressed) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	if z.told[from] {
		return
	}
	z.told[from] = true
	e := c.Emit(from, dissect.KindMalformed)
	e.Protocol, e.Layers, e.Length = "zlib", z.layers, len(b.Data)
	e.Info = c.Arena.Printf("compressed from here on (XEP-0138), not opened")
}

// Gap tells of a loss.
func (z *compressed) Gap(c *dissect.Context, from dissect.Sender, n int64) { c.Gap(from, z.layers, n) }

// End has nothing to tell.
func (z *compressed) End(*dissect.Context, dissect.Sender, dissect.End) {}
