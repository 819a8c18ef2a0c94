package xmpp

import (
	"talktrace/dissect/xmlstream"
)

// The namespaces that the Info of a message or presence looks for.
const (
	nsChatStates = "http://jabber.org/protocol/chatstates"
	nsReceipts   = "urn:xmpp:receipts"
	nsMarkers    = "urn:xmpp:chat-markers:0"
	nsCarbons    = "urn:xmpp:carbons:2"
	nsForward    = "urn:xmpp:forward:0"
	nsReplace    = "urn:xmpp:message-correct:0"
	nsEvent      = "http://jabber.org/protocol/pubsub#event"
	nsMUC        = "http://jabber.org/protocol/muc"
	nsMUCUser    = "http://jabber.org/protocol/muc#user"
)

// is reports whether node n has this local name and the namespace of stanzas
// (which one depends on the stream).
func (l *line) is(n int32, parent int32, local string) bool {
	return l.t.Nodes[n].Space == l.t.Nodes[parent].Space && string(l.t.Local(n)) == local
}

// messageParts are the children of a message that its Info may speak of; -1
// where there is none.
type messageParts struct {
	body, subject, err, state, wrapped, event, receipt, marker, invite, first int32
	replaces                                                                  bool
}

func (l *line) parts(m int32) messageParts {
	t := l.t
	p := messageParts{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, false}
	for n := t.Nodes[m].Child; n >= 0; n = t.Nodes[n].Next {
		switch space := t.Nodes[n].Space; {
		case l.is(n, m, "body"):
			if p.body < 0 {
				p.body = n
			}
		case l.is(n, m, "subject"):
			if p.subject < 0 {
				p.subject = n
			}
		case l.is(n, m, "error"):
			p.err = n
		case l.is(n, m, "thread"):
		case space == nsChatStates:
			p.state = n
		case space == nsCarbons && t.Nodes[n].Child >= 0, isArchive(space) && string(t.Local(n)) == "result":
			p.wrapped = n
		case space == nsEvent:
			p.event = n
		case space == nsReceipts && string(t.Local(n)) == "received":
			p.receipt = n
		case space == nsMarkers && string(t.Local(n)) != "markable":
			p.marker = n
		case space == nsMUCUser && t.Find(n, nsMUCUser, "invite") >= 0:
			p.invite = t.Find(n, nsMUCUser, "invite")
		case space == nsReplace:
			p.replaces = true
		default:
			if p.first < 0 {
				p.first = n
			}
		}
	}
	return p
}

// isArchive reports whether a namespace is one of the versions of XEP-0313.
func isArchive(space string) bool {
	return space == "urn:xmpp:mam:2" || space == "urn:xmpp:mam:1" || space == "urn:xmpp:mam:0" || space == "urn:xmpp:mam:tmp"
}

// message describes a message; m is the stanza itself or one inside it.
func (l *line) message(m int32) {
	p := l.parts(m)
	switch {
	case p.err >= 0:
		l.stanzaError(p.err)
		l.whom(m)
	case p.wrapped >= 0:
		l.wrappedMessage(p.wrapped)
	case p.body >= 0:
		l.typed(m).whom(m).add(": ").quote(p.body)
		if p.replaces {
			l.add(", replacing an earlier one")
		}
	case p.subject >= 0:
		l.typed(m).whom(m).add(": subject ").quote(p.subject)
	case p.receipt >= 0:
		l.add("receipt").id(" for ", p.receipt, "id").whom(m)
	case p.marker >= 0:
		l.name(p.marker).id(" ", p.marker, "id").whom(m)
	case p.event >= 0:
		l.event(p.event)
		l.whom(m)
	case p.invite >= 0:
		l.add("invitation").labelled(" of ", p.invite, "to").labelled(" by ", p.invite, "from").whom(m)
	case p.state >= 0:
		l.name(p.state).whom(m)
	case p.first >= 0:
		l.typed(m).whom(m).add(": ").label(p.first)
	default:
		l.typed(m).whom(m).add(", empty")
	}
}

// typed adds the message's type in a word.
func (l *line) typed(m int32) *line {
	if a := l.t.Attr(m, "type"); a == nil || string(l.t.Bytes(a.Value)) == "normal" {
		return l.add("message")
	}
	l.attr(m, "type")
	return l
}

// whom is peer for the stanza itself, and both ends for one inside it.
func (l *line) whom(m int32) *line {
	if m == 0 {
		return l.peer()
	}
	return l.labelled(" from ", m, "from").labelled(" to ", m, "to")
}

// wrappedMessage describes a carbon (XEP-0280) or an archived message.
func (l *line) wrappedMessage(n int32) {
	t := l.t
	if t.Nodes[n].Space == nsCarbons {
		l.add("carbon of ").name(n).add(" ")
	} else {
		l.add("archived ")
	}
	f := t.Find(n, nsForward, "forwarded")
	if f < 0 {
		return
	}
	for c := t.Nodes[f].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) == "message" {
			if p := l.parts(c); p.wrapped < 0 { // one level is enough for a line
				l.message(c)
			}
			return
		}
	}
}

// event describes a pubsub notification (XEP-0060 section 7.1.2).
func (l *line) event(n int32) {
	l.add("event")
	if c := l.t.Nodes[n].Child; c >= 0 {
		l.labelled(" ", c, "node")
		items := 0
		for i := l.t.Nodes[c].Child; i >= 0; i = l.t.Nodes[i].Next {
			items++
		}
		l.add(", ").count(items, "item", "items")
	}
}

// stanzaError describes an error child (RFC 6120 section 8.3).
func (l *line) stanzaError(n int32) {
	t := l.t
	l.add("error")
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Nodes[c].Space == nsStanzas && string(t.Local(c)) != "text" {
			l.add(" ").name(c)
			break
		}
	}
	if t.Attr(n, "type") != nil {
		l.labelled(" (", n, "type").add(")")
	} else {
		l.labelled(" ", n, "code")
	}
	if c := t.Find(n, nsStanzas, "text"); c >= 0 && t.Nodes[c].Inner.Len() > 0 {
		l.add(": ").quote(c)
	}
}

// presence describes a presence (RFC 6121 section 4).
func (l *line) presence() {
	t := l.t
	show, status, priority, err, room, user := int32(-1), int32(-1), int32(-1), int32(-1), int32(-1), int32(-1)
	for n := t.Nodes[0].Child; n >= 0; n = t.Nodes[n].Next {
		switch {
		case l.is(n, 0, "show"):
			show = n
		case l.is(n, 0, "status"):
			if status < 0 {
				status = n
			}
		case l.is(n, 0, "priority"):
			priority = n
		case l.is(n, 0, "error"):
			err = n
		case t.Nodes[n].Space == nsMUC:
			room = n
		case t.Nodes[n].Space == nsMUCUser:
			user = n
		}
	}
	switch {
	case err >= 0:
		l.stanzaError(err)
	case t.Attr(0, "type") != nil:
		l.attr(0, "type")
	case room >= 0:
		l.add("join")
	case show >= 0 && t.Nodes[show].Inner.Len() > 0:
		l.text(show)
	default:
		l.add("available")
	}
	if status >= 0 && t.Nodes[status].Inner.Len() > 0 {
		l.add(" ").quote(status)
	}
	l.peer()
	if priority >= 0 {
		l.add(", priority ")
		l.text(priority)
	}
	if user >= 0 {
		l.occupant(user)
	}
}

// occupant describes what a room says of one who is in it (XEP-0045).
func (l *line) occupant(x int32) {
	t := l.t
	for n := t.Nodes[x].Child; n >= 0; n = t.Nodes[n].Next {
		switch string(t.Local(n)) {
		case "item":
			l.labelled(", ", n, "role").labelled(", ", n, "affiliation").labelled(", now ", n, "nick")
		case "status":
			l.labelled(", status ", n, "code")
		case "destroy":
			l.add(", the room is destroyed")
		}
	}
}

// iq describes a request or its answer (RFC 6120 section 8.2.3).
func (l *line) iq() {
	t := l.t
	payload, err := int32(-1), int32(-1)
	for n := t.Nodes[0].Child; n >= 0; n = t.Nodes[n].Next {
		if l.is(n, 0, "error") {
			err = n
		} else if payload < 0 {
			payload = n
		}
	}
	if err >= 0 {
		l.stanzaError(err)
		if payload >= 0 {
			l.add(", ").label(payload)
		}
		l.peer()
		return
	}
	if !l.attr(0, "type") {
		l.add("iq without a type")
	}
	if payload >= 0 {
		l.add(" ").label(payload).payload(payload)
	} else {
		l.id(" for ", 0, "id")
	}
	l.peer()
}

// payload adds what is worth knowing of an iq's child beyond its label.
func (l *line) payload(n int32) *line {
	t := l.t
	switch space := t.Nodes[n].Space; space {
	case "http://jabber.org/protocol/disco#info":
		if ids, features := l.children(n, "identity"), l.children(n, "feature"); ids+features > 0 {
			l.add(", ").count(ids, "identity", "identities").add(", ").count(features, "feature", "features")
		}
		l.labelled(", node ", n, "node")
	case "jabber:iq:roster", "http://jabber.org/protocol/disco#items", "urn:xmpp:blocking":
		if items := l.children(n, "item"); items > 0 {
			l.add(", ").count(items, "item", "items")
		}
	case "urn:ietf:params:xml:ns:xmpp-bind":
		for _, name := range [...]string{"resource", "jid"} {
			if c := t.Find(n, space, name); c >= 0 {
				l.add(" ")
				l.text(c)
			}
		}
	case "jabber:iq:version":
		for _, name := range [...]string{"name", "version", "os"} {
			if c := t.Find(n, space, name); c >= 0 {
				l.add(" ")
				l.text(c)
			}
		}
	case "http://jabber.org/protocol/pubsub":
		if c := t.Nodes[n].Child; c >= 0 {
			l.add(" ").name(c).labelled(" ", c, "node")
		}
	case "http://www.google.com/session":
		l.labelled(" ", n, "type").id(" ", n, "id")
	case "urn:xmpp:jingle:1":
		l.labelled(" ", n, "action").id(" ", n, "sid")
	case "google:mail:notify":
		if string(t.Local(n)) == "new-mail" {
			return l.add(" new mail")
		}
		l.labelled(", matched ", n, "total-matched")
	case xmlstream.NSClient:
	}
	return l
}

// children counts the children of node n of this name.
func (l *line) children(n int32, name string) int {
	count := 0
	for c := l.t.Nodes[n].Child; c >= 0; c = l.t.Nodes[c].Next {
		if string(l.t.Local(c)) == name {
			count++
		}
	}
	return count
}
