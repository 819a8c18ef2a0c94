package xmpp

import (
	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// payloadOf returns what stanza m is about: of its children the one that says
// most of it, the first of those that say as much. Delays, hints, ids, hashes
// of capabilities and the like say nothing; a chat state does where there is
// nothing else.
func payloadOf(t *xmlstream.Tree, m int32) dissect.Payload {
	var p dissect.Payload
	lead, best, own := int32(-1), 0, 0
	presence := string(t.Local(m)) == "presence"
	for n := t.Nodes[m].Child; n >= 0; n = t.Nodes[n].Next {
		x := &t.Nodes[n]
		if x.Space == t.Nodes[m].Space {
			if name := string(t.Local(n)); name != "error" && name != "thread" {
				own += x.Outer.Len()
			}
			continue
		}
		if says := weight(t, n, presence); says > best {
			lead, best = n, says
		}
	}
	switch {
	case own > 0 && best <= weightOfBody && (best == 0 || !presence):
		p.Space, p.Length = stanzaSpace(t.Nodes[m].Space), own
	case lead >= 0:
		p.Space, p.Length = t.Nodes[lead].Space, t.Nodes[lead].Outer.Len()
		if inner := stanzaIn(t, lead); inner >= 0 && best == weightOfWrapper {
			p.Inner = payloadOf(t, inner).Space
		}
	}
	return p
}

// What children of a stanza weigh. The body, and what else is the stanza's own,
// stands between what says something along with it and what takes its place.
const (
	weightOfBody    = 5
	weightOfWrapper = 7
)

// weight says how much a child of a stanza says of it; 0 is nothing. What an
// element says by what is in it is for messages.
func weight(t *xmlstream.Tree, n int32, presence bool) int {
	switch t.Nodes[n].Space {
	case "vcard-temp:x:update", "http://jabber.org/protocol/caps", "urn:xmpp:caps":
		return 0
	}
	el := dissect.LookupElement(t.Nodes[n].Space, t.Local(n))
	if el == nil || presence && el.RankOf != nil {
		return 2
	}
	switch el.RankAt(t, n) {
	case dissect.Mark:
		return 0
	case dissect.State:
		return 1
	case dissect.Signal:
		return 3
	case dissect.Content:
		return 4
	case dissect.Instead:
		return 6
	case dissect.Wrapper:
		return weightOfWrapper
	}
	return 2
}

// stanzaSpace is the one namespace that stands for all in which stanzas come.
func stanzaSpace(space string) string {
	for _, s := range stanzaSpaces {
		if s == space {
			return xmlstream.NSClient
		}
	}
	return space
}

// stanzaIn returns the stanza that a child of another one holds, or -1: it lies
// at most three elements deep, as in the copy of an archived message.
func stanzaIn(t *xmlstream.Tree, n int32) int32 {
	for range 3 {
		next := int32(-1)
		for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
			if t.Nodes[c].Space == xmlstream.NSClient && isStanza(string(t.Local(c))) {
				return c
			}
			if next < 0 || string(t.Local(c)) == "forwarded" {
				next = c
			}
		}
		if next < 0 {
			return -1
		}
		n = next
	}
	return -1
}
