package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0209", Title: "Metacontacts", Label: "metacontacts",
		Doc:    "Says which addresses in the roster are the same person.",
		Spaces: []string{"storage:metacontacts"},
		Elements: []dissect.Element{
			{Name: "storage", Field: "xmpp.metacontacts", Info: "[, {#meta address addresses}]", Doc: "the addresses and the persons", Fields: []dissect.FieldDef{
				{Name: "xmpp.metacontacts.meta", Type: dissect.Presence, Path: "meta", Doc: "an address", Fields: []dissect.FieldDef{
					{Name: "xmpp.metacontacts.meta.jid", Type: dissect.JID, Path: "@jid", Doc: "the address"},
					{Name: "xmpp.metacontacts.meta.tag", Type: dissect.Text, Path: "@tag", Doc: "what all addresses of the person have in common"},
					{Name: "xmpp.metacontacts.meta.order", Type: dissect.Number, Path: "@order", Doc: "which of them is to be preferred"},
				}},
			}},
		},
	})
}
