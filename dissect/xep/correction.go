package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0308", Title: "Last Message Correction", Label: "correction",
		Doc:    "This message takes the place of an earlier one.",
		Spaces: []string{"urn:xmpp:message-correct:0"},
		Elements: []dissect.Element{
			{Name: "replace", Field: "xmpp.correction", Info: "[of {~@id}]", Aside: ", replacing an earlier one", Rank: dissect.Mark, Doc: "the message replaces another", Fields: []dissect.FieldDef{
				{Name: "xmpp.correction.id", Type: dissect.Text, Path: "@id", Doc: "id of the message that is replaced", Required: true},
			}},
		},
	})
}
