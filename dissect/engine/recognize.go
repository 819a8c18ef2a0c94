package engine

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"talktrace/dissect/proxy"
	"talktrace/dissect/tls"
)

// xmppPorts are the ports that servers use for XMPP, by registration or by
// habit. They are a hint and no more: what is said decides.
var xmppPorts = map[uint16]bool{
	5222: true, // client to server, RFC 6120
	5223: true, // the same with TLS from the first byte
	5269: true, // server to server, RFC 6120
	5270: true, // the same with TLS from the first byte
	5275: true, // components, Openfire
	5276: true, // the same with TLS
	5298: true, // link-local, XEP-0174
	5347: true, // components, Prosody and jabberd
	5235: true, // Google Cloud Messaging
	5236: true, // its test service
}

// Ports returns the ports that servers use for XMPP, in ascending order.
func Ports() []uint16 { return slices.Sorted(maps.Keys(xmppPorts)) }

// verdict is what the first bytes of a side say.
type verdict uint8

const (
	unknown   verdict = iota // too few bytes
	header                   // an XMPP stream header
	element                  // what could be an element of an XMPP stream
	record                   // TLS
	fakeHead                 // Google's SSLTCP
	web                      // HTTP, which may hold XMPP or go to a proxy
	socks                    // a client of a SOCKS proxy
	announced                // a proxy that tells who its client is
	alien                    // something else, or the middle of anything
)

// sniff judges the first bytes of a side.
func sniff(b []byte) verdict {
	if match, enough := proxy.LooksLikeHeader(b); match || !enough && len(b) > 0 && !isSpace(b) {
		return when(enough, announced)
	}
	if match, enough := proxy.LooksLikeSOCKS(b); match || !enough && len(b) > 0 {
		return when(enough, socks)
	}
	if match, enough := tls.SSLTCPHello(b); match || !enough && len(b) > 0 {
		return when(enough, fakeHead)
	}
	if match, enough := tls.SSLTCPReply(b); match || !enough && len(b) > 0 {
		return when(enough, fakeHead)
	}
	if match, enough := tls.LooksLike(b); match || !enough {
		return when(enough, record)
	}
	const byteOrderMark = "\xef\xbb\xbf"
	if len(b) < len(byteOrderMark) && hasPrefix(b, byteOrderMark) {
		return unknown
	}
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte(byteOrderMark)), " \t\r\n")
	switch {
	case len(b) == 0:
		return unknown
	case b[0] != '<':
		return sniffHTTP(b)
	}
	if hasPrefix(b, "<?xml") {
		end := bytes.Index(b, []byte("?>"))
		if end < 0 || len(bytes.TrimLeft(b[end+2:], " \t\r\n")) == 0 {
			return when(len(b) > 1<<10, alien)
		}
		b = bytes.TrimLeft(b[end+2:], " \t\r\n")
	}
	return sniffTag(b)
}

func isSpace(b []byte) bool { return len(bytes.TrimLeft(b, " \t\r\n")) == 0 }

// methods begin what connections that carry HTTP begin with: requests that may
// hold XMPP, and answers.
var methods = []string{"GET ", "POST ", "OPTIONS ", "HEAD ", "CONNECT ", "HTTP/1."}

// sniffHTTP judges bytes that begin no tag.
func sniffHTTP(b []byte) verdict {
	v := alien
	for _, m := range methods {
		switch {
		case !hasPrefix(b, m):
		case len(b) >= len(m):
			return web
		default:
			v = unknown
		}
	}
	return v
}

// wantsXMPP says whether a client that speaks TLS asks for XMPP inside
// (XEP-0368): a header's verdict if so, unknown while its hello is not whole.
func wantsXMPP(b []byte) verdict {
	h, enough := tls.ParseClientHello(b)
	if h == nil {
		return when(enough, alien)
	}
	for _, p := range h.ALPN {
		if p == "xmpp-client" || p == "xmpp-server" {
			return header
		}
	}
	return alien
}

func when(enough bool, v verdict) verdict {
	if enough {
		return v
	}
	return unknown
}

// hasPrefix reports whether b and s agree as far as both go.
func hasPrefix(b []byte, s string) bool {
	n := min(len(b), len(s))
	return string(b[:n]) == s[:n]
}

// sniffTag judges a tag by its name.
func sniffTag(b []byte) verdict {
	end := bytes.IndexAny(b, " \t\r\n/>")
	if end < 0 {
		return when(len(b) > 64, alien)
	}
	if end <= 1 {
		return alien // an end tag, or no tag
	}
	name := string(b[1:end])
	prefix, local, found := strings.Cut(name, ":")
	if !found {
		prefix, local = "", name
	}
	switch {
	case local == "stream":
		return header
	case prefix == "stream" || prefix == "db":
		return element
	}
	switch local {
	case "message", "presence", "iq", "r", "a", "auth", "challenge", "response", "success", "proceed", "starttls", "handshake":
		return element
	}
	if local == "open" && bytes.Contains(b[:min(len(b), 1<<10)], []byte("urn:ietf:params:xml:ns:xmpp-framing")) {
		return header // of a WebSocket (RFC 7395) whose frames were taken away, as from a log
	}
	return alien
}

// isStanza reports whether bytes begin with an element that is sure enough to be
// XMPP's, on a port that speaks for nothing: a stanza with an address or a type,
// or what has a prefix that streams declare.
func isStanza(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	tag := b[:min(len(b), 1<<10)]
	if end := bytes.IndexByte(tag, '>'); end > 0 {
		tag = tag[:end]
	}
	for _, s := range [...]string{"<stream:", "<db:"} {
		if bytes.HasPrefix(tag, []byte(s)) {
			return true
		}
	}
	for _, s := range [...]string{"<message", "<presence", "<iq"} {
		if !bytes.HasPrefix(tag, []byte(s)) {
			continue
		}
		for _, a := range [...]string{" to=", " from=", " type=", " xmlns='jabber:", " xmlns=\"jabber:"} {
			if bytes.Contains(tag, []byte(a)) {
				return true
			}
		}
	}
	return false
}

// fromServer and fromClient are elements that only one end sends.
var (
	fromServer = []string{"<stream:features", "<success", "<challenge", "<proceed", "<compressed", "<enabled", "<resumed"}
	fromClient = []string{"<auth", "<response", "<starttls", "<compress ", "<enable ", "<resume ", "<authenticate"}
)

// speaks says which end the bytes show their sender to be: 1 for the server,
// -1 for the client, 0 where they do not tell. Only servers give a stream an id.
func speaks(b []byte) int {
	b = b[:min(len(b), 1<<10)]
	if i := bytes.Index(b, []byte("stream")); i >= 0 && i < 120 && sniff(b) == header {
		tag := b[i:]
		if end := bytes.IndexByte(tag[1:], '<'); end > 0 {
			tag = tag[:end]
		}
		if bytes.Contains(tag, []byte(" id=")) {
			return 1
		}
		return -1
	}
	switch sniff(b) {
	case socks, announced:
		return -1
	case web:
		if hasPrefix(b, "HTTP/1.") {
			return 1
		}
		return -1
	}
	for _, s := range fromServer {
		if bytes.Contains(b, []byte(s)) {
			return 1
		}
	}
	for _, s := range fromClient {
		if bytes.Contains(b, []byte(s)) {
			return -1
		}
	}
	return 0
}
