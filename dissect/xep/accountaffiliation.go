package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0489", Title: "Reporting Account Affiliations", Label: "account",
		Doc:    "A server tells others how well it knows an account, so that they can judge what to let it do.",
		Spaces: []string{"urn:xmpp:raa:0"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.raa.query", Doc: "asks about an account"},
			{Name: "info", Field: "xmpp.raa", Info: "[ {@affiliation}][, since {@since}][, trust {@trust}]", Aside: "[, the account is {@affiliation}]", Doc: "what the server says of the account", Fields: []dissect.FieldDef{
				{Name: "xmpp.raa.affiliation", Type: dissect.Text, Path: "@affiliation", Doc: "what the account is to the server: admin, anonymous, member or registered"},
				{Name: "xmpp.raa.since", Type: dissect.Time, Path: "@since", Doc: "when it was made"},
				{Name: "xmpp.raa.trust", Type: dissect.Number, Path: "@trust", Doc: "how far it is trusted, to 100"},
			}},
		},
	})
}
