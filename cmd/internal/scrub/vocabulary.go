package scrub

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// isVocabulary reports whether the values of an attribute are words of the
// protocol, which are nobody's secret and without which nothing can be read.
func isVocabulary(name []byte) bool {
	switch string(name) {
	case "xmlns", "type", "version", "lang", "mechanism", "affiliation", "role", "subscription":
		return true
	}
	return false
}

// isIdentifier reports whether the values of an attribute name things by which
// elements refer to each other, and their kinds and states. Known values in them are
// replaced; they themselves say nothing of anybody.
func isIdentifier(name []byte) bool {
	switch string(name) {
	case "id", "sid", "ver", "hash", "algo", "var", "node", "category", "stamp", "code", "action", "ask", "creator", "senders", "media",
		"disposition", "content-type", "encoding", "profile", "protocol", "condition", "complete", "stable", "resume", "first-seen",
		"queryid", "rid", "h", "max", "seq", "status", "mode", "previd", "authid", "charsets", "secure", "content", "wait", "hold",
		"requests", "inactivity", "polling", "hash-used", "reason", "approved", "autojoin", "password-type", "block-size", "stanza":
		return true
	}
	return false
}

// isPlace reports whether the text of a node is a place in a list (XEP-0059), which is
// told by what is there: an id, or a JID.
func isPlace(t *xmlstream.Tree, n int32) bool {
	switch string(t.Local(n)) {
	case "first", "last", "before", "after":
		return t.Nodes[n].Space == "http://jabber.org/protocol/rsm"
	}
	return false
}

// isTerm reports whether the text of a node is a word of the protocol, or a number
// that it counts with.
func isTerm(t *xmlstream.Tree, n int32) bool {
	switch string(t.Local(n)) {
	case "show", "priority", "mechanism", "method", "query-id", "first", "last", "max", "before", "after", "index", "count":
		return t.Nodes[n].Space != "jabber:iq:search"
	case "TYPE": // of a picture in an address book
		return t.Nodes[n].Space == "vcard-temp"
	case "value":
		field := t.Nodes[n].Parent
		if field < 0 {
			return false
		}
		a := t.Attr(field, "var")
		return a != nil && string(t.Bytes(a.Value)) == "FORM_TYPE" || isSoftware(t, t.Nodes[field].Parent)
	}
	return false
}

// isSoftware reports whether a node says what a program is: an identity, or a form in
// the answer to a question for these (XEP-0232). A hash over that is in presences
// (XEP-0115).
func isSoftware(t *xmlstream.Tree, n int32) bool {
	if n < 0 {
		return false
	}
	switch string(t.Local(n)) {
	case "identity":
		a := t.Attr(n, "category")
		return a != nil && (string(t.Bytes(a.Value)) == "client" || string(t.Bytes(a.Value)) == "server")
	case "x":
		return bytes.Contains(t.Bytes(t.Nodes[n].Inner), []byte("urn:xmpp:dataforms:softwareinfo"))
	}
	return false
}

var (
	stamp  = regexp.MustCompile(`^(CCYY)?-?\d{4}-?\d\d-?\d\d(T\d\d:?\d\d:?\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$`) // XEP-0082, XEP-0091
	number = regexp.MustCompile(`^[+-]?\d{1,6}$`)
)

// isPlain reports whether a value says nothing of anybody: numbers, dates, truth
// values, and the names of namespaces and what is in these.
func isPlain(b []byte) bool {
	b = bytes.TrimSpace(b)
	switch string(b) {
	case "", "true", "false", "0", "1", "xmpp", "yes", "no":
		return true
	}
	if number.Match(b) || stamp.Match(b) {
		return true
	}
	name, _, _ := bytes.Cut(b, []byte{'#'})
	for _, whole := range [...][]byte{b, name} {
		if _, known := dissect.LookupNamespace(string(whole)); known {
			return true
		}
	}
	return false
}

// words of the protocol: the names of namespaces, elements and attributes, and some
// others that stand in each conversation.
var protocolWords = sync.OnceValue(func() string {
	var all strings.Builder
	add := func(word string) { all.WriteString(strings.ToLower(word) + "\n") }
	for _, n := range dissect.Namespaces() {
		add(n.URI)
	}
	for name := range elementNames() {
		add(name)
	}
	for name := range attributeNames {
		add(name)
	}
	for word := range strings.FieldsSeq(`PLAIN SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS SCRAM-SHA-512-PLUS DIGEST-MD5 CRAM-MD5 EXTERNAL ANONYMOUS
		X-OAUTH2 OAUTHBEARER mechanism required optional password username resource digest query zlib groupchat normal headline chat error
		result available unavailable subscribed unsubscribed subscribe unsubscribe probe account client server component
		true false stale auth-int auth-conf md5-sess`) {
		add(word)
	}
	return all.String()
})

// isProtocol reports whether a value is a part of a word of the protocol. Where it
// stands for itself it is replaced, but it can be looked for nowhere else.
func isProtocol(b []byte) bool {
	return len(b) < 24 && strings.Contains(protocolWords(), strings.ToLower(string(b)))
}
