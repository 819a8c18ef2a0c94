package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0166", Title: "Jingle", Label: "jingle",
		Doc:    "Arranges a session between two clients, for calls or files: what is to be sent, and over which path.",
		Spaces: []string{"urn:xmpp:jingle:1"},
		Elements: []dissect.Element{
			{Name: "jingle", Field: "xmpp.jingle", Info: "{@action}[ {~@sid}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.action", Type: dissect.Text, Path: "@action", Doc: "what is to happen to the session"},
				{Name: "xmpp.jingle.sid", Type: dissect.Text, Path: "@sid", Doc: "id of the session"},
			}},
		},
	})
}
