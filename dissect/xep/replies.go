package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0461", Title: "Message Replies", Label: "reply",
		Doc:    "Says which message this one answers.",
		Spaces: []string{"urn:xmpp:reply:0"},
		Elements: []dissect.Element{
			{Name: "reply", Field: "xmpp.reply", Rank: dissect.Mark, Info: "reply to {~@id}", Aside: "[, reply to {~@id}]", Doc: "the message answers another", Fields: []dissect.FieldDef{
				{Name: "xmpp.reply.id", Type: dissect.Text, Path: "@id", Doc: "id of the message that is answered", Required: true},
				{Name: "xmpp.reply.to", Type: dissect.JID, Path: "@to", Doc: "who has sent that message"},
			}},
		},
	})
}
