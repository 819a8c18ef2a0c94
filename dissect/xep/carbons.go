package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0280", Title: "Message Carbons", Label: "carbons",
		Doc:    "Gives each of a user's clients a copy of what the others send and receive.",
		Spaces: []string{"urn:xmpp:carbons:2", "urn:xmpp:carbons:1", "urn:xmpp:carbons:0"},
		Elements: []dissect.Element{
			{Name: "enable", Field: "xmpp.carbons.enable", Info: "on", Doc: "the client wants copies"},
			{Name: "disable", Field: "xmpp.carbons.disable", Info: "off", Doc: "the client wants no more copies"},
			{Name: "private", Field: "xmpp.carbons.private", Rank: dissect.Mark, Aside: ", no copies of it", Doc: "no copies are to be made of the message"},
			{Name: "sent", Field: "xmpp.carbons.sent", Rank: dissect.Wrapper, Describe: describeCarbon, Doc: "a copy of what another client of the user has sent"},
			{Name: "received", Field: "xmpp.carbons.received", Rank: dissect.Wrapper, Describe: describeCarbon, Doc: "a copy of what another client of the user has received"},
		},
	})
}

func describeCarbon(l *dissect.Line, n int32) {
	l.Add("carbon of ").Name(n).Add(" ")
	if f := l.Tree.Find(n, "urn:xmpp:forward:0", "forwarded"); f >= 0 {
		inner(l, f)
	}
}
