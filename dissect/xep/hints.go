package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0334", Title: "Message Processing Hints", Label: "hint",
		Doc:    "Tells servers whether a message is worth keeping, and whether other clients should get copies.",
		Spaces: []string{"urn:xmpp:hints"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:}", Rank: dissect.Mark, Fields: []dissect.FieldDef{
				{Name: "xmpp.hint", Type: dissect.Text, Path: ":", Doc: "what to do with the message: store, no-store, no-permanent-store or no-copy", OneOf: "store no-store no-permanent-store no-copy no-permanent-storage no-storage"},
			}},
		},
	})
}
