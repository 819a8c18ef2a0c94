package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0298", Title: "Delivering Conference Information to Jingle Participants (Coin)", Label: "conference",
		Doc:    "Marks a call as a conference that the sender mixes, and tells who takes part (RFC 4575).",
		Spaces: []string{"urn:xmpp:coin:1", "urn:ietf:params:xml:ns:conference-info"},
		Elements: []dissect.Element{
			{Name: "conference-info", Field: "xmpp.conf-info", Doc: "about a conference", Info: "[a mixed call{?@isfocus}][{@state} state of ][{@entity}][, {#users/user participant participants}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.conf-info.isfocus", Type: dissect.Boolean, Path: "@isfocus", Doc: "the sender holds the conference together"},
				{Name: "xmpp.conf-info.sid", Type: dissect.Text, Path: "@sid", Doc: "id of the session"},
				{Name: "xmpp.conf-info.entity", Type: dissect.Text, Path: "@entity", Doc: "address of the conference"},
				{Name: "xmpp.conf-info.state", Type: dissect.Text, Path: "@state", Doc: "full, partial or deleted"},
				{Name: "xmpp.conf-info.version", Type: dissect.Number, Path: "@version", Doc: "counts the changes"},
				{Name: "xmpp.conf-info.user", Type: dissect.Text, Path: "users/user/@entity", Doc: "address of one who takes part"},
			}},
		},
	})
}
