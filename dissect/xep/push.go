package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0357", Title: "Push Notifications", Label: "push",
		Doc:    "The server tells a push service when there is something for a client that is not connected, and that wakes the telephone up.",
		Spaces: []string{"urn:xmpp:push:0"},
		Elements: []dissect.Element{
			{Name: "enable", Field: "xmpp.push.enable", Info: "on[ at {@jid}][, node {~@node}]", Doc: "turns push on", Fields: []dissect.FieldDef{
				{Name: "xmpp.push.jid", Type: dissect.JID, Path: "@jid", Doc: "the push service"},
				{Name: "xmpp.push.node", Type: dissect.Text, Path: "@node", Doc: "the client at the push service"},
			}},
			{Name: "disable", Field: "xmpp.push.disable", Info: "off[ at {@jid}][, node {~@node}]", Doc: "turns push off", Fields: []dissect.FieldDef{
				{Name: "xmpp.push.jid", Type: dissect.JID, Path: "@jid", Doc: "the push service"},
				{Name: "xmpp.push.node", Type: dissect.Text, Path: "@node", Doc: "the client at the push service"},
			}},
			{Name: "notification", Field: "xmpp.push.notification", Info: "notification[, {~x/field(var=message-count)/~value} messages]", Doc: "there is something for the client", Fields: []dissect.FieldDef{
				{Name: "xmpp.push.message-count", Type: dissect.Number, Path: "~x/~field(var=message-count)/~value", Doc: "how many messages wait"},
				{Name: "xmpp.push.last-message-sender", Type: dissect.JID, Path: "~x/~field(var=last-message-sender)/~value", Doc: "who sent the last one"},
				{Name: "xmpp.push.last-message-body", Type: dissect.Text, Path: "~x/~field(var=last-message-body)/~value", Doc: "what it says"},
			}},
		},
	})
}
