package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0304", Title: "Whitespace Keepalive Negotiation", Label: "keepalive",
		Doc:    "Agrees on how often white space is to be sent, so that a silent connection is not taken for a dead one.",
		Spaces: []string{"urn:xmpp:keepalive:0"},
		Elements: []dissect.Element{
			{Name: "keepalive", Field: "xmpp.keepalive", Info: "[, every {interval} seconds]", Offer: "keepalive[ {interval/@min}][ to {interval/@max} seconds]", Doc: "how often it is to be sent", Fields: []dissect.FieldDef{
				{Name: "xmpp.keepalive.interval", Type: dissect.Text, Path: "interval", Doc: "seconds between keepalives", Fields: []dissect.FieldDef{
					{Name: "xmpp.keepalive.min", Type: dissect.Number, Path: "@min", Doc: "the least that the server puts up with"},
					{Name: "xmpp.keepalive.max", Type: dissect.Number, Path: "@max", Doc: "the most that it does"},
				}},
			}},
		},
	})
}
