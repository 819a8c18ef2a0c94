package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0164", Title: "vCard Filtering",
		Doc:    "Asks only for some parts of a vCard.",
		Spaces: []string{"vcard-temp-filter"},
		Elements: []dissect.Element{
			{Name: "filter", Field: "xmpp.vcard.filter", Doc: "the parts that are wanted", Fields: []dissect.FieldDef{
				{Name: "xmpp.vcard.filter.part", Type: dissect.Text, Path: "*/:", Doc: "name of a part"},
			}},
		},
	})
}
