package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0379", Title: "Pre-Authenticated Roster Subscription", Label: "preauth",
		Doc:    "A token that came with an invitation: who shows it with a subscription request, or when making an account (XEP-0445), need not be asked about.",
		Spaces: []string{"urn:xmpp:pars:0"},
		Elements: []dissect.Element{
			{Name: "preauth", Field: "xmpp.preauth", Aside: "[, with the token of an invitation{?@token}]", Doc: "the token of an invitation", Fields: []dissect.FieldDef{
				{Name: "xmpp.preauth.token", Type: dissect.Text, Path: "@token", Doc: "the token"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0445", Title: "Pre-Authenticated In-Band Registration", Label: "register",
		Doc:    "The server lets those make accounts who have been invited.",
		Spaces: []string{"urn:xmpp:ibr-token:0"},
		Elements: []dissect.Element{
			{Name: "register", Field: "xmpp.register.preauth", Offer: "register with an invitation", Doc: "accounts can be made with an invitation"},
		},
	})
}
