package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0235", Title: "OAuth Over XMPP", Label: "OAuth",
		Doc:    "Shows with a request that somebody else has allowed it, by a token of OAuth 1.",
		Spaces: []string{"urn:xmpp:oauth:0"},
		Elements: []dissect.Element{
			{Name: "oauth", Field: "xmpp.oauth", Aside: "[, with OAuth of {oauth_consumer_key}]", Doc: "the token", Fields: []dissect.FieldDef{
				{Name: "xmpp.oauth.consumer", Type: dissect.Text, Path: "oauth_consumer_key", Doc: "who shows the token"},
				{Name: "xmpp.oauth.token", Type: dissect.Text, Path: "oauth_token", Doc: "the token"},
				{Name: "xmpp.oauth.method", Type: dissect.Text, Path: "oauth_signature_method", Doc: "how the request is signed"},
				{Name: "xmpp.oauth.signature", Type: dissect.Text, Path: "oauth_signature", Doc: "the signature"},
				{Name: "xmpp.oauth.nonce", Type: dissect.Text, Path: "oauth_nonce", Doc: "what makes the request unlike others"},
				{Name: "xmpp.oauth.timestamp", Type: dissect.Number, Path: "oauth_timestamp", Doc: "when it was made, in seconds since 1970"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0235", Title: "OAuth Over XMPP: Errors", Label: "OAuth",
		Doc:    "Why a token was refused.",
		Spaces: []string{"urn:xmpp:oauth:0:errors"},
		Elements: []dissect.Element{
			{Name: "*", Field: "xmpp.oauth.error", Info: "{:}", Doc: "why the token was refused"},
		},
	})
}
