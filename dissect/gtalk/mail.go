package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Gmail Notifications", Label: "gmail",
		Doc:    "Tells a Talk client of new mail in the account's Gmail inbox, and lists what is unread.",
		Spaces: []string{"google:mail:notify"},
		Elements: []dissect.Element{
			{Name: "new-mail", Field: "xmpp.gtalk.new-mail", Info: "new mail", Doc: "there is new mail"},
			{Name: "mailbox", Field: "xmpp.gtalk.mailbox", Info: "[, matched {@total-matched}]", Doc: "the threads with unread mail", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.mailbox.total-matched", Type: dissect.Number, Path: "@total-matched", Doc: "how many threads match"},
			}},
		},
	})
}
