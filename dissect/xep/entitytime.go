package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0202", Title: "Entity Time", Label: "time",
		Doc:    "Asks what time it is where the other end is.",
		Spaces: []string{"urn:xmpp:time"},
		Elements: []dissect.Element{
			{Name: "time", Field: "xmpp.time", Info: "[, {utc}][, zone {tzo}]", Doc: "the time and the time zone", Fields: []dissect.FieldDef{
				{Name: "xmpp.time.utc", Type: dissect.Time, Path: "utc", Doc: "the time there, as UTC"},
				{Name: "xmpp.time.tzo", Type: dissect.Text, Path: "tzo", Doc: "how far the time zone is from UTC"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0090", Title: "Legacy Entity Time", Label: "legacy time",
		Doc:    "The same before there was a good format for times.",
		Spaces: []string{"jabber:iq:time"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.time.legacy", Info: "[, {display}][, {utc}]", Doc: "the time and the time zone", Fields: []dissect.FieldDef{
				{Name: "xmpp.time.legacy.utc", Type: dissect.Time, Path: "utc", Doc: "the time there, as UTC"},
				{Name: "xmpp.time.legacy.zone", Type: dissect.Text, Path: "tz", Doc: "name of the time zone"},
				{Name: "xmpp.time.legacy.display", Type: dissect.Text, Path: "display", Doc: "the time in words"},
			}},
		},
	})
}
