package scrub

import (
	"bytes"
	"encoding/binary"

	"talktrace/dissect/tls"
)

// prelude is how long what stands before a conversation is, in the first bytes of
// a direction: the constants of Google's SSLTCP, or the header in which haproxy
// tells whom it speaks for. Neither holds a credential.
func prelude(b []byte) int {
	if match, _ := tls.SSLTCPHello(b); match {
		return tls.SSLTCPHelloSize
	}
	if match, _ := tls.SSLTCPReply(b); match {
		return tls.SSLTCPReplySize
	}
	const longest = 107 // of version 1, its end included
	if bytes.HasPrefix(b, []byte("PROXY ")) {
		if end := bytes.Index(b[:min(len(b), longest)], []byte("\r\n")); end > 0 {
			return end + 2
		}
	}
	const fixed = 16 // of version 2
	if bytes.HasPrefix(b, []byte("\r\n\r\n\x00\r\nQUIT\n")) && len(b) >= fixed {
		if n := fixed + int(binary.BigEndian.Uint16(b[14:])); n <= len(b) {
			return n
		}
	}
	return 0
}

// rewritable reports whether what travels so can be rewritten. The header of a
// proxy tells addresses and names, in forms of its own: it can be kept or not be
// there.
func (o *Options) rewritable(layers string) bool {
	switch layers {
	case "tcp", "tcp:xmpp", "tcp:tls", "tcp:ssltcp":
		return true
	case "tcp:proxy", "tcp:proxy:xmpp", "tcp:proxy:tls":
		return !o.Addresses && !o.JIDs && !o.Names
	}
	return false
}
