package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Jabber", Title: "Groupchat 1.0", Label: "conference",
		Doc:    "Asked a room for its name and for a nickname, before there was Multi-User Chat.",
		Spaces: []string{"jabber:iq:conference"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.conference", Info: "[, {\"name}][, nick {nick}]", Doc: "name of the room, and the nickname", Fields: []dissect.FieldDef{
				{Name: "xmpp.conference.name", Type: dissect.Text, Path: "name", Doc: "name of the room"},
				{Name: "xmpp.conference.nick", Type: dissect.Text, Path: "nick", Doc: "nickname"},
			}},
		},
	})
}
