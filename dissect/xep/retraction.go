package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0424", Title: "Message Retraction", Label: "retraction",
		Doc:    "Asks everybody to forget a message that has been sent. Whoever has read it has read it.",
		Spaces: []string{"urn:xmpp:message-retract:1", "urn:xmpp:message-retract:0"},
		Elements: []dissect.Element{
			{
				Name: "retract", Field: "xmpp.retract", Rank: dissect.Instead, Doc: "a message is taken back",
				Info: "retraction[ of {~@id}][ by moderator {./~moderated/@by}]{>}[: {\"reason}]",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.retract.id", Type: dissect.Text, Path: "@id", Doc: "id of the message that is taken back"},
					{Name: "xmpp.retract.reason", Type: dissect.Text, Path: "reason", Doc: "why, in words"},
				},
			},
			{Name: "retracted", Field: "xmpp.retracted", Rank: dissect.Content, Info: "retracted message[ {~@id}][, retracted {@stamp}]", Doc: "there was a message that has been taken back", Fields: []dissect.FieldDef{
				{Name: "xmpp.retracted.id", Type: dissect.Text, Path: "@id", Doc: "id of the message that took it back"},
				{Name: "xmpp.retracted.stamp", Type: dissect.Time, Path: "@stamp", Doc: "when it was taken back"},
				{Name: "xmpp.retract.reason", Type: dissect.Text, Path: "reason", Doc: "why, in words"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0422", Title: "Message Fastening", Label: "fasten",
		Doc:    "Fastens something to a message that has been sent: a reaction, a mark, its retraction.",
		Spaces: []string{"urn:xmpp:fasten:0"},
		Elements: []dissect.Element{
			{Name: "apply-to", Field: "xmpp.fasten", Rank: dissect.Instead, Doc: "what is in it belongs to an earlier message", Describe: func(l *dissect.Line, n int32) {
				switch c := l.Tree.Nodes[n].Child; {
				case c < 0:
					l.Add("fastens nothing")
				case string(l.Tree.Local(c)) == "retract" && l.Say(c): // its words say what it is
				default:
					l.Payload(c)
				}
				l.ID(", to message ", n, "id")
			}, Fields: []dissect.FieldDef{
				{Name: "xmpp.fasten.id", Type: dissect.Text, Path: "@id", Doc: "id of the message that it belongs to", Required: true},
				{Name: "xmpp.fasten.clear", Type: dissect.Boolean, Path: "@clear", Doc: "what was fastened before is taken off"},
			}},
		},
	})
}
