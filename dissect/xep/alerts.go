package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0127", Title: "Common Alerting Protocol (CAP) Over XMPP", Label: "alert",
		Doc:    "Warnings of the authorities: storms, floods, earthquakes.",
		Spaces: []string{"http://www.incident.com/cap/1.0"},
		Elements: []dissect.Element{
			{Name: "alert", Field: "xmpp.cap.alert", Info: "alert[ {\"info/headline}][, {info/event}][, {info/severity}]", Rank: dissect.Content, Doc: "a warning", Fields: []dissect.FieldDef{
				{Name: "xmpp.cap.identifier", Type: dissect.Text, Path: "identifier", Doc: "id of the warning"},
				{Name: "xmpp.cap.sender", Type: dissect.Text, Path: "sender", Doc: "who warns"},
				{Name: "xmpp.cap.sent", Type: dissect.Time, Path: "sent", Doc: "when the warning was given"},
				{Name: "xmpp.cap.status", Type: dissect.Text, Path: "status", Doc: "whether it is meant"},
				{Name: "xmpp.cap.event", Type: dissect.Text, Path: "info/event", Doc: "what happens"},
				{Name: "xmpp.cap.urgency", Type: dissect.Text, Path: "info/urgency", Doc: "how soon to act"},
				{Name: "xmpp.cap.severity", Type: dissect.Text, Path: "info/severity", Doc: "how bad it is"},
				{Name: "xmpp.cap.certainty", Type: dissect.Text, Path: "info/certainty", Doc: "how sure it is"},
				{Name: "xmpp.cap.headline", Type: dissect.Text, Path: "info/headline", Doc: "the warning in a line"},
			}},
		},
	})
}
