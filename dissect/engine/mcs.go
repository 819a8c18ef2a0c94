package engine

import "talktrace/dissect"

// protocolMCS is what rows call Google's MCS.
const protocolMCS = "MCS"

// tellMCS names the protocol by which Android has its pushed messages from
// Google, where the first byte inside TLS on one of its ports is one of its
// versions. It took the place of XMPP there, and carries the same stanzas as
// protocol buffers; nothing more is told of it.
func tellMCS(c *dissect.Context, from dissect.Sender, via string, head []byte) {
	if port := c.Conn.Addr[dissect.Server].Port(); port < 5228 || port > 5230 || len(head) == 0 {
		return
	}
	if head[0] != 41 && head[0] != 38 {
		return
	}
	e := c.Emit(from, dissect.KindTLS)
	e.Protocol, e.Layers = protocolMCS, via
	e.Info = c.Arena.Printf("MCS version %d, Google's push protocol; not XMPP", head[0])
}
