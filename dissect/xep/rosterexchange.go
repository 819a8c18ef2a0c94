package xep

import (
	"talktrace/dissect"
)

func init() {
	items := func() []dissect.FieldDef {
		return []dissect.FieldDef{
			{Name: "xmpp.rosterx.item", Type: dissect.Presence, Path: "item", Doc: "a contact", Fields: []dissect.FieldDef{
				{Name: "xmpp.rosterx.item.jid", Type: dissect.JID, Path: "@jid", Doc: "address of the contact", Required: true},
				{Name: "xmpp.rosterx.item.name", Type: dissect.Text, Path: "@name", Doc: "name of the contact"},
				{Name: "xmpp.rosterx.item.action", Type: dissect.Text, Path: "@action", Doc: "what to do with the contact: add, delete or modify", OneOf: "add delete modify"},
				{Name: "xmpp.rosterx.item.group", Type: dissect.Text, Path: "group", Doc: "a group to put the contact in"},
			}},
		}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0144", Title: "Roster Item Exchange", Label: "contacts",
		Doc:    "Suggests contacts to somebody's contact list, or changes of it.",
		Spaces: []string{"http://jabber.org/protocol/rosterx"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.rosterx", Info: "[, {#item suggestion suggestions}][ to {item/@action}][, {item/@jid}]", Aside: "[, suggests {#item contact contacts}]", Doc: "suggests contacts", Fields: items()},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0093", Title: "Roster Item Exchange: Before 2004", Label: "contacts",
		Doc:    "The same before one could say what to do with a contact.",
		Spaces: []string{"jabber:x:roster"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.rosterx", Info: "[, {#item suggestion suggestions}][, {item/@jid}]", Aside: "[, suggests {#item contact contacts}]", Doc: "suggests contacts", Fields: items()},
		},
	})
}
