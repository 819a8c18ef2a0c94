package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0220", Title: "Server Dialback: Offer", Label: "dialback",
		Doc:    "The server can prove domains by dialback.",
		Spaces: []string{"urn:xmpp:features:dialback"},
		Elements: []dissect.Element{
			{Name: "dialback", Field: "xmpp.dialback.feature", Doc: "dialback is on offer", Fields: []dissect.FieldDef{
				{Name: "xmpp.dialback.feature.errors", Type: dissect.Presence, Path: "errors", Doc: "an error is told without the stream being closed"},
				{Name: "xmpp.dialback.feature.required", Type: dissect.Presence, Path: "required", Doc: "dialback has to be done"},
			}},
		},
	})
}
