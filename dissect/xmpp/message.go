package xmpp

import (
	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// stanzaSpaces are the namespaces that stanzas come in: those of clients, of
// servers and of components (XEP-0114, XEP-0225), that of a BOSH body whose
// children declare none (XEP-0206), and none at all.
var stanzaSpaces = []string{
	xmlstream.NSClient, xmlstream.NSServer, "jabber:component:accept", "jabber:component:connect", nsHTTPBind, "",
}

// addressing are the fields that all stanzas have (RFC 6120 section 8.1).
func addressing(more ...dissect.FieldDef) []dissect.FieldDef {
	return append([]dissect.FieldDef{
		{Name: "xmpp.type", Type: dissect.Text, Path: "@type", Doc: "type of the stanza"},
		{Name: "xmpp.id", Type: dissect.Text, Path: "@id", Doc: "id of the stanza"},
		{Name: "xmpp.from", Type: dissect.JID, Path: "@from", Doc: "sender"},
		{Name: "xmpp.to", Type: dissect.JID, Path: "@to", Doc: "addressee"},
		{Name: "xmpp.lang", Type: dissect.Text, Path: "@xml|lang", Doc: "language of the text"},
	}, more...)
}

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 6121", Title: "XMPP: Instant Messaging",
		Doc:    "A message is pushed from one to the other, and nobody has to answer it.",
		Spaces: stanzaSpaces,
		Elements: []dissect.Element{{
			Name: "message", Field: "xmpp.message", Describe: describeMessage,
			Fields: addressing(
				dissect.FieldDef{Name: "xmpp.message.subject", Type: dissect.Text, Path: "subject", Doc: "subject, or the topic of a room"},
				dissect.FieldDef{Name: "xmpp.message.body", Type: dissect.Text, Path: "body", Doc: "what was written"},
				dissect.FieldDef{Name: "xmpp.message.thread", Type: dissect.Text, Path: "thread", Doc: "id of the conversation", Fields: []dissect.FieldDef{
					{Name: "xmpp.message.thread.parent", Type: dissect.Text, Path: "@parent", Doc: "id of the conversation that it came out of"},
				}},
			),
		}},
	})
}

// parts are the children that a message's line may speak of; -1 where there is
// none.
type parts struct {
	body, subject, err, lead int32
	declared                 *dissect.Element // of lead; nil where nothing declares it
	top                      dissect.Rank     // of lead
	asides                   bool             // more children may have something to add
}

// maxAsides bounds the children of a stanza that are asked what they have to
// say, since some of them look at all the others.
const maxAsides = 32

// partsOf looks for the parts of message m. Lead is the child that says most,
// the first of those that say as much.
func partsOf(t *xmlstream.Tree, m int32) parts {
	p := parts{body: -1, subject: -1, err: -1, lead: -1}
	asked := 0
	for n := t.Nodes[m].Child; n >= 0; n = t.Nodes[n].Next {
		if t.Nodes[n].Space == t.Nodes[m].Space {
			switch string(t.Local(n)) {
			case "body":
				if p.body < 0 {
					p.body = n
				}
				continue
			case "subject":
				if p.subject < 0 {
					p.subject = n
				}
				continue
			case "error":
				p.err = n
				continue
			case "thread":
				continue
			}
		}
		el := dissect.LookupElement(t.Nodes[n].Space, t.Local(n))
		rank := dissect.Plain
		if el != nil {
			if p.asides = p.asides || el.HasAside(); asked < maxAsides {
				rank = el.RankAt(t, n)
				asked++
			}
		}
		if p.lead < 0 || rank.Over(p.top) {
			p.lead, p.declared, p.top = n, el, rank
		}
	}
	return p
}

// describeMessage describes message m: the stanza itself or one inside it.
func describeMessage(l *dissect.Line, m int32) {
	p := partsOf(l.Tree, m)
	switch top := p.top; {
	case p.err >= 0:
		l.Say(p.err)
		l.Whom(m)
		return
	case p.lead >= 0 && top == dissect.Wrapper:
		l.Tell(p.declared, p.lead)
		return
	case p.lead >= 0 && top == dissect.Instead && l.Tell(p.declared, p.lead):
		l.Whom(m)
		if p.asides {
			asides(l, m, p.lead)
		}
	case p.body >= 0:
		typed(l, m).Whom(m).Add(": ")
		if !otr(l, p.body) {
			l.Quote(p.body)
		}
		if p.asides {
			asides(l, m, -1)
		}
	case p.lead >= 0 && top.Over(dissect.Signal), p.lead >= 0 && top.Over(dissect.Plain) && p.subject < 0:
		before := l.Len()
		if !l.Tell(p.declared, p.lead) {
			l.Label(p.lead)
		}
		if l.Len() > before {
			l.Whom(m)
		}
	case p.subject >= 0:
		typed(l, m).Whom(m)
		if l.Tree.Nodes[p.subject].Inner.Len() > 0 {
			l.Add(": subject ").Quote(p.subject)
		} else {
			l.Add(": no subject")
		}
		if p.asides {
			asides(l, m, -1)
		}
	case p.lead >= 0:
		typed(l, m).Whom(m).Add(": ").Payload(p.lead)
	default:
		typed(l, m).Whom(m).Add(", empty")
	}
}

// typed adds the message's type in a word.
func typed(l *dissect.Line, m int32) *dissect.Line {
	if a := l.Tree.Attr(m, "type"); a == nil || string(l.Tree.Bytes(a.Value)) == "normal" {
		return l.Add("message")
	}
	l.Attr(m, "type")
	return l
}

// asides adds what the children of a stanza have to add to what it says; all
// but the one that the row is about.
func asides(l *dissect.Line, m, lead int32) {
	t := l.Tree
	asked := 0
	for n := t.Nodes[m].Child; n >= 0 && asked < maxAsides; n = t.Nodes[n].Next {
		if n == lead || t.Nodes[n].Space == t.Nodes[m].Space {
			continue
		}
		if el := dissect.LookupElement(t.Nodes[n].Space, t.Local(n)); el != nil && el.HasAside() {
			l.TellAside(el, n)
			asked++
		}
	}
}
