package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0372", Title: "References", Label: "reference",
		Doc:    "Marks a stretch of the body as standing for something: somebody who is mentioned, or a file.",
		Spaces: []string{"urn:xmpp:reference:0"},
		Elements: []dissect.Element{
			{Name: "reference", Field: "xmpp.reference", Rank: dissect.Mark, Info: "{@type}[ {@uri}]", Aside: "[, {@type} {@uri}][, file {\"./~media-sharing/~file/~name}]", Doc: "part of the body stands for something", Fields: []dissect.FieldDef{
				{Name: "xmpp.reference.type", Type: dissect.Text, Path: "@type", Doc: "mention or data", OneOf: "mention data", Required: true},
				{Name: "xmpp.reference.uri", Type: dissect.Text, Path: "@uri", Doc: "what is meant"},
				{Name: "xmpp.reference.begin", Type: dissect.Number, Path: "@begin", Doc: "first character of it in the body"},
				{Name: "xmpp.reference.end", Type: dissect.Number, Path: "@end", Doc: "character behind the last"},
				{Name: "xmpp.reference.anchor", Type: dissect.Text, Path: "@anchor", Doc: "the message whose body is meant"},
			}},
		},
	})
}
