package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0145", Title: "Annotations", Label: "notes",
		Doc:    "Remarks on contacts, kept in private storage.",
		Spaces: []string{"storage:rosternotes"},
		Elements: []dissect.Element{
			{Name: "storage", Field: "xmpp.rosternotes", Info: "[, {#note note notes}]", Doc: "the remarks", Fields: []dissect.FieldDef{
				{Name: "xmpp.rosternotes.note", Type: dissect.Text, Path: "note", Doc: "a remark", Fields: []dissect.FieldDef{
					{Name: "xmpp.rosternotes.note.jid", Type: dissect.JID, Path: "@jid", Doc: "whom it is on"},
					{Name: "xmpp.rosternotes.note.created", Type: dissect.Time, Path: "@cdate", Doc: "when it was written"},
					{Name: "xmpp.rosternotes.note.modified", Type: dissect.Time, Path: "@mdate", Doc: "when it was last changed"},
				}},
			}},
		},
	})
}
