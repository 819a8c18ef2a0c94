package gtalk

import (
	"talktrace/dissect"
)

func init() {
	const nsAuth = "http://www.google.com/talk/protocol/auth"
	const a = "xmpp.gtalk.auth"
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Login", Label: "google-auth",
		Doc:    "What a client adds to a login at Google. The mechanisms X-GOOGLE-TOKEN and X-OAUTH2 carry a token that was got over HTTPS instead of the password; the account may end up in another domain than was asked for.",
		Spaces: []string{nsAuth, "google:auth"},
		Attributes: []dissect.FieldDef{
			{Name: a + ".client-uses-full-bind-result", Type: dissect.Boolean, Path: "@client-uses-full-bind-result", Doc: "the client takes the whole address that binding gives it, even with another domain"},
			{Name: a + ".service", Type: dissect.Text, Path: "@service", Doc: "what the token is for: oauth2, chromiumsync …"},
			{Name: a + ".allow-non-google-login", Type: dissect.Boolean, Path: "@allow-non-google-login", Doc: "the account may have an address that is not Google's"},
			{Name: a + ".allow-generated-jid", Type: dissect.Boolean, Path: "@allow-generated-jid", Doc: "the server may make up an address"},
		},
		Additions: []dissect.Addition{{
			Space: "urn:ietf:params:xml:ns:xmpp-sasl", Name: "auth",
			Info: "[, for {@" + nsAuth + "|service}]",
		}},
	})
}
