package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0463", Title: "MUC Affiliations Versioning",
		Doc:    "Sends on entering a room only those of its members that have changed since the last time.",
		Spaces: []string{"urn:xmpp:muc:affiliations:1", "urn:xmpp:muc:affiliations:0"},
		Elements: []dissect.Element{
			{Name: "mav", Field: "xmpp.muc.affiliations.version", Doc: "which changes are wanted, or came", Fields: []dissect.FieldDef{
				{Name: "xmpp.muc.affiliations.since", Type: dissect.Text, Path: "@since", Doc: "version that the client has"},
				{Name: "xmpp.muc.affiliations.until", Type: dissect.Text, Path: "@until", Doc: "version that it has now"},
			}},
		},
	})
}
