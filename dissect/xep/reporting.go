package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0377", Title: "Blocking Command Reports", Label: "report",
		Doc:    "Tells the server, along with a block, that somebody has sent spam or abuse.",
		Spaces: []string{"urn:xmpp:reporting:1", "urn:xmpp:reporting:0"},
		Elements: []dissect.Element{
			{Name: "report", Field: "xmpp.report", Info: "[{@reason}][{spam/:}][{abuse/:}][: {\"text}]", Doc: "why somebody is reported", Fields: []dissect.FieldDef{
				{Name: "xmpp.report.reason", Type: dissect.Text, Path: "@reason", Doc: "spam or abuse, as a name of its own", OneOf: "urn:xmpp:reporting:spam urn:xmpp:reporting:abuse"},
				{Name: "xmpp.report.spam", Type: dissect.Presence, Path: "spam", Doc: "it is spam"},
				{Name: "xmpp.report.abuse", Type: dissect.Presence, Path: "abuse", Doc: "it is abuse"},
				{Name: "xmpp.report.text", Type: dissect.Text, Path: "text", Doc: "the reason in words"},
			}},
		},
	})
}
