package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0070", Title: "Verifying HTTP Requests via XMPP", Label: "http-auth",
		Doc:    "A web server asks over XMPP whether a request that came over HTTP is really the user's.",
		Spaces: []string{"http://jabber.org/protocol/http-auth"},
		Elements: []dissect.Element{
			{Name: "confirm", Field: "xmpp.http-auth", Info: "confirm[ {@method}][ {@url}]", Rank: dissect.Content, Aside: "[, confirm {@method} {@url}]", Doc: "is this request yours?", Fields: []dissect.FieldDef{
				{Name: "xmpp.http-auth.id", Type: dissect.Text, Path: "@id", Doc: "id of the request, which the user may see in the browser"},
				{Name: "xmpp.http-auth.method", Type: dissect.Text, Path: "@method", Doc: "method of the request"},
				{Name: "xmpp.http-auth.url", Type: dissect.Text, Path: "@url", Doc: "what was requested"},
			}},
		},
	})
}
