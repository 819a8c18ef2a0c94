package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0367", Title: "Message Attaching", Label: "attaching",
		Doc:    "The message belongs below an earlier one, as a caption or a comment does.",
		Spaces: []string{"urn:xmpp:message-attaching:1"},
		Elements: []dissect.Element{
			{Name: "attach-to", Field: "xmpp.attach-to", Rank: dissect.Mark, Info: "[to {~@id}]", Aside: "[, attached to {~@id}]", Doc: "the message belongs below an earlier one", Fields: []dissect.FieldDef{
				{Name: "xmpp.attach-to.id", Type: dissect.Text, Path: "@id", Doc: "id of the earlier message", Required: true},
			}},
		},
	})
}
