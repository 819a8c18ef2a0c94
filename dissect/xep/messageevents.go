package xep

import (
	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

const nsEvents = "jabber:x:event"

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0022", Title: "Message Events", Label: "event",
		Doc:    "What chat states and receipts were made from: a message asks for events, and messages without a body tell that they came about.",
		Spaces: []string{nsEvents},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.x-event", RankOf: func(t *xmlstream.Tree, n int32) dissect.Rank {
				if t.Find(n, nsEvents, "id") >= 0 {
					return dissect.Signal
				}
				return dissect.Mark // it only asks
			}, Describe: describeMessageEvent, Doc: "events are asked for, or came about", Fields: []dissect.FieldDef{
				{Name: "xmpp.x-event.condition", Type: dissect.Text, Path: "!id/:", Doc: "an event: offline, delivered, displayed or composing"},
				{Name: "xmpp.x-event.id", Type: dissect.Text, Path: "id", Doc: "id of the message that it is about"},
			}},
		},
	})
}

// describeMessageEvent says what came about; an event that names none takes back
// that somebody was composing (XEP-0022 section 3.3).
func describeMessageEvent(l *dissect.Line, n int32) {
	t := l.Tree
	id, found := int32(-1), false
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) == "id" {
			id = c
			continue
		}
		if found {
			l.Add(", ")
		}
		found = true
		l.Name(c)
	}
	if !found {
		l.Add("no longer composing")
	}
	if id >= 0 && t.Nodes[id].Inner.Len() > 0 {
		l.Whom(t.Nodes[n].Parent).Add(", message ").TextID(id)
	}
}
