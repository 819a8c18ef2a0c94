package engine

import (
	"talktrace/dissect"
	"talktrace/dissect/bosh"
	"talktrace/dissect/deflate"
	_ "talktrace/dissect/gtalk" // registers its extensions
	"talktrace/dissect/http"
	"talktrace/dissect/tls"
	"talktrace/dissect/websocket"
	_ "talktrace/dissect/xep" // registers its extensions
	"talktrace/dissect/xmlstream"
	"talktrace/dissect/xmpp"
)

// stack makes the layers of a connection and puts them into each other: TLS
// and compression hold XMPP again. It is the one place that knows all layers.
type stack struct {
	run    *Run
	space  string // the default namespace of a stream whose header was not captured
	hinted bool   // a port speaks for XMPP
}

// newStack returns the stack for a connection, by its ports.
func newStack(r *Run, c *conn, hinted bool) stack {
	s := stack{run: r, space: xmlstream.NSClient, hinted: hinted}
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
func (s stack) xmpp(via string, late bool) *xmpp.Stream {
	return xmpp.New(xmpp.Config{Via: via, Late: late, Space: s.space, TLS: s.tls, Deflate: s.deflate}, s.run.maxStanza())
}

// tls returns a layer for TLS, which holds whatever shows itself inside.
func (s stack) tls(via string) dissect.Layer {
	return tls.New(via, tls.Options{
		Keys:  s.run.o.Keys,
		Inner: func(via string) dissect.Layer { return &opening{stack: s, via: via} },
	})
}

// deflate returns a layer for a compressed stream.
func (s stack) deflate(via string) dissect.Layer {
	return deflate.New(via, s.xmpp(via+":deflate", false), deflate.Limits{})
}

// http returns a layer for HTTP, which may hold WebSocket or BOSH.
func (s stack) http(via string) dissect.Layer {
	return http.New(via, http.Handlers{
		WebSocket: func(via string, u http.Upgrade) dissect.Layer {
			return websocket.New(websocket.Config{
				Via: via, Sure: u.Protocol == "xmpp", Answered: u.Answered, Extensions: u.Extensions,
			}, func(via string) websocket.Stream { return s.xmpp(via, false) })
		},
		BOSH: func(via string) http.BOSH {
			return bosh.New(via, func(via string) bosh.Stream { return s.xmpp(via, false) })
		},
	})
}

// webSocket returns a layer for WebSocket frames whose upgrade was not captured.
func (s stack) webSocket(via string) dissect.Layer {
	return websocket.New(websocket.Config{Via: via + ":http"}, func(via string) websocket.Stream { return s.xmpp(via, true) })
}
