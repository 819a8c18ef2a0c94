package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0297", Title: "Stanza Forwarding", Label: "forward",
		Doc:    "Carries a stanza inside another one, as it was.",
		Spaces: []string{"urn:xmpp:forward:0"},
		Elements: []dissect.Element{
			{Name: "forwarded", Field: "xmpp.forwarded", Rank: dissect.Wrapper, Doc: "a stanza that is passed on", Describe: func(l *dissect.Line, n int32) {
				l.Add("forwarded ")
				inner(l, n)
			}},
		},
	})
}

// inner adds what the stanza in a <forwarded/> says.
func inner(l *dissect.Line, forwarded int32) {
	t := l.Tree
	for c := t.Nodes[forwarded].Child; c >= 0; c = t.Nodes[c].Next {
		if name := string(t.Local(c)); name == "message" || name == "presence" || name == "iq" {
			l.Say(c)
			return
		}
	}
}
