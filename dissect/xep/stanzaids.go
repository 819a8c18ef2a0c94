package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0359", Title: "Unique and Stable Stanza IDs", Label: "stanza-id",
		Doc:    "Ids that do not change on the way: the one of an archive or a room, by which others find the message, and the one that its sender gave it.",
		Spaces: []string{"urn:xmpp:sid:0"},
		Elements: []dissect.Element{
			{Name: "stanza-id", Field: "xmpp.stanza-id", Info: "{~@id}[ by {@by}]", Rank: dissect.Mark, Doc: "id that an archive or a room has given the message", Fields: []dissect.FieldDef{
				{Name: "xmpp.stanza-id.id", Type: dissect.Text, Path: "@id", Doc: "the id", Required: true},
				{Name: "xmpp.stanza-id.by", Type: dissect.JID, Path: "@by", Doc: "who has given it", Required: true},
			}},
			{Name: "origin-id", Field: "xmpp.origin-id", Info: "{~@id}", Rank: dissect.Mark, Doc: "id that the sender has given the message", Fields: []dissect.FieldDef{
				{Name: "xmpp.origin-id.id", Type: dissect.Text, Path: "@id", Doc: "id that the sender has given the message", Required: true},
			}},
			{Name: "referenced-stanza", Field: "xmpp.referenced-stanza", Rank: dissect.Mark, Doc: "the message is about another", Fields: []dissect.FieldDef{
				{Name: "xmpp.stanza-id.id", Type: dissect.Text, Path: "@id", Doc: "the id"},
				{Name: "xmpp.stanza-id.by", Type: dissect.JID, Path: "@by", Doc: "who has given it"},
			}},
		},
	})
}
