package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0333", Title: "Displayed Markers", Label: "marker",
		Doc:    "Tells how far the other one has come: what was received, displayed, or answered to.",
		Spaces: []string{"urn:xmpp:chat-markers:0"},
		Elements: []dissect.Element{
			{Name: "markable", Field: "xmpp.marker.markable", Rank: dissect.Mark, Doc: "the sender asks for markers"},
			{Name: "*", Field: "xmpp.marker", Info: "{:}[ {~@id}]", Rank: dissect.Signal, Doc: "all messages up to one have come so far", Fields: []dissect.FieldDef{
				{Name: "xmpp.marker.state", Type: dissect.Text, Path: ":", Doc: "received, displayed or acknowledged"},
				{Name: "xmpp.marker.id", Type: dissect.Text, Path: "@id", Doc: "id of the latest message that has come so far"},
			}},
		},
	})
}
