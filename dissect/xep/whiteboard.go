package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0113", Title: "Simple Whiteboarding", Label: "whiteboard",
		Doc:    "Draws together on a board, line by line.",
		Spaces: []string{"http://jabber.org/protocol/swb"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.whiteboard", Rank: dissect.Content, Info: "whiteboard[, {#path line lines}][, {#move move moves}][, {#delete deletion deletions}]", Doc: "what is drawn", Fields: []dissect.FieldDef{
				{Name: "xmpp.whiteboard.path", Type: dissect.Text, Path: "path/@d", Doc: "a line, as SVG writes it"},
				{Name: "xmpp.whiteboard.move", Type: dissect.Text, Path: "move/@id", Doc: "id of a line that is moved"},
				{Name: "xmpp.whiteboard.delete", Type: dissect.Text, Path: "delete/@id", Doc: "id of a line that is wiped out"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0284", Title: "Shared XML Editing", Label: "sxe",
		Doc:    "Several edit an XML document together, such as a drawing; each tells the others every node that is added, changed or removed.",
		Spaces: []string{"urn:xmpp:sxe:0"},
		Elements: []dissect.Element{
			{Name: "sxe", Field: "xmpp.sxe", Rank: dissect.Content, Info: "shared editing[ {&*/:}][, session {~@session}]", Doc: "a step of editing together", Fields: []dissect.FieldDef{
				{Name: "xmpp.sxe.session", Type: dissect.Text, Path: "@session", Doc: "id of the session"},
				{Name: "xmpp.sxe.id", Type: dissect.Text, Path: "@id", Doc: "id of the step"},
				{Name: "xmpp.sxe.step", Type: dissect.Text, Path: "*/:", Doc: "what is done: new, set, remove, connect …"},
			}},
		},
	})
}
