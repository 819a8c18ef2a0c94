package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0425", Title: "Moderated Message Retraction", Label: "moderation",
		Doc:    "A moderator asks the room to take back somebody's message, and the room tells everybody that it is taken back.",
		Spaces: []string{"urn:xmpp:message-moderate:1", "urn:xmpp:message-moderate:0"},
		Elements: []dissect.Element{
			{Name: "moderate", Field: "xmpp.moderate", Info: "[of {~@id}][: {\"reason}]", Doc: "a moderator wants a message taken back", Fields: []dissect.FieldDef{
				{Name: "xmpp.moderate.id", Type: dissect.Text, Path: "@id", Doc: "id that the room has given the message"},
				{Name: "xmpp.moderate.reason", Type: dissect.Text, Path: "reason", Doc: "why, in words"},
			}},
			{Name: "moderated", Field: "xmpp.moderated", Info: "[by {@by}][: {\"reason}]", Doc: "the room did as a moderator wished", Fields: []dissect.FieldDef{
				{Name: "xmpp.moderated.by", Type: dissect.JID, Path: "@by", Doc: "who moderated the message"},
				{Name: "xmpp.moderate.reason", Type: dissect.Text, Path: "reason", Doc: "why, in words"},
			}},
		},
	})
}
