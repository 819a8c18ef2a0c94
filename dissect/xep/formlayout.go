package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0141", Title: "Data Forms Layout",
		Doc:    "Says how the fields of a form are to be laid out in pages and sections.",
		Spaces: []string{"http://jabber.org/protocol/xdata-layout"},
		Elements: []dissect.Element{
			{Name: "page", Field: "xmpp.x-data.page", Doc: "a page of the form", Fields: []dissect.FieldDef{
				{Name: "xmpp.x-data.page.label", Type: dissect.Text, Path: "@label", Doc: "heading of the page"},
				{Name: "xmpp.x-data.page.text", Type: dissect.Text, Path: "text", Doc: "text on the page"},
				{Name: "xmpp.x-data.page.field", Type: dissect.Text, Path: "fieldref/@var", Doc: "name of a field on the page"},
				{Name: "xmpp.x-data.section", Type: dissect.Text, Path: "section/@label", Doc: "heading of a section", Fields: []dissect.FieldDef{
					{Name: "xmpp.x-data.page.field", Type: dissect.Text, Path: "fieldref/@var", Doc: "name of a field on the page"},
				}},
			}},
		},
	})
}
