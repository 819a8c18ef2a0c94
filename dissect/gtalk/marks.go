package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Timestamp", Label: "google-time",
		Doc:    "When the server received a message, to the millisecond.",
		Spaces: []string{"google:timestamp"},
		Elements: []dissect.Element{
			{Name: "time", Field: "xmpp.gtalk.time", Rank: dissect.Mark, Doc: "when the message was received", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.time.ms", Type: dissect.Time, Path: "@ms", Decode: milliseconds, Doc: "the time"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Avatar", Label: "google-avatar",
		Doc:    "Tells in a vCard which picture is the newest, so that it need not be fetched again.",
		Spaces: []string{"google:avatar"},
		Elements: []dissect.Element{
			{Name: "hash", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.avatar.hash", Type: dissect.Text, Path: ".", Doc: "SHA-1 of the picture"},
			}},
			{Name: "modified", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.avatar.modified", Type: dissect.Text, Path: ".", Doc: "when it was changed"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Invitation", Label: "google-invite",
		Doc:    "Words that go with a request to become a contact; those without an account get them by mail.",
		Spaces: []string{"google:subscribe"},
		Elements: []dissect.Element{
			{Name: "invitation", Field: "xmpp.gtalk.invitation", Info: "invitation[ by {name}][: {\"subject}]", Aside: "[, invited by {name}][: {\"subject}]", Doc: "the words", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.invitation.name", Type: dissect.Text, Path: "name", Doc: "name of the one who invites"},
				{Name: "xmpp.gtalk.invitation.subject", Type: dissect.Text, Path: "subject", Doc: "subject"},
				{Name: "xmpp.gtalk.invitation.body", Type: dissect.Text, Path: "body", Doc: "what was written"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Message Metadata", Label: "google-meta",
		Doc:    "What the chat in Gmail's web page puts under its messages, for Google alone.",
		Spaces: []string{"google:metadata"},
		Elements: []dissect.Element{
			{Name: "google-mail-signature", Rank: dissect.Mark, Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.mail-signature", Type: dissect.Text, Path: ".", Doc: "shows Google that the message came from Gmail"},
			}},
		},
	})
}
