package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0283", Title: "Moved", Label: "moved",
		Doc:    "Somebody has a new address, and asks old contacts to let the new one in; the old account says so as well.",
		Spaces: []string{"urn:xmpp:moved:1"},
		Elements: []dissect.Element{
			{Name: "moved", Field: "xmpp.moved", Info: "[to {new-jid}][from {old-jid}]", Aside: "[, moved to {new-jid}][, moved from {old-jid}]", Doc: "somebody has a new address", Fields: []dissect.FieldDef{
				{Name: "xmpp.moved.old", Type: dissect.JID, Path: "old-jid", Doc: "the old address"},
				{Name: "xmpp.moved.new", Type: dissect.JID, Path: "new-jid", Doc: "the new address"},
			}},
		},
	})
}
