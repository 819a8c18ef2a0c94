package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0013", Title: "Flexible Offline Message Retrieval", Label: "offline messages",
		Doc:    "Lets a client look at the messages that came while nobody was there, and fetch or delete some of them.",
		Spaces: []string{"http://jabber.org/protocol/offline"},
		Elements: []dissect.Element{
			{Name: "offline", Field: "xmpp.offline", Info: "[, fetch{?fetch}][, purge{?purge}][, {&item/@action} {~item/@node}]", Aside: "[, offline message {~item/@node}]", Doc: "what is to be done with the messages", Fields: []dissect.FieldDef{
				{Name: "xmpp.offline.fetch", Type: dissect.Presence, Path: "fetch", Doc: "all are wanted"},
				{Name: "xmpp.offline.purge", Type: dissect.Presence, Path: "purge", Doc: "all are to be deleted"},
				{Name: "xmpp.offline.item", Type: dissect.Text, Path: "item/@node", Doc: "id of a message", Fields: []dissect.FieldDef{
					{Name: "xmpp.offline.item.action", Type: dissect.Text, Path: "@action", Doc: "view or remove"},
				}},
			}},
		},
	})
}
