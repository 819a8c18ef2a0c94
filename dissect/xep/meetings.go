package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0483", Title: "HTTP Online Meetings", Label: "meeting",
		Doc:    "Gets the address of a meeting in the browser, to invite others to.",
		Spaces: []string{"urn:xmpp:http:online-meetings:0"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.meetings", Info: "services[, type {@type}][, {#service service services}]", Doc: "the services", Fields: []dissect.FieldDef{
				{Name: "xmpp.meetings.type", Type: dissect.Text, Path: "@type", Doc: "kind of meeting"},
			}},
			{Name: "meeting", Field: "xmpp.meeting", Info: "[, {@type}][, {url}][, {\"desc}]", Rank: dissect.Content, Doc: "a meeting", Fields: []dissect.FieldDef{
				{Name: "xmpp.meeting.type", Type: dissect.Text, Path: "@type", Doc: "kind of meeting"},
				{Name: "xmpp.meeting.url", Type: dissect.Text, Path: "url", Doc: "where it is"},
				{Name: "xmpp.meeting.desc", Type: dissect.Text, Path: "desc", Doc: "what it is about"},
			}},
		},
	})
}
