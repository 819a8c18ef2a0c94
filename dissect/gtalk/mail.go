package gtalk

import (
	"talktrace/dissect"
)

func init() {
	const m = "xmpp.gtalk.mailbox"
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Gmail Notifications", Label: "gmail",
		Doc:    "Tells a Talk client of new mail in the account's Gmail inbox, and lists what is unread. The first question also asks to be told of new mail from then on.",
		Spaces: []string{"google:mail:notify"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.gtalk.mail", Info: "[, only what is new{?@newer-than-time}][, search {\"@q}]", Doc: "asks for unread mail", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.mail.newer-than-time", Type: dissect.Time, Path: "@newer-than-time", Decode: milliseconds, Doc: "only mail that came after this time"},
				{Name: "xmpp.gtalk.mail.newer-than-tid", Type: dissect.Text, Path: "@newer-than-tid", Doc: "only threads after this one"},
				{Name: "xmpp.gtalk.mail.q", Type: dissect.Text, Path: "@q", Doc: "what to look for, in the words of a search in Gmail"},
			}},
			{Name: "new-mail", Field: "xmpp.gtalk.new-mail", Info: "new mail", Doc: "there is new mail"},
			{Name: "mailbox", Field: m, Info: "[, {@total-matched} matched][, {#mail-thread-info thread threads}][, newest {\"mail-thread-info/subject}]", Doc: "the threads with unread mail", Fields: []dissect.FieldDef{
				{Name: m + ".result-time", Type: dissect.Time, Path: "@result-time", Decode: milliseconds, Doc: "time of the answer, which the next question repeats"},
				{Name: m + ".total-matched", Type: dissect.Number, Path: "@total-matched", Doc: "how many threads match"},
				{Name: m + ".total-estimate", Type: dissect.Boolean, Path: "@total-estimate", Doc: "that number is an estimate"},
				{Name: m + ".url", Type: dissect.Text, Path: "@url", Doc: "link to the inbox"},
				{Name: m + ".thread", Type: dissect.Presence, Path: "mail-thread-info", Doc: "a conversation by mail", Fields: []dissect.FieldDef{
					{Name: m + ".thread.tid", Type: dissect.Text, Path: "@tid", Doc: "id of the thread, a number of 64 bits"},
					{Name: m + ".thread.participation", Type: dissect.Number, Path: "@participation", Doc: "0: not addressed to the user, 1: to the user among others, 2: to the user alone"},
					{Name: m + ".thread.messages", Type: dissect.Number, Path: "@messages", Doc: "how many messages are in it"},
					{Name: m + ".thread.date", Type: dissect.Time, Path: "@date", Decode: milliseconds, Doc: "when the newest message came"},
					{Name: m + ".thread.url", Type: dissect.Text, Path: "@url", Doc: "link to the thread"},
					{Name: m + ".thread.sender", Type: dissect.Presence, Path: "senders/sender", Doc: "one who wrote in it", Fields: []dissect.FieldDef{
						{Name: m + ".thread.sender.address", Type: dissect.Text, Path: "@address", Doc: "mail address"},
						{Name: m + ".thread.sender.name", Type: dissect.Text, Path: "@name", Doc: "name"},
						{Name: m + ".thread.sender.originator", Type: dissect.Boolean, Path: "@originator", Doc: "began the thread"},
						{Name: m + ".thread.sender.unread", Type: dissect.Boolean, Path: "@unread", Doc: "wrote something that has not been read"},
					}},
					{Name: m + ".thread.labels", Type: dissect.Text, Path: "labels", Doc: "labels, with | between them; those of Gmail itself begin with ^"},
					{Name: m + ".thread.subject", Type: dissect.Text, Path: "subject", Doc: "subject"},
					{Name: "xmpp.gtalk.mail_snippet", Type: dissect.Text, Path: "snippet", Doc: "the first words of the newest message"},
				}},
			}},
		},
	})
}
