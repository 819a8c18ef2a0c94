package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0437", Title: "Room Activity Indicators", Label: "activity",
		Doc:    "A service tells that there is something new in a room, to those who do not want to be in it all the time.",
		Spaces: []string{"urn:xmpp:rai:0"},
		Elements: []dissect.Element{
			{Name: "rai", Field: "xmpp.rai", Rank: dissect.Content, Info: "[activity in {&activity}]", Verb: "asks for room activity", Doc: "tells in which rooms there is something new, or asks to be told so", Fields: []dissect.FieldDef{
				{Name: "xmpp.rai.activity", Type: dissect.JID, Path: "activity", Doc: "a room with something new"},
			}},
		},
	})
}
