package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0249", Title: "Direct MUC Invitations", Label: "invitation",
		Doc:    "Invites somebody to a room without the room's help, so that it arrives even where the room's own messages are blocked.",
		Spaces: []string{"jabber:x:conference"},
		Elements: []dissect.Element{
			{
				Name: "x", Field: "xmpp.conference", Rank: dissect.Instead, Doc: "an invitation to a room",
				Info: "invitation[ into {@jid}]{>}[: {\"@reason}]",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.conference.jid", Type: dissect.JID, Path: "@jid", Doc: "the room", Required: true},
					{Name: "xmpp.conference.reason", Type: dissect.Text, Path: "@reason", Doc: "why, in words"},
					{Name: "xmpp.conference.password", Type: dissect.Text, Path: "@password", Doc: "password of the room"},
					{Name: "xmpp.conference.thread", Type: dissect.Text, Path: "@thread", Doc: "id of the conversation that goes on in the room"},
					{Name: "xmpp.conference.continue", Type: dissect.Boolean, Path: "@continue", Doc: "a conversation between two goes on in the room"},
				},
			},
		},
	})
}
