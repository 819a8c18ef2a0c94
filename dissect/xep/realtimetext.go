package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0301", Title: "In-Band Real Time Text", Label: "typing",
		Doc:    "Sends what is typed while it is typed, letter by letter and with its corrections.",
		Spaces: []string{"urn:xmpp:rtt:0"},
		Elements: []dissect.Element{
			{
				Name: "rtt", Field: "xmpp.rtt", Rank: dissect.State, Doc: "edits of the text that is being typed",
				Info: "typing{>}[: {\"t}][, {@event}][, {#e erasure erasures}][, number {@seq}]",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.rtt.seq", Type: dissect.Number, Path: "@seq", Doc: "number of the edit", Required: true},
					{Name: "xmpp.rtt.event", Type: dissect.Text, Path: "@event", Doc: "new, reset, edit, init or cancel", OneOf: "new reset edit init cancel"},
					{Name: "xmpp.rtt.id", Type: dissect.Text, Path: "@id", Doc: "id of the message that is being corrected"},
					{Name: "xmpp.rtt.insert", Type: dissect.Text, Path: "t", Doc: "text that is put in", Fields: []dissect.FieldDef{
						{Name: "xmpp.rtt.insert.position", Type: dissect.Number, Path: "@p", Doc: "where; at the end if it is not said"},
					}},
					{Name: "xmpp.rtt.erase", Type: dissect.Presence, Path: "e", Doc: "characters are erased", Fields: []dissect.FieldDef{
						{Name: "xmpp.rtt.erase.position", Type: dissect.Number, Path: "@p", Doc: "before which character; at the end if it is not said"},
						{Name: "xmpp.rtt.erase.count", Type: dissect.Number, Path: "@n", Doc: "how many; one if it is not said"},
					}},
					{Name: "xmpp.rtt.wait", Type: dissect.Number, Path: "w/@n", Doc: "a pause in milliseconds"},
				},
			},
		},
	})
}
