package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0012", Title: "Last Activity", Label: "last activity",
		Doc:    "Asks for how long somebody has been away or idle, or how long a server has been running.",
		Spaces: []string{"jabber:iq:last"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.last", Info: "[, {@seconds} seconds][, \"{.}\"]", Doc: "for how long nothing happened", Fields: []dissect.FieldDef{
				{Name: "xmpp.last.seconds", Type: dissect.Number, Path: "@seconds", Doc: "seconds since somebody was there, did something, or the server was started"},
				{Name: "xmpp.last.status", Type: dissect.Text, Path: ".", Doc: "the last status, in words"},
			}},
		},
	})
}
