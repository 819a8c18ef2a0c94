package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0444", Title: "Message Reactions", Label: "reaction",
		Doc:    "Puts emoji under a message. Each time all of a person's reactions are sent, so that none means that they are taken back.",
		Spaces: []string{"urn:xmpp:reactions:0"},
		Elements: []dissect.Element{
			{Name: "reactions", Field: "xmpp.reactions", Rank: dissect.Instead, Doc: "somebody's reactions to a message", Describe: func(l *dissect.Line, n int32) {
				if t := l.Tree; t.Find(n, t.Nodes[n].Space, "reaction") < 0 {
					l.Add("no more reactions")
				} else {
					l.Add("reacts ")
				}
			}, Info: "[{&reaction}]{>}[, message {~@id}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.reactions.id", Type: dissect.Text, Path: "@id", Doc: "id of the message", Required: true},
				{Name: "xmpp.reactions.reaction", Type: dissect.Text, Path: "reaction", Doc: "an emoji"},
			}},
		},
	})
}
