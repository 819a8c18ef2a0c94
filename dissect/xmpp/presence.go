package xmpp

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 6121", Title: "XMPP: Presence",
		Doc:    "A presence tells that one is there and how busy, and asks for, grants and takes back the right to be told so.",
		Spaces: stanzaSpaces,
		Elements: []dissect.Element{{
			Name: "presence", Field: "xmpp.presence", Describe: describePresence,
			Fields: addressing(
				dissect.FieldDef{Name: "xmpp.presence.show", Type: dissect.Text, Path: "show", Doc: "how available: away, chat, dnd or xa"},
				dissect.FieldDef{Name: "xmpp.presence.status", Type: dissect.Text, Path: "status", Doc: "the same in words"},
				dissect.FieldDef{Name: "xmpp.presence.priority", Type: dissect.Number, Path: "priority", Doc: "which of an account's clients is to get messages: -128 to 127"},
			),
		}},
	})
}

// describePresence describes presence m (RFC 6121 section 4).
func describePresence(l *dissect.Line, m int32) {
	t := l.Tree
	show, status, priority := int32(-1), int32(-1), int32(-1)
	verb, more := "", false
	for n := t.Nodes[m].Child; n >= 0; n = t.Nodes[n].Next {
		if t.Nodes[n].Space != t.Nodes[m].Space {
			if el := dissect.LookupElement(t.Nodes[n].Space, t.Local(n)); el != nil {
				if more = more || el.HasAside(); el.Verb != "" {
					verb = el.Verb
				}
			}
			continue
		}
		switch string(t.Local(n)) {
		case "show":
			show = n
		case "status":
			if status < 0 {
				status = n
			}
		case "priority":
			priority = n
		case "error":
			l.Say(n)
			l.Whom(m)
			return
		}
	}
	switch {
	case t.Attr(m, "type") != nil:
		l.Attr(m, "type")
	case verb != "":
		l.Add(verb)
	case show >= 0 && t.Nodes[show].Inner.Len() > 0:
		l.Text(show)
	default:
		l.Add("available")
	}
	if status >= 0 && t.Nodes[status].Inner.Len() > 0 {
		l.Add(" ").Quote(status)
	}
	l.Whom(m)
	if priority >= 0 {
		l.Add(", priority ")
		l.Text(priority)
	}
	if more {
		asides(l, m, -1)
	}
}
