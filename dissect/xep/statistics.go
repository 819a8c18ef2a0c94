package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0039", Title: "Statistics Gathering", Label: "statistics",
		Doc:    "Asks a server for numbers: how long it is up, how many are online.",
		Spaces: []string{"http://jabber.org/protocol/stats"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.stats", Info: "[, {stat/@name} {stat/@value}][ {stat/@units}][, {#stat number numbers}]", Doc: "the numbers", Fields: []dissect.FieldDef{
				{Name: "xmpp.stats.name", Type: dissect.Text, Path: "stat/@name", Doc: "name of a number"},
				{Name: "xmpp.stats.value", Type: dissect.Text, Path: "stat/@value", Doc: "the number"},
				{Name: "xmpp.stats.units", Type: dissect.Text, Path: "stat/@units", Doc: "its unit"},
			}},
		},
	})
}
