package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0421", Title: "Occupant Identifiers for Semi-Anonymous MUCs", Label: "occupant-id",
		Doc:    "A room gives each occupant an id that stays the same across nicknames and visits, without telling who it is.",
		Spaces: []string{"urn:xmpp:occupant-id:0"},
		Elements: []dissect.Element{
			{Name: "occupant-id", Field: "xmpp.occupant-id", Rank: dissect.Mark, Doc: "who has sent it, as the room knows it", Fields: []dissect.FieldDef{
				{Name: "xmpp.occupant-id.id", Type: dissect.Text, Path: "@id", Doc: "id of the occupant in this room", Required: true},
			}},
		},
	})
}
