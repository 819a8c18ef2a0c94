package engine

import (
	"talktrace/dissect"
	"talktrace/dissect/deflate"
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
func (s stack) deflate(via string) dissect.Layer {
	return deflate.New(via, s.xmpp(via+":deflate", false), deflate.Limits{})
}
