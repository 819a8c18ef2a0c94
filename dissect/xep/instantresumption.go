package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0397", Title: "Instant Stream Resumption", Label: "ISR",
		Doc:    "Takes up a session again in one step with the login, by a token that came with stream management.",
		Spaces: []string{"https://xmpp.org/extensions/isr/0"},
		Elements: []dissect.Element{
			{Name: "isr", Field: "xmpp.isr", Doc: "the server can do so", Fields: []dissect.FieldDef{
				{Name: "xmpp.isr.mechanism", Type: dissect.Text, Path: "~mechanisms/~mechanism", Doc: "a mechanism that the token can be used with"},
			}},
			{Name: "isr-enable", Field: "xmpp.isr.enable", Doc: "asks for a token", Fields: []dissect.FieldDef{
				{Name: "xmpp.isr.mechanism", Type: dissect.Text, Path: "@mechanism", Doc: "a mechanism that the token can be used with"},
			}},
			{Name: "isr-enabled", Field: "xmpp.isr.enabled", Doc: "a token", Fields: []dissect.FieldDef{
				{Name: "xmpp.isr.token", Type: dissect.Text, Path: "@token", Doc: "the token"},
				{Name: "xmpp.isr.location", Type: dissect.Text, Path: "@location", Doc: "where the session had best be taken up again"},
			}},
			{Name: "inst-resume", Field: "xmpp.isr.resume", Doc: "takes the session up again", Fields: []dissect.FieldDef{
				{Name: "xmpp.isr.with-token", Type: dissect.Boolean, Path: "@with-isr-token", Doc: "the login is made with the token"},
			}},
			{Name: "inst-resumed", Field: "xmpp.isr.resumed", Doc: "the session goes on", Fields: []dissect.FieldDef{
				{Name: "xmpp.isr.token", Type: dissect.Text, Path: "@token", Doc: "the token"},
			}},
			{Name: "inst-resume-failed", Field: "xmpp.isr.failed", Doc: "the session is gone"},
		},
	})
}
