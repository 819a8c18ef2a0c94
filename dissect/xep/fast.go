package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0484", Title: "Fast Authentication Streamlining Tokens", Label: "FAST",
		Doc:    "Logs in without the password: with a token that the server gave out at an earlier login.",
		Spaces: []string{"urn:xmpp:fast:0"},
		Elements: []dissect.Element{
			{Name: "fast", Field: "xmpp.fast", Doc: "logs in with a token, or offers that", Fields: []dissect.FieldDef{
				{Name: "xmpp.fast.mechanism", Type: dissect.Text, Path: "mechanism", Doc: "a mechanism that tokens can be used with"},
				{Name: "xmpp.fast.count", Type: dissect.Number, Path: "@count", Doc: "how often the token has been used, against replays"},
				{Name: "xmpp.fast.invalidate", Type: dissect.Boolean, Path: "@invalidate", Doc: "the token is not to be valid any more"},
				{Name: "xmpp.fast.tls-0rtt", Type: dissect.Boolean, Path: "@tls-0rtt", Doc: "the login may be sent as early data"},
			}},
			{Name: "request-token", Field: "xmpp.fast.request", Doc: "asks for a token", Fields: []dissect.FieldDef{
				{Name: "xmpp.fast.mechanism", Type: dissect.Text, Path: "@mechanism", Doc: "a mechanism that tokens can be used with"},
			}},
			{Name: "token", Field: "xmpp.fast.token", Doc: "a token", Fields: []dissect.FieldDef{
				{Name: "xmpp.fast.token.token", Type: dissect.Text, Path: "@token", Doc: "the token"},
				{Name: "xmpp.fast.token.expiry", Type: dissect.Time, Path: "@expiry", Doc: "until when it is valid"},
			}},
		},
	})
}
