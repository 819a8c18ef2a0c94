package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0494", Title: "Client Access Management", Label: "clients",
		Doc:    "Lists the programs that can log in to an account, and shuts some of them out.",
		Spaces: []string{"urn:xmpp:cam:0"},
		Elements: []dissect.Element{
			{Name: "list", Field: "xmpp.cam.list", Info: "list", Doc: "asks for the list"},
			{Name: "clients", Field: "xmpp.cam.clients", Info: "list, {#client client clients}", Doc: "the list", Fields: []dissect.FieldDef{
				{Name: "xmpp.cam.client", Type: dissect.Presence, Path: "client", Doc: "a program", Fields: []dissect.FieldDef{
					{Name: "xmpp.cam.client.id", Type: dissect.Text, Path: "@id", Doc: "id of the program"},
					{Name: "xmpp.cam.client.connected", Type: dissect.Boolean, Path: "@connected", Doc: "it is logged in now"},
					{Name: "xmpp.cam.client.type", Type: dissect.Text, Path: "@type", Doc: "session or access"},
					{Name: "xmpp.cam.client.first-seen", Type: dissect.Time, Path: "first-seen", Doc: "when it first logged in"},
					{Name: "xmpp.cam.client.last-seen", Type: dissect.Time, Path: "last-seen", Doc: "when it was last there"},
					{Name: "xmpp.cam.client.auth", Type: dissect.Text, Path: "auth/*/:", Doc: "how it can log in"},
					{Name: "xmpp.cam.client.permission", Type: dissect.Text, Path: "permission/@status", Doc: "what it may do"},
					{Name: "xmpp.cam.client.software", Type: dissect.Text, Path: "user-agent/software", Doc: "its name"},
					{Name: "xmpp.cam.client.device", Type: dissect.Text, Path: "user-agent/device", Doc: "the device that it runs on"},
				}},
			}},
			{Name: "revoke", Field: "xmpp.cam.revoke", Info: "revoke[ {@id}]", Doc: "shuts a program out", Fields: []dissect.FieldDef{
				{Name: "xmpp.cam.revoke.id", Type: dissect.Text, Path: "@id", Doc: "id of the program"},
			}},
			{Name: "password-reset-required", Field: "xmpp.cam.password-reset-required", Info: "{:}", Doc: "only a new password keeps it out"},
		},
	})
}
