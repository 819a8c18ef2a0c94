package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0131", Title: "Stanza Headers and Internet Metadata", Label: "headers",
		Doc:    "Headers with names and values as mail and HTTP have them.",
		Spaces: []string{"http://jabber.org/protocol/shim"},
		Elements: []dissect.Element{
			{Name: "headers", Field: "xmpp.headers", Rank: dissect.Mark, Info: "[{&header/@name}]", Doc: "headers with names and values", Fields: []dissect.FieldDef{
				{Name: "xmpp.headers.header", Type: dissect.Text, Path: "header", Doc: "value of a header", Fields: []dissect.FieldDef{
					{Name: "xmpp.headers.name", Type: dissect.Text, Path: "@name", Doc: "name of the header", Required: true},
				}},
			}},
		},
	})
}
