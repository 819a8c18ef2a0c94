package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0470", Title: "Pubsub Attachments", Label: "attachments",
		Doc:    "What readers attach to an item of pubsub: that they have seen it, and reactions.",
		Spaces: []string{"urn:xmpp:pubsub-attachments:1"},
		Elements: []dissect.Element{
			{Name: "attachments", Field: "xmpp.attachments", Info: "[seen {noticed/@timestamp}][, {&reactions/reaction}]", Doc: "what is attached", Fields: []dissect.FieldDef{
				{Name: "xmpp.attachments.noticed", Type: dissect.Time, Path: "noticed/@timestamp", Doc: "when it was seen"},
				{Name: "xmpp.attachments.reaction", Type: dissect.Text, Path: "reactions/reaction", Doc: "a reaction"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0470", Title: "Pubsub Attachments: Summary", Label: "attachments",
		Doc:    "How many have attached what.",
		Spaces: []string{"urn:xmpp:pubsub-attachments:summary:1"},
		Elements: []dissect.Element{
			{Name: "summary", Field: "xmpp.attachments.summary", Info: "[seen by {noticed/@count}][, {&reactions/reaction}]", Doc: "how many have attached what", Fields: []dissect.FieldDef{
				{Name: "xmpp.attachments.summary.noticed", Type: dissect.Number, Path: "noticed/@count", Doc: "how many have seen it"},
				{Name: "xmpp.attachments.summary.reaction", Type: dissect.Text, Path: "reactions/reaction", Doc: "a reaction", Fields: []dissect.FieldDef{
					{Name: "xmpp.attachments.summary.count", Type: dissect.Number, Path: "@count", Doc: "how many reacted so"},
				}},
			}},
		},
	})
}
