package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0045", Title: "Multi-User Chat: Joining", Label: "muc",
		Doc:    "A presence to a room with this element enters it.",
		Spaces: []string{"http://jabber.org/protocol/muc"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.muc-x", Verb: "join", Doc: "enters a room", Fields: []dissect.FieldDef{
				{Name: "xmpp.muc.history.maxstanzas", Type: dissect.Number, Path: "history/@maxstanzas", Doc: "how many messages of the past are wanted"},
				{Name: "xmpp.muc.history.maxchars", Type: dissect.Number, Path: "history/@maxchars", Doc: "how many characters of the past are wanted"},
				{Name: "xmpp.muc.history.seconds", Type: dissect.Number, Path: "history/@seconds", Doc: "from how many seconds ago on messages are wanted"},
				{Name: "xmpp.muc.history.since", Type: dissect.Time, Path: "history/@since", Doc: "from when on messages are wanted"},
				{Name: "xmpp.muc.password", Type: dissect.Text, Path: "password", Doc: "password of the room"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0045", Title: "Multi-User Chat: Occupants", Label: "muc#user",
		Doc:    "What a room says of those who are in it, and to them.",
		Spaces: []string{"http://jabber.org/protocol/muc#user"},
		Elements: []dissect.Element{
			{
				Name: "x", Field: "xmpp.muc-user-x", Rank: dissect.Content,
				Info:  "[invitation of {invite/@to}][invitation by {invite/@from}][declined by {decline/@from}]",
				Aside: "[, {item/@role}][, {item/@affiliation}][, now {item/@nick}][, status {&status/@code}][, the room is destroyed{destroy/:}]",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.muc_user_status", Type: dissect.Number, Path: "status/@code", Doc: "what has happened, by number"},
				},
			},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0045", Title: "Multi-User Chat: Moderation", Label: "muc#admin",
		Doc:    "How a room's moderators and administrators say who may do what in it.",
		Spaces: []string{"http://jabber.org/protocol/muc#admin"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.muc.admin", Info: "[, {#item item items}]"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0045", Title: "Multi-User Chat: Configuration", Label: "muc#owner",
		Doc:    "How a room's owner configures and destroys it.",
		Spaces: []string{"http://jabber.org/protocol/muc#owner"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.muc.owner"},
		},
	})
}
