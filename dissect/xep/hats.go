package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0317", Title: "Hats", Label: "hats",
		Doc:    "Titles that somebody bears in a room beside the role: host, presenter, teacher. A hat by itself allows nothing.",
		Spaces: []string{"urn:xmpp:hats:0"},
		Elements: []dissect.Element{
			{Name: "hats", Field: "xmpp.hats", Aside: "[, hats {&hat/@title}]", Rank: dissect.Mark, Doc: "the titles of an occupant", Fields: []dissect.FieldDef{
				{Name: "xmpp.hats.hat", Type: dissect.Text, Path: "hat/@title", Doc: "a title"},
				{Name: "xmpp.hats.uri", Type: dissect.Text, Path: "hat/@uri", Doc: "what identifies a title"},
			}},
		},
	})
}
