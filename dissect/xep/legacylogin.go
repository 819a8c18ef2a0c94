package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0078", Title: "Non-SASL Authentication", Label: "legacy login",
		Doc:    "How one logged in before there was SASL: with the password in the clear, or with a digest of it and of the stream's id.",
		Spaces: []string{"jabber:iq:auth"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.legacyauth", Info: "[, {username}][/{resource}][, digest{?digest}][, password{?password}]", Doc: "a login, or what is needed for one", Fields: []dissect.FieldDef{
				{Name: "xmpp.legacyauth.username", Type: dissect.Text, Path: "username", Doc: "name of the account"},
				{Name: "xmpp.legacyauth.resource", Type: dissect.Text, Path: "resource", Doc: "resource that the client wants"},
				{Name: "xmpp.legacyauth.password", Type: dissect.Text, Path: "password", Doc: "the password"},
				{Name: "xmpp.legacyauth.digest", Type: dissect.Text, Path: "digest", Doc: "SHA-1 of the stream's id and the password"},
				{Name: "xmpp.legacyauth.sequence", Type: dissect.Number, Path: "sequence", Doc: "how often the password has been hashed, in an even older form"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0078", Title: "Non-SASL Authentication: Offer", Label: "legacy login",
		Doc:    "The server lets clients log in the old way.",
		Spaces: []string{"http://jabber.org/features/iq-auth"},
		Elements: []dissect.Element{
			{Name: "auth", Field: "xmpp.legacyauth.feature", Doc: "the old way of logging in is on offer"},
		},
	})
}
