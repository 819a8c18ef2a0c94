package xmpp

import (
	"talktrace/dissect/xmlstream"
)

// The namespaces of what is negotiated between header and session.
const (
	nsTLS      = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL     = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2    = "urn:xmpp:sasl:2"
	nsCompress = "http://jabber.org/protocol/compress"
	nsStreams  = "urn:ietf:params:xml:ns:xmpp-streams"
	nsStanzas  = "urn:ietf:params:xml:ns:xmpp-stanzas"
	nsSM2      = "urn:xmpp:sm:2"
	nsSM3      = "urn:xmpp:sm:3"
	nsCSI      = "urn:xmpp:csi:0"
	nsDialback = "jabber:server:dialback"
	nsAccept   = "jabber:component:accept"
	nsFraming  = "urn:ietf:params:xml:ns:xmpp-framing"
	nsHTTPBind = "http://jabber.org/protocol/httpbind"
)

// header describes a stream header (RFC 6120 section 4.7).
func (l *line) header() {
	for _, a := range [...]struct{ label, name string }{{"to ", "to"}, {"from ", "from"}} {
		if l.t.Attr(0, a.name) != nil {
			l.sep().labelled(a.label, 0, a.name)
		}
	}
	if l.t.Attr(0, "id") != nil {
		l.sep().id("id ", 0, "id")
	}
	if l.t.Attr(0, "version") != nil {
		l.sep().labelled("version ", 0, "version")
	} else {
		l.sep().add("no version")
	}
}

// describe fills the line for a first-level element.
func (l *line) describe(kind string) {
	switch l.t.Nodes[0].Space {
	case xmlstream.NSClient, xmlstream.NSServer, nsAccept, nsHTTPBind, "jabber:component:connect", "":
		switch kind {
		case "message":
			l.message(0)
			return
		case "presence":
			l.presence()
			return
		case "iq":
			l.iq()
			return
		case "handshake":
			l.secret(0, "component secret")
			return
		}
	case xmlstream.NSStreams:
		switch kind {
		case "features":
			l.features()
			return
		case "error":
			l.streamError()
			return
		}
	case nsTLS:
		l.add("STARTTLS")
		return
	case nsFraming:
		if kind == "open" {
			l.header()
		} else {
			l.labelled("see ", 0, "see-other-uri")
		}
		return
	case nsSASL, nsSASL2:
		l.sasl(kind)
		return
	case nsSM2, nsSM3:
		l.streamManagement(kind)
		return
	case nsCompress:
		l.compression(kind)
		return
	case nsDialback:
		l.dialback(kind)
		return
	case nsCSI:
		l.add("the client is ").add(kind)
		return
	}
	l.label(0)
}

// features lists what a server offers (RFC 6120 section 4.3.2).
func (l *line) features() {
	t := l.t
	if t.Nodes[0].Child < 0 {
		l.add("none")
		return
	}
	for n := t.Nodes[0].Child; n >= 0; n = t.Nodes[n].Next {
		l.sep()
		switch space := t.Nodes[n].Space; {
		case space == nsTLS:
			l.add("starttls")
		case space == nsSASL && string(t.Local(n)) == "mechanisms":
			l.mechanisms("SASL", n)
		case space == nsSASL2:
			l.mechanisms("SASL2", n)
		default:
			l.label(n)
		}
		for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
			if name := string(t.Local(c)); name == "required" || name == "optional" {
				l.add(" (").add(name).add(")")
				break
			}
		}
	}
}

func (l *line) mechanisms(label string, n int32) {
	l.add(label)
	for c := l.t.Nodes[n].Child; c >= 0; c = l.t.Nodes[c].Next {
		if string(l.t.Local(c)) == "mechanism" {
			l.add(" ")
			l.text(c)
		}
	}
}

// sasl describes the elements of both SASL profiles (RFC 6120 section 6,
// XEP-0388). The payload is the business of those two; its size is ours.
func (l *line) sasl(kind string) {
	t := l.t
	l.attr(0, "mechanism")
	switch kind {
	case "failure":
		l.failure(nsSASL)
		return
	case "auth", "challenge", "response":
		l.secret(0, "payload")
	case "authenticate":
		if n := t.Find(0, nsSASL2, "initial-response"); n >= 0 {
			l.secret(n, "initial response")
		}
		for n := t.Nodes[0].Child; n >= 0; n = t.Nodes[n].Next {
			if t.Nodes[n].Space != nsSASL2 {
				l.sep().label(n)
			}
		}
	case "success":
		l.success()
	case "continue", "next":
		l.labelled("task ", 0, "task")
	}
}

func (l *line) success() {
	t := l.t
	l.add("logged in")
	for n := t.Nodes[0].Child; n >= 0; n = t.Nodes[n].Next {
		switch string(t.Local(n)) {
		case "authorization-identifier", "authorization-identity":
			l.add(" as ")
			l.text(n)
		case "additional-data":
		default:
			l.sep().name(n)
		}
	}
}

// secret adds what a payload is and how many bytes it has.
func (l *line) secret(n int32, what string) {
	size := l.t.Nodes[n].Inner.Len()
	if size == 0 {
		l.sep().add("no ").add(what)
		return
	}
	l.sep().add(what).add(" ")
	if l.show {
		l.b = l.t.Text(l.b, n)
		return
	}
	l.add("of ").count(size, "byte", "bytes")
}

// failure adds the condition, which is the first child in this namespace, and
// the text that explains it.
func (l *line) failure(space string) {
	t := l.t
	for n := t.Nodes[0].Child; n >= 0; n = t.Nodes[n].Next {
		if string(t.Local(n)) == "text" {
			continue
		}
		if l.sep().name(n); t.Nodes[n].Space == space {
			break
		}
	}
	for n := t.Nodes[0].Child; n >= 0; n = t.Nodes[n].Next {
		if string(t.Local(n)) == "text" && t.Nodes[n].Inner.Len() > 0 {
			l.add(": ").quote(n)
			return
		}
	}
}

// streamError describes the error that ends a stream (RFC 6120 section 4.9).
func (l *line) streamError() {
	l.add("stream error")
	l.failure(nsStreams)
	if n := l.t.Find(0, nsStreams, "see-other-host"); n >= 0 && l.t.Nodes[n].Inner.Len() > 0 {
		l.add(" ")
		l.text(n)
	}
}

// streamManagement describes XEP-0198.
func (l *line) streamManagement(kind string) {
	switch kind {
	case "r":
		l.add("how many have you handled?")
	case "a":
		l.labelled("handled ", 0, "h")
	case "enable", "enabled":
		l.add("stream management")
		if a := l.t.Attr(0, "resume"); a != nil {
			if v := string(l.t.Bytes(a.Value)); v == "true" || v == "1" {
				l.add(" with resumption")
			}
		}
		l.labelled(", max seconds ", 0, "max")
		l.labelled(", at ", 0, "location")
	case "resume", "resumed":
		l.add("stream management")
		l.labelled(", handled ", 0, "h")
	case "failed":
		l.add("stream management")
		l.failure(nsStanzas)
		l.labelled(", handled ", 0, "h")
	default:
		l.label(0)
	}
}

// compression describes XEP-0138.
func (l *line) compression(kind string) {
	switch kind {
	case "compress":
		if n := l.t.Find(0, nsCompress, "method"); n >= 0 {
			l.text(n)
		}
	case "failure":
		l.failure(nsCompress)
	default:
		l.add("compressed from here on")
	}
}

// dialback describes XEP-0220.
func (l *line) dialback(kind string) {
	l.add("dialback ")
	switch {
	case l.t.Attr(0, "type") != nil:
		l.attr(0, "type")
	case kind == "result":
		l.add("key")
	default:
		l.add("is this key valid?")
	}
	l.labelled(" from ", 0, "from")
	l.labelled(" to ", 0, "to")
	l.id(", stream ", 0, "id")
}
