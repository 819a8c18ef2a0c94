package engine

import (
	"talktrace/dissect"
	"talktrace/dissect/tls"
)

// sslTCP is Google's SSLTCP: each side first says a constant that looks like an
// SSL hello to firewalls, and then speaks in the clear.
type sslTCP struct {
	inner dissect.Layer
	heads [2][]byte
	past  [2]bool
}

var _ dissect.Layer = (*sslTCP)(nil)

// Data tells of the constant and passes on what comes behind it.
func (s *sslTCP) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	if s.past[from] {
		s.inner.Data(c, from, b)
		return
	}
	size, is, what := tls.SSLTCPHelloSize, tls.SSLTCPHello, "hello"
	if from == dissect.Server {
		size, is, what = tls.SSLTCPReplySize, tls.SSLTCPReply, "reply"
	}
	take := min(size-len(s.heads[from]), len(b.Data))
	s.heads[from] = append(s.heads[from], b.Data[:take]...)
	match, enough := is(s.heads[from])
	if !match && !enough {
		return
	}
	s.past[from] = true
	if match {
		e := c.Emit(from, dissect.KindTLS)
		e.Protocol, e.Layers, e.Length = "SSLTCP", "tcp:ssltcp", size
		e.Info = c.Arena.Printf("Google SSLTCP %s: looks like SSL, but what follows is in the clear", what)
		b.Data = b.Data[take:]
	} else if take < len(s.heads[from]) { // it only began like it
		s.inner.Data(c, from, dissect.Bytes{Data: c.Arena.Copy(s.heads[from][:len(s.heads[from])-take]), Frame: b.Frame, Time: b.Time})
	}
	s.heads[from] = nil
	if len(b.Data) > 0 {
		s.inner.Data(c, from, b)
	}
}

// Gap passes on.
func (s *sslTCP) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	s.past[from] = true
	s.inner.Gap(c, from, n)
}

// End passes on.
func (s *sslTCP) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	s.inner.End(c, from, how)
}
