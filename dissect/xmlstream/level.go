package xmlstream

import (
	"bytes"
	"strings"
)

// levels that a tag can belong to.
type level uint8

const (
	other          level = iota
	stanza               // message, presence, iq: also found inside others
	onlyFirstLevel       // found between header and close only
	tooShort             // more bytes are needed
)

// place is classify, for a tag that is looked at again whenever bytes come.
func (l *search) place(i int) level {
	if l.framed > 0 && l.start == i { // it is being measured
		return stanza
	}
	return l.classify(i)
}

// classify says what the tag at buf[i] tells of where it stands.
func (l *search) classify(i int) level {
	b := l.buf[i:]
	const longest = 4 << 10 // of a tag that is waited for
	switch {
	case len(b) < 6:
		return tooShort
	case isDeclaration(b):
		return onlyFirstLevel
	case b[1] == '/':
		end := bytes.IndexByte(b[:min(len(b), maxName)], '>')
		if end < 0 && len(b) < maxName {
			return tooShort
		}
		if end > 0 && l.isRoot(bytes.TrimRight(b[2:end], " \t\r\n")) {
			return onlyFirstLevel
		}
		return other
	}
	p := l.parser
	p.reset(b, l.scope)
	_, st := p.startTag(b, 0)
	switch {
	case st == incomplete && len(b) < longest:
		return tooShort
	case st != complete || len(p.Tree.Nodes) == 0:
		return other
	}
	return levelOf(p.Tree.Nodes[0].Space, string(p.Tree.Local(0)), l.scope)
}

func (l *search) isRoot(name []byte) bool {
	return string(name) == l.scope.Root || l.scope.Assumed && bytes.HasSuffix(name, []byte(":stream"))
}

func levelOf(space, local string, scope *Scope) level {
	switch space {
	case NSStreams, nsDialback,
		"urn:ietf:params:xml:ns:xmpp-tls", "urn:ietf:params:xml:ns:xmpp-sasl", "urn:xmpp:sasl:2",
		"http://jabber.org/protocol/compress", "urn:xmpp:csi:0":
		return onlyFirstLevel
	case scope.Default, NSClient, NSServer, "jabber:component:accept", "":
		if local == "message" || local == "presence" || local == "iq" {
			return stanza
		}
	}
	if strings.HasPrefix(space, "urn:xmpp:sm:") {
		return onlyFirstLevel
	}
	return other
}
