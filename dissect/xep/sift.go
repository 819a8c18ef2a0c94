package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0273", Title: "Stanza Interception and Filtering Technology", Label: "sift",
		Doc:    "A client tells its server which stanzas it does not want to be sent.",
		Spaces: []string{"urn:xmpp:sift:2"},
		Elements: []dissect.Element{
			{Name: "sift", Field: "xmpp.sift", Info: "[, only {&*/:}]", Doc: "which stanzas are to be kept back", Fields: []dissect.FieldDef{
				{Name: "xmpp.sift.kind", Type: dissect.Text, Path: "*/:", Doc: "a kind of stanza that is sifted", Fields: []dissect.FieldDef{
					{Name: "xmpp.sift.sender", Type: dissect.Text, Path: "@sender", Doc: "whose stanzas: all, local, others, remote or self"},
					{Name: "xmpp.sift.recipient", Type: dissect.Text, Path: "@recipient", Doc: "for whom: all, bare or full"},
					{Name: "xmpp.sift.allow.name", Type: dissect.Text, Path: "allow/@name", Doc: "name of a payload that gets through"},
					{Name: "xmpp.sift.allow.ns", Type: dissect.Text, Path: "allow/@ns", Doc: "namespace of it"},
				}},
			}},
		},
	})
}
