package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0076", Title: "Malicious Stanzas",
		Doc:    "Warns that a stanza is meant to do harm, as RFC 3514 has packets do it. A joke.",
		Spaces: []string{"http://jabber.org/protocol/evil"},
		Elements: []dissect.Element{
			{Name: "evil", Field: "xmpp.evil", Rank: dissect.Mark, Aside: ", with malice", Doc: "the stanza is malicious"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0132", Title: "Presence Obtained via Kinesthetic Excitation", Label: "poke",
		Doc:    "Pokes somebody to see whether there is life. A joke.",
		Spaces: []string{"http://jabber.org/protocol/poke"},
		Elements: []dissect.Element{
			{Name: "poke", Field: "xmpp.poke", Rank: dissect.Signal, Info: "poke", Doc: "a poke"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0148", Title: "Instant Messaging Intelligence Quotient", Label: "IQ",
		Doc:    "Measures how clever somebody writes. A joke.",
		Spaces: []string{"jabber:iq:iq"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.iq.iq", Info: "[, {num}]", Doc: "the quotient", Fields: []dissect.FieldDef{
				{Name: "xmpp.iq.iq.num", Type: dissect.Number, Path: "num", Doc: "the quotient"},
			}},
		},
	})
}
