package xep

import (
	"talktrace/dissect"
)

func init() {
	fault := func(name, doc string) dissect.Element {
		return dissect.Element{Name: name, Field: "xmpp.command." + name, Info: name, Doc: doc}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0050", Title: "Ad-Hoc Commands", Label: "command",
		Doc:    "Has something done at the other end, in one step or in several, with a form for each: a bot's offers, or the administration of a server.",
		Spaces: []string{"http://jabber.org/protocol/commands"},
		Elements: []dissect.Element{
			{
				Name: "command", Field: "xmpp.command", Info: "[{@action} ]{@node}[, {@status}][: {\"note}][, session {~@sessionid}]", Doc: "a step of a command",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.command.node", Type: dissect.Text, Path: "@node", Doc: "which command", Required: true},
					{Name: "xmpp.command.action", Type: dissect.Text, Path: "@action", Doc: "cancel, complete, execute, next or prev", OneOf: "cancel complete execute next prev"},
					{Name: "xmpp.command.sessionid", Type: dissect.Text, Path: "@sessionid", Doc: "id that the steps of the command have in common"},
					{Name: "xmpp.command.status", Type: dissect.Text, Path: "@status", Doc: "canceled, completed or executing", OneOf: "canceled completed executing"},
					{Name: "xmpp.command.note", Type: dissect.Text, Path: "note", Doc: "what the user is to be told"},
					{Name: "xmpp.command.note.type", Type: dissect.Text, Path: "note/@type", Doc: "info, warn or error"},
					{Name: "xmpp.command.next", Type: dissect.Text, Path: "actions/*/:", Doc: "a step that can come next"},
				},
			},
			fault("bad-action", "the step cannot be taken now"),
			fault("bad-locale", "the language is not known"),
			fault("bad-payload", "the form is not filled in as it should be"),
			fault("bad-sessionid", "there is no such session"),
			fault("malformed-action", "there is no such step"),
			fault("session-expired", "the session has ended for lack of answers"),
		},
	})
}
