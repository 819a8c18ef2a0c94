package xep

import (
	"talktrace/dissect"
)

func init() {
	known := []dissect.FieldDef{
		{Name: "xmpp.search.first", Type: dissect.Text, Path: "first", Doc: "first name"},
		{Name: "xmpp.search.last", Type: dissect.Text, Path: "last", Doc: "last name"},
		{Name: "xmpp.search.nick", Type: dissect.Text, Path: "nick", Doc: "nickname"},
		{Name: "xmpp.search.email", Type: dissect.Text, Path: "email", Doc: "email address"},
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0055", Title: "Jabber Search", Label: "search",
		Doc:    "Looks for people in a directory.",
		Spaces: []string{"jabber:iq:search"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.search", Info: "[, {#item person people} found][, first name {\"first}][, last name {\"last}][, nick {\"nick}][, email {\"email}]", Doc: "what is looked for, or found", Fields: append(fieldsOf(known), dissect.FieldDef{Name: "xmpp.search.instructions", Type: dissect.Text, Path: "instructions", Doc: "how to fill in the request"}, dissect.FieldDef{Name: "xmpp.search.item", Type: dissect.Presence, Path: "item", Doc: "somebody who was found", Fields: append(fieldsOf(known), dissect.FieldDef{Name: "xmpp.search.item.jid", Type: dissect.JID, Path: "@jid", Doc: "address"})})},
		},
	})
}
