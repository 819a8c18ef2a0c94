package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0430", Title: "Inbox", Label: "inbox",
		Doc:    "The list of somebody's conversations with the number of unread messages in each, which a client shows when it starts.",
		Spaces: []string{"urn:xmpp:inbox:1"},
		Elements: []dissect.Element{
			{Name: "inbox", Field: "xmpp.inbox", Info: "conversations", Doc: "asks for the conversations", Fields: []dissect.FieldDef{
				{Name: "xmpp.inbox.unread-only", Type: dissect.Boolean, Path: "@unread-only", Doc: "only those with unread messages"},
				{Name: "xmpp.inbox.messages", Type: dissect.Boolean, Path: "@messages", Doc: "each with its last message"},
			}},
			{Name: "entry", Field: "xmpp.inbox.entry", Rank: dissect.Content, Info: "conversation[ with {@jid}][, {@unread} unread]", Doc: "a conversation", Fields: []dissect.FieldDef{
				{Name: "xmpp.inbox.entry.jid", Type: dissect.JID, Path: "@jid", Doc: "with whom, or in which room", Required: true},
				{Name: "xmpp.inbox.entry.unread", Type: dissect.Number, Path: "@unread", Doc: "how many unread messages", Required: true},
				{Name: "xmpp.inbox.entry.id", Type: dissect.Text, Path: "@id", Doc: "id of the last message in the archive"},
			}},
			{Name: "fin", Field: "xmpp.inbox.fin", Info: "end[, {@total} conversations][, {@unread} with unread messages]", Doc: "all conversations have been listed", Fields: []dissect.FieldDef{
				{Name: "xmpp.inbox.total", Type: dissect.Number, Path: "@total", Doc: "how many conversations"},
				{Name: "xmpp.inbox.unread", Type: dissect.Number, Path: "@unread", Doc: "how many of them with unread messages"},
				{Name: "xmpp.inbox.all-unread", Type: dissect.Number, Path: "@all-unread", Doc: "how many unread messages in all"},
			}},
		},
	})
}
