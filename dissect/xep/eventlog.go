package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0337", Title: "Event Logging over XMPP", Label: "event log",
		Doc:    "Sends what programs and things have to note down.",
		Spaces: []string{"urn:xmpp:eventlog"},
		Elements: []dissect.Element{
			{Name: "log", Field: "xmpp.eventlog", Info: "log[ {@type}][: {\"message}]", Rank: dissect.Content, Doc: "an entry", Fields: []dissect.FieldDef{
				{Name: "xmpp.eventlog.timestamp", Type: dissect.Time, Path: "@timestamp", Doc: "when it happened"},
				{Name: "xmpp.eventlog.type", Type: dissect.Text, Path: "@type", Doc: "Alert, Critical, Debug, Emergency, Error, Informational, Notice or Warning"},
				{Name: "xmpp.eventlog.level", Type: dissect.Text, Path: "@level", Doc: "Major, Medium or Minor"},
				{Name: "xmpp.eventlog.id", Type: dissect.Text, Path: "@id", Doc: "kind of the event"},
				{Name: "xmpp.eventlog.message", Type: dissect.Text, Path: "message", Doc: "what happened"},
			}},
		},
	})
}
