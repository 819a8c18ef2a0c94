package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0023", Title: "Message Expiration", Label: "expiry",
		Doc:    "How long a message is worth delivering.",
		Spaces: []string{"jabber:x:expire"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.expire", Rank: dissect.Mark, Aside: "[, expires in {@seconds} s]", Doc: "the message is not worth delivering later", Fields: []dissect.FieldDef{
				{Name: "xmpp.expire.seconds", Type: dissect.Number, Path: "@seconds", Doc: "for how many seconds it is worth delivering"},
				{Name: "xmpp.expire.stored", Type: dissect.Number, Path: "@stored", Doc: "when it was stored, in seconds since 1970"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0466", Title: "Ephemeral Messages", Label: "ephemeral",
		Doc:    "Asks the reader's client to delete the message some time after it was read.",
		Spaces: []string{"urn:xmpp:ephemeral:0"},
		Elements: []dissect.Element{
			{Name: "ephemeral", Field: "xmpp.ephemeral", Rank: dissect.Mark, Aside: "[, to be deleted after {@timer} s]", Doc: "the message is to be deleted after it was read", Fields: []dissect.FieldDef{
				{Name: "xmpp.ephemeral.timer", Type: dissect.Number, Path: "@timer", Doc: "after how many seconds", Required: true},
			}},
		},
	})
}
