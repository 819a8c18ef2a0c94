package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0152", Title: "Reachability Addresses", Label: "reachable",
		Doc:    "Where else one can be reached: by telephone, by mail.",
		Spaces: []string{"urn:xmpp:reach:0"},
		Elements: []dissect.Element{
			{Name: "reach", Field: "xmpp.reach", Info: "[ {&addr/@uri}]", Doc: "the addresses", Fields: []dissect.FieldDef{
				{Name: "xmpp.reach.uri", Type: dissect.Text, Path: "addr/@uri", Doc: "an address", Fields: []dissect.FieldDef{
					{Name: "xmpp.reach.desc", Type: dissect.Text, Path: "desc", Doc: "what is to be said of it"},
				}},
			}},
		},
	})
}
