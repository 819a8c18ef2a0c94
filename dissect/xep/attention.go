package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0224", Title: "Attention", Label: "attention",
		Doc:    "Wants to be noticed at once: the other client may buzz or shake its window.",
		Spaces: []string{"urn:xmpp:attention:0"},
		Elements: []dissect.Element{
			{Name: "attention", Field: "xmpp.attention", Aside: ", wants attention", Doc: "the other one is to look at once"},
		},
	})
}
