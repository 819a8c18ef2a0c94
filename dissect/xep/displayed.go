package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0490", Title: "Message Displayed Synchronization", Label: "displayed",
		Doc:    "Tells a user's other clients, by pubsub, up to which message a conversation has been read.",
		Spaces: []string{"urn:xmpp:mds:displayed:0"},
		Elements: []dissect.Element{
			{Name: "displayed", Field: "xmpp.mds.displayed", Info: "read up to[ {~./~stanza-id/@id}]", Doc: "up to which message a conversation has been read"},
		},
	})
}
