package engine

import (
	"talktrace/dissect"
	"talktrace/dissect/bosh"
	"talktrace/dissect/deflate"
	_ "talktrace/dissect/gtalk" // registers its extensions
	"talktrace/dissect/http"
	"talktrace/dissect/proxy"
	"talktrace/dissect/tls"
	"talktrace/dissect/websocket"
	_ "talktrace/dissect/xep" // registers its extensions
	"talktrace/dissect/xmlstream"
	"talktrace/dissect/xmpp"
)

// stack makes the layers of a connection and puts them into each other: TLS
// and compression hold XMPP again, and proxies anything. It is the one place that
// knows all layers.
type stack struct {
	run    *Run
	space  string // the default namespace of a stream whose header was not captured
	hinted bool   // a port speaks for XMPP
	forced string // the protocol that the user has fixed for a port
	late   bool   // bytes may be missing before the first ones
	depth  int    // proxies in front
}

// maxDepth bounds the proxies behind each other that are seen through.
const maxDepth = 4

// newStack returns the stack for a connection, by its ports.
func newStack(r *Run, c *conn, hinted bool, forced string) stack {
	s := stack{run: r, space: xmlstream.NSClient, hinted: hinted, forced: forced, late: !c.handshake}
	for _, a := range c.addr {
		s.serve(a.Port())
	}
	return s
}

// serve takes the default namespace from a port.
func (s *stack) serve(port uint16) {
	switch port {
	case 5269, 5270:
		s.space = xmlstream.NSServer
	case 5275, 5276, 5347:
		s.space = "jabber:component:accept"
	}
}

// speaks reports whether a port speaks for XMPP.
func (s stack) speaks(port uint16) bool { return xmppPorts[port] || s.run.o.Ports[port] != "" }

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

// behind returns the stack for what goes through a proxy to a port.
func (s stack) behind(port uint16, late bool) stack {
	s.depth++
	s.late = s.late || late
	if s.serve(port); s.speaks(port) {
		s.hinted = true
		if forced := s.run.o.Ports[port]; forced != "" {
			s.forced = forced
		}
	}
	return s
}

// proxied returns what a proxy found inside via needs to know.
func (s stack) proxied(via string) proxy.Options {
	return proxy.Options{
		Via: via, Shown: s.hinted, Speaks: s.speaks,
		Inner: func(via string, port uint16, late bool) dissect.Layer {
			return &opening{stack: s.behind(port, late), via: via, open: true}
		},
	}
}

// tunnel returns what takes over behind CONNECT; nil where there are too many
// proxies behind each other.
func (s stack) tunnel() func(via string) http.Tunnel {
	if s.depth >= maxDepth {
		return nil
	}
	return func(via string) http.Tunnel { return proxy.NewConnect(s.proxied(via)) }
}

// http returns a layer for HTTP, which may hold WebSocket or BOSH, or be spoken
// with a proxy.
func (s stack) http(via string) dissect.Layer {
	return http.New(via, http.Handlers{
		Tunnel: s.tunnel(),
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

// proxy returns the layer for a proxy's protocol, which begins with a byte.
func (s stack) proxy(via string, v verdict, begin byte) (dissect.Layer, verdict) {
	switch {
	case s.depth >= maxDepth:
		return nil, alien
	case v == socks:
		return proxy.NewSOCKS(s.proxied(via), begin), v
	}
	return proxy.NewHeader(s.proxied(via)), v
}

// layer returns the layer that the verdict on the first bytes of a side calls
// for, or nil. Where those are not enough for TLS after all, the verdict it
// returns says so.
func (s stack) layer(via string, v verdict, head []byte) (dissect.Layer, verdict) {
	switch {
	case v == web:
		return s.http(via), v
	case v == socks || v == announced:
		return s.proxy(via, v, head[0])
	case s.forced == "tls", v == record && s.hinted:
		return s.tls(via), v
	case v == record:
		switch v = wantsXMPP(head); {
		case v == header:
			return s.tls(via), v
		case v == alien && s.run.o.Keys.Hopeful():
			return &doubtful{layer: s.tls(via)}, web
		}
	case v == fakeHead:
		return &sslTCP{inner: s.xmpp(via, s.late)}, v
	case v == header, s.forced == "xmpp" && v != unknown:
		return s.xmpp(via, s.late), v
	case v == element && (s.hinted || s.late && isStanza(head)), v == alien && s.late && s.hinted && !saysOther(head):
		return s.xmpp(via, s.late), v // from the beginning of a connection on, an element begins where one may
	case v == alien && s.late && framed(head):
		return s.webSocket(via), v
	}
	return nil, v
}
