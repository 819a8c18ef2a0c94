package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0077", Title: "In-Band Registration", Label: "register",
		Doc:    "Makes an account over XMPP itself, changes its password, or removes it; gateways register their users in the same way.",
		Spaces: []string{"jabber:iq:register"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.register", Info: "[, remove the account{?remove}][, already registered{?registered}][, {username}]", Doc: "the account, or what is needed for one", Fields: []dissect.FieldDef{
				{Name: "xmpp.register.registered", Type: dissect.Presence, Path: "registered", Doc: "the account exists already"},
				{Name: "xmpp.register.remove", Type: dissect.Presence, Path: "remove", Doc: "the account is to be removed"},
				{Name: "xmpp.register.instructions", Type: dissect.Text, Path: "instructions", Doc: "how to register"},
				{Name: "xmpp.register.username", Type: dissect.Text, Path: "username", Doc: "name of the account"},
				{Name: "xmpp.register.password", Type: dissect.Text, Path: "password", Doc: "password of the account"},
				{Name: "xmpp.register.email", Type: dissect.Text, Path: "email", Doc: "email address"},
				{Name: "xmpp.register.name", Type: dissect.Text, Path: "name", Doc: "full name"},
				{Name: "xmpp.register.nick", Type: dissect.Text, Path: "nick", Doc: "nickname"},
				{Name: "xmpp.register.key", Type: dissect.Text, Path: "key", Doc: "what the request has to repeat, in old implementations"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0077", Title: "In-Band Registration: Offer", Label: "register",
		Doc:    "The server lets new accounts be made.",
		Spaces: []string{"http://jabber.org/features/iq-register"},
		Elements: []dissect.Element{
			{Name: "register", Field: "xmpp.register.feature", Offer: "register", Doc: "new accounts can be made"},
		},
	})
}
