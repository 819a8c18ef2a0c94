package xmpp

import (
	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// The namespaces of what is negotiated between header and session.
const (
	nsTLS      = "urn:ietf:params:xml:ns:xmpp-tls"
	nsStreams  = "urn:ietf:params:xml:ns:xmpp-streams"
	nsStanzas  = "urn:ietf:params:xml:ns:xmpp-stanzas"
	nsFraming  = "urn:ietf:params:xml:ns:xmpp-framing"
	nsHTTPBind = "http://jabber.org/protocol/httpbind"
)

// header are the fields of a stream header (RFC 6120 section 4.7).
func header() []dissect.FieldDef {
	return addressing(dissect.FieldDef{Name: "xmpp.stream.version", Type: dissect.Text, Path: "@version", Doc: "version of XMPP; absent before RFC 3920"})
}

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 6120", Title: "XMPP: Streams",
		Doc:    "A stream is one long XML document in each direction; what it offers and why it ends is said in its first and last elements.",
		Spaces: []string{xmlstream.NSStreams},
		Elements: []dissect.Element{
			{Name: "stream", Field: "xmpp.stream", Describe: describeHeader, Fields: header(), Doc: "begins a stream"},
			{
				Name: "features", Field: "xmpp.features", Describe: describeFeatures, Doc: "what the server offers at this point",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.features.name", Type: dissect.Text, Path: "*/:", Doc: "name of an offer"},
				},
			},
			{
				Name: "error", Field: "xmpp.stream_error", Describe: describeStreamError, Doc: "why the stream ends",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.stream_error.condition", Type: dissect.Text, Path: "!text/:", Doc: "name of the stream error"},
					{Name: "xmpp.stream_error.text", Type: dissect.Text, Path: "~text", Doc: "the stream error in words"},
				},
			},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "RFC 6120", Title: "XMPP: STARTTLS", Label: "starttls",
		Doc:    "Asks for TLS on a connection that began in the clear; from <proceed/> on, all is encrypted.",
		Spaces: []string{nsTLS},
		Elements: []dissect.Element{
			{Name: "starttls", Field: "xmpp.starttls", Info: "STARTTLS", Offer: "starttls", Doc: "asks for TLS"},
			{Name: "proceed", Field: "xmpp.proceed", Info: "STARTTLS", Doc: "the client is to begin with TLS"},
			{Name: "failure", Field: "xmpp.starttls.failure", Info: "STARTTLS", Doc: "there will be no TLS"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "RFC 7395", Title: "XMPP over WebSocket", Label: "framing",
		Doc:    "In WebSocket each message is an element of its own, so the stream begins and ends with elements of their own.",
		Spaces: []string{nsFraming},
		Elements: []dissect.Element{
			{Name: "open", Field: "xmpp.framing.open", Describe: describeHeader, Fields: header(), Doc: "begins a stream"},
			{Name: "close", Field: "xmpp.framing.close", Info: "the stream ends[, go on at {@see-other-uri}]", Doc: "ends a stream", Fields: []dissect.FieldDef{
				{Name: "xmpp.framing.see-other-uri", Type: dissect.Text, Path: "@see-other-uri", Doc: "where to connect instead"},
			}},
		},
	})
}

// describeHeader describes a stream header (RFC 6120 section 4.7).
func describeHeader(l *dissect.Line, n int32) {
	for _, a := range [...]struct{ label, name string }{{"to ", "to"}, {"from ", "from"}} {
		if says(l, n, a.name) {
			l.Sep().Labelled(a.label, n, a.name)
		}
	}
	if says(l, n, "id") {
		l.Sep().ID("id ", n, "id")
	}
	if says(l, n, "version") {
		l.Sep().Labelled("version ", n, "version")
	} else {
		l.Sep().Add("no version")
	}
}

// says reports whether node n has an attribute that is not empty.
func says(l *dissect.Line, n int32, name string) bool {
	a := l.Tree.Attr(n, name)
	return a != nil && a.Value.Len() > 0
}

// describeFeatures lists what a server offers (RFC 6120 section 4.3.2).
func describeFeatures(l *dissect.Line, f int32) {
	t := l.Tree
	if t.Nodes[f].Child < 0 {
		l.Add("none")
		return
	}
	for n := t.Nodes[f].Child; n >= 0; n = t.Nodes[n].Next {
		l.Sep().Offer(n)
		for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
			if name := string(t.Local(c)); name == "required" || name == "optional" {
				l.Add(" (").Add(name).Add(")")
				break
			}
		}
	}
}

// describeStreamError describes the error that ends a stream (RFC 6120 section
// 4.9).
func describeStreamError(l *dissect.Line, n int32) {
	l.Add("stream error").Failure(n, nsStreams)
	specific(l, n)
	if c := l.Tree.Find(n, nsStreams, "see-other-host"); c >= 0 && l.Tree.Nodes[c].Inner.Len() > 0 {
		l.Add(" ")
		l.Text(c)
	}
}
