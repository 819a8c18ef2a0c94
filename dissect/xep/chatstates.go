package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0085", Title: "Chat State Notifications", Label: "chatstate",
		Doc:    "Tells the other one whether one is typing, has paused, or looks elsewhere. This is how a program can tell that your friend is typing.",
		Spaces: []string{"http://jabber.org/protocol/chatstates"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:}", Rank: dissect.State, Fields: []dissect.FieldDef{
				{Name: "xmpp.message.chatstate", Type: dissect.Text, Path: ":", Doc: "state of the conversation: active, composing, paused, inactive or gone"},
			}},
		},
	})
}
