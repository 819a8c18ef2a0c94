package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0172", Title: "User Nickname", Label: "nick",
		Doc:    "The name that somebody wishes to be shown by. It is only a wish, and anybody can claim any name.",
		Spaces: []string{"http://jabber.org/protocol/nick"},
		Elements: []dissect.Element{
			{Name: "nick", Info: "[{\".}]", Aside: "[, nickname {\".}]", Rank: dissect.Mark, Fields: []dissect.FieldDef{
				{Name: "xmpp.nick", Type: dissect.Text, Path: ".", Doc: "the name that somebody wishes to be shown by"},
			}},
		},
	})
}
