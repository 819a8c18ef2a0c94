package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0492", Title: "Chat Notification Settings", Label: "notification settings",
		Doc:    "When a conversation may ring: always, when one is mentioned, or never; kept with the bookmark of the room.",
		Spaces: []string{"urn:xmpp:notification-settings:1", "urn:xmpp:notification-settings:0"},
		Elements: []dissect.Element{
			{Name: "notify", Field: "xmpp.notify", Info: "[ {*/:}]", Doc: "when it may ring", Fields: []dissect.FieldDef{
				{Name: "xmpp.notify.when", Type: dissect.Text, Path: "*/:", Doc: "always, on-mention or never", Fields: []dissect.FieldDef{
					{Name: "xmpp.notify.identity", Type: dissect.Text, Path: "@identity-category", Doc: "kind of client that it is for"},
				}},
			}},
		},
	})
}
