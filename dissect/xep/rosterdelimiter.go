package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0083", Title: "Nested Roster Groups", Label: "group delimiter",
		Doc:    "The character that parts the names of groups within groups, kept in private storage.",
		Spaces: []string{"roster:delimiter"},
		Elements: []dissect.Element{
			{Name: "roster", Field: "xmpp.roster.delimiter", Info: "[{\"}]", Doc: "what stands between the names", Fields: []dissect.FieldDef{
				{Name: "xmpp.roster.delimiter.text", Type: dissect.Text, Path: ".", Doc: "the delimiter"},
			}},
		},
	})
}
