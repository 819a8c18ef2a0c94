package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0340", Title: "COLIBRI", Label: "colibri",
		Doc:    "How the one who arranges a conference has a bridge mix or pass on its sound and pictures.",
		Spaces: []string{"http://jitsi.org/protocol/colibri"},
		Elements: []dissect.Element{
			{Name: "conference", Field: "xmpp.colibri", Info: "[ {@id}][, {&content/@name}]", Doc: "the conference at the bridge", Fields: []dissect.FieldDef{
				{Name: "xmpp.colibri.id", Type: dissect.Text, Path: "@id", Doc: "id of the conference"},
				{Name: "xmpp.colibri.content", Type: dissect.Text, Path: "content/@name", Doc: "name of a content", Fields: []dissect.FieldDef{
					{Name: "xmpp.colibri.channel", Type: dissect.Text, Path: "channel/@id", Doc: "id of a channel"},
					{Name: "xmpp.colibri.endpoint", Type: dissect.Text, Path: "channel/@endpoint", Doc: "who uses it"},
				}},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Jitsi", Title: "COLIBRI 2", Label: "colibri2",
		Doc:    "The same, made anew.",
		Spaces: []string{"jitsi:colibri2"},
		Elements: []dissect.Element{
			{Name: "conference-modify", Field: "xmpp.colibri2.modify", Info: "modify[ {@meeting-id}][, {#endpoint endpoint endpoints}]", Doc: "what is to change", Fields: []dissect.FieldDef{
				{Name: "xmpp.colibri2.meeting", Type: dissect.Text, Path: "@meeting-id", Doc: "id of the conference"},
				{Name: "xmpp.colibri2.name", Type: dissect.JID, Path: "@name", Doc: "the room"},
				{Name: "xmpp.colibri2.endpoint", Type: dissect.Text, Path: "endpoint/@id", Doc: "who takes part"},
			}},
			{Name: "conference-modified", Field: "xmpp.colibri2.modified", Info: "modified[, {#endpoint endpoint endpoints}]", Doc: "what has changed", Fields: []dissect.FieldDef{
				{Name: "xmpp.colibri2.endpoint", Type: dissect.Text, Path: "endpoint/@id", Doc: "who takes part"},
			}},
		},
	})
}
