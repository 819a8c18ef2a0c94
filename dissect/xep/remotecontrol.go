package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Jitsi", Title: "Remote Control", Label: "remote-control",
		Doc:    "Moves the mouse and presses the keys of a computer whose screen is shared.",
		Spaces: []string{"http://jitsi.org/protocol/inputevt"},
		Elements: []dissect.Element{
			// What is typed may be a password, so the line does not repeat it.
			{Name: "inputevt", Field: "xmpp.inputevt", Info: "{@action}[ {remote-control/*/:}]", Doc: "allows remote control, ends it, or uses it", Fields: []dissect.FieldDef{
				{Name: "xmpp.inputevt.action", Type: dissect.Text, Path: "@action", Doc: "start, stop or notify"},
				{Name: "xmpp.inputevt.remote-control", Type: dissect.Presence, Path: "remote-control", Doc: "something that the mouse or the keyboard does", Fields: []dissect.FieldDef{
					{Name: "xmpp.inputevt.remote-control.event", Type: dissect.Text, Path: "*/:", Doc: "what it does: mouse-move, key-press …"},
				}},
			}},
		},
	})
}
