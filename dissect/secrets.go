package dissect

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"talktrace/dissect/xmlstream"
)

// Redacted stands in every output where a secret was.
const Redacted = "[redacted]"

// The namespaces in which secrets travel.
const (
	nsSASL     = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2    = "urn:xmpp:sasl:2"
	nsLegacy   = "jabber:iq:auth"
	nsRegister = "jabber:iq:register"
	nsForm     = "jabber:x:data"
	nsDialback = "jabber:server:dialback"
	nsUpload   = "urn:xmpp:http:upload:0"
	nsMux      = "urn:xmpp:mux:0"

	nsInputEvent = "http://jitsi.org/protocol/inputevt"
)

// A Redactor finds what must not be shown: passwords, SASL payloads, and
// tokens with which one could take over a session or an account. It works on
// the tree of a unit, so it does not matter how the secret was spelled or cut;
// units that have no tree, because they are damaged, are gone over by name
// alone, and generously.
type Redactor struct {
	spans []xmlstream.Span
	text  []byte // of what is being looked at
}

// Replace returns the bytes of a unit with its secrets, which Find has found,
// replaced: the bytes themselves if it has none, else a copy in the arena. Of a
// tree that is not whole, all that may be a secret is.
func Replace(a *Arena, t *xmlstream.Tree, spans []xmlstream.Span) []byte {
	if t.Cut {
		return a.Done(AppendRedactedFragment(a.Begin(len(t.Raw)), t.Raw))
	}
	if len(spans) == 0 {
		return t.Raw
	}
	out, pos := a.Begin(len(t.Raw)+len(spans)*len(Redacted)), uint32(0)
	for _, s := range spans {
		if s.Off < pos { // inside one that is hidden already
			continue
		}
		out = append(append(out, t.Raw[pos:s.Off]...), Redacted...)
		pos = s.End
	}
	return a.Done(append(out, t.Raw[pos:]...))
}

// Find returns where the secrets of a unit are, in order. The slice is the
// Redactor's and stays as it is until it looks at the next unit.
func (r *Redactor) Find(t *xmlstream.Tree) []xmlstream.Span {
	r.spans = r.spans[:0]
	linked := mayHoldLink(t.Raw)
	for n := range t.Nodes {
		if r.node(t, int32(n)); linked {
			r.links(t, int32(n))
		}
	}
	if len(r.spans) > 1 {
		slices.SortFunc(r.spans, func(a, b xmlstream.Span) int { return cmp.Compare(a.Off, b.Off) })
	}
	return r.spans
}

// node marks what is secret of one element.
func (r *Redactor) node(t *xmlstream.Tree, n int32) {
	x := &t.Nodes[n]
	for i := x.Attrs.Off; i < x.Attrs.End; i++ {
		if a := &t.Attrs[i]; secretAttr(x.Space, t.Local(n), t.Raw[a.Local:a.Name.End]) {
			r.hide(t, a.Value)
		}
	}
	if x.Inner.Len() == 0 {
		return
	}
	if x.Space == nsMux && x.Child >= 0 { // an offer, with the names of hosts
		return
	}
	if secretText(x.Space, t.Local(n)) || secretField(t, n) {
		r.hide(t, x.Inner)
	} else if x.Space == nsGCM {
		r.pushTokens(t, n)
	}
}

// hide marks a span, unless there is nothing in it. A lone "=" stands for an
// empty response (RFC 6120 section 6.4.2).
func (r *Redactor) hide(t *xmlstream.Tree, s xmlstream.Span) {
	if b := bytes.TrimSpace(t.Bytes(s)); len(b) > 0 && string(b) != "=" {
		r.spans = append(r.spans, s)
	}
}

// links marks the keys and passwords that links carry, in the text or an attribute
// of node n. Of what is not written verbatim, all is
// hidden.
func (r *Redactor) links(t *xmlstream.Tree, n int32) {
	x := &t.Nodes[n]
	for i := x.Attrs.Off; i < x.Attrs.End; i++ {
		a := &t.Attrs[i]
		if a.Escaped {
			if r.text = t.Value(r.text[:0], a); hasLinkKey(r.text) {
				r.hide(t, a.Value)
			}
			continue
		}
		r.keys(t, a.Value)
	}
	if x.Escaped {
		if r.text = t.Text(r.text[:0], n); hasLinkKey(r.text) {
			r.hide(t, x.Inner)
		}
		return
	}
	pos := x.Inner.Off
	for c := x.Child; c >= 0; c = t.Nodes[c].Next {
		r.keys(t, xmlstream.Span{Off: pos, End: t.Nodes[c].Outer.Off})
		pos = t.Nodes[c].Outer.End
	}
	r.keys(t, xmlstream.Span{Off: pos, End: x.Inner.End})
}

// keys marks the link keys in a span that is written verbatim.
func (r *Redactor) keys(t *xmlstream.Tree, s xmlstream.Span) {
	eachLinkKey(t.Bytes(s), func(off, end int) {
		r.spans = append(r.spans, xmlstream.Span{Off: s.Off + uint32(off), End: s.Off + uint32(end)})
	})
}

// secretText reports whether what stands inside an element of this name is a
// secret.
func secretText(space string, local []byte) bool {
	switch string(local) {
	case "password", "passwd", "secret", "token", "access_token", "refresh_token", "handshake":
		return true
	case "digest", "hash":
		return space == nsLegacy || space == "urn:xmpp:sasl:upgrade:0" || space == "urn:xmpp:scram-upgrade:0"
	}
	switch space {
	case nsSASL:
		return isOneOf(local, "auth", "challenge", "response", "success")
	case nsSASL2:
		return isOneOf(local, "initial-response", "challenge", "response", "additional-data", "task-data")
	case nsRegister:
		return string(local) == "key"
	case nsDialback:
		return isOneOf(local, "result", "verify")
	case nsUpload:
		return string(local) == "header"
	case "urn:xmpp:http:upload", "eu:siacs:conversations:http:upload":
		return string(local) == "put"
	case "urn:xmpp:openpgp:0":
		return string(local) == "secretkey"
	case nsMux:
		return string(local) == "mux"
	case "urn:xmpp:esfs:0":
		return isOneOf(local, "key", "iv")
	case "urn:xmpp:oauth:0":
		return isOneOf(local, "oauth_token", "oauth_signature")
	}
	return false
}

// secretAttr reports whether an attribute of an element of this name holds a
// secret.
func secretAttr(space string, local, attr []byte) bool {
	if space == nsInputEvent && bytes.HasPrefix(local, []byte("key-")) { // what is typed may be a password
		return true
	}
	switch string(attr) {
	case "password", "pwd", "token", "key-params", "secret":
		return true
	case "id":
		return string(local) == "enabled" && isStreamManagement(space) ||
			string(local) == "confirm" && space == "http://jabber.org/protocol/http-auth"
	case "previd": // of stream management, and of those who resume in its stead
		return true
	case "url":
		return string(local) == "put" && space == nsUpload
	case "code": // keys that are pressed during a call may be a PIN
		return string(local) == "dtmf" && space == "urn:xmpp:jingle:dtmf:0"
	case "endpoint": // who has it can wake the device
		return string(local) == "registered" && space == "http://gultsch.de/xmpp/drafts/unified-push"
	case "username":
		return string(local) == "candidate" && isGoogleTransport(space)
	case "sid", "authid", "key", "newkey":
		return string(local) == "body" && space == "http://jabber.org/protocol/httpbind"
	}
	return false
}

// isStreamManagement reports whether a namespace is one of XEP-0198's, of whatever
// version.
func isStreamManagement(space string) bool { return strings.HasPrefix(space, "urn:xmpp:sm:") }

// IsBearer reports whether the id of a first-level element lets its holder take
// the session over (XEP-0198 section 5).
func IsBearer(space, local string) bool { return local == "enabled" && isStreamManagement(space) }

// isGoogleTransport reports whether candidates in this namespace have a user
// name that is as good as a password.
func isGoogleTransport(space string) bool {
	return space == "http://www.google.com/session" || space == "http://www.google.com/transport/p2p"
}

func isOneOf(b []byte, names ...string) bool {
	for _, n := range names {
		if string(b) == n {
			return true
		}
	}
	return false
}

// secretField reports whether node n is the value of a data form's field that
// holds a secret (XEP-0004 section 3.3: text-private, or one named so).
func secretField(t *xmlstream.Tree, n int32) bool {
	p := t.Nodes[n].Parent
	if p < 0 || !t.Is(n, nsForm, "value") || !t.Is(p, nsForm, "field") {
		return false
	}
	if string(attribute(t, p, "type")) == "text-private" {
		return true
	}
	name := bytes.ToLower(attribute(t, p, "var"))
	for _, word := range [...]string{"passw", "passphrase", "secret", "token"} {
		if bytes.Contains(name, []byte(word)) {
			return true
		}
	}
	return string(name) == "landing-url" // a page that invites (XEP-0401)
}

// attribute returns an attribute's value, its references resolved; nil where
// there is none.
func attribute(t *xmlstream.Tree, n int32, name string) []byte {
	a := t.Attr(n, name)
	switch {
	case a == nil:
		return nil
	case a.Escaped:
		return t.Value(nil, a)
	}
	return t.Bytes(a.Value)
}
