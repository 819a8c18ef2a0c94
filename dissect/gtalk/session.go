package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Sessions", Label: "session",
		Doc:    "How Google Talk arranged calls before there was Jingle, which was made from it.",
		Spaces: []string{"http://www.google.com/session"},
		Elements: []dissect.Element{
			{Name: "session", Field: "xmpp.gtalk.session", Info: "{@type}[ {~@id}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.session.type", Type: dissect.Text, Path: "@type", Doc: "what is to happen to the session"},
				{Name: "xmpp.gtalk.session.id", Type: dissect.Text, Path: "@id", Doc: "id of the session"},
				{Name: "xmpp.gtalk.session.initiator", Type: dissect.JID, Path: "@initiator", Doc: "who began it"},
			}},
		},
	})
}
