package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0319", Title: "Last User Interaction in Presence", Label: "idle",
		Doc:    "Since when nobody has touched the device.",
		Spaces: []string{"urn:xmpp:idle:1"},
		Elements: []dissect.Element{
			{Name: "idle", Field: "xmpp.idle", Rank: dissect.Mark, Aside: "[, idle since {@since}]", Doc: "nobody has touched the device for some time", Fields: []dissect.FieldDef{
				{Name: "xmpp.idle.since", Type: dissect.Time, Path: "@since", Doc: "since when", Required: true},
			}},
		},
	})
}
