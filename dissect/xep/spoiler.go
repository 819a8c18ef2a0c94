package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0382", Title: "Spoiler Messages", Label: "spoiler",
		Doc:    "The body is to be shown only when the reader asks for it.",
		Spaces: []string{"urn:xmpp:spoiler:0"},
		Elements: []dissect.Element{
			{Name: "spoiler", Field: "xmpp.spoiler", Rank: dissect.Mark, Aside: ", spoiler[ {\".}]", Doc: "the body is to be hidden at first", Fields: []dissect.FieldDef{
				{Name: "xmpp.spoiler.hint", Type: dissect.Text, Path: ".", Doc: "what is shown instead"},
			}},
		},
	})
}
