package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0389", Title: "Extensible In-Band Registration", Label: "register",
		Doc:    "Makes an account, or recovers one, by whatever steps the server wants: a form, a code sent by mail, a captcha.",
		Spaces: []string{"urn:xmpp:register:0"},
		Elements: []dissect.Element{
			{Name: "register", Field: "xmpp.register.flows", Info: "[, {\"flow/name}][, flow {@id}]", Offer: "register[ ({flow/name})]", Doc: "the ways of making an account", Fields: []dissect.FieldDef{
				{Name: "xmpp.register.flow", Type: dissect.Text, Path: "flow/@id", Doc: "id of a way of making an account", Fields: []dissect.FieldDef{
					{Name: "xmpp.register.flow.name", Type: dissect.Text, Path: "name", Doc: "its name"},
				}},
			}},
			{Name: "recovery", Field: "xmpp.register.recovery", Info: "recovery[, {\"flow/name}]", Doc: "the ways of recovering an account"},
			{Name: "flow", Field: "xmpp.register.chosen", Info: "flow {@id}", Doc: "the way that was chosen", Fields: []dissect.FieldDef{
				{Name: "xmpp.register.flow", Type: dissect.Text, Path: "@id", Doc: "id of a way of making an account"},
			}},
			{Name: "challenge", Field: "xmpp.register.challenge", Info: "challenge[ {@type}]", Doc: "the next step", Fields: []dissect.FieldDef{
				{Name: "xmpp.register.challenge.type", Type: dissect.Text, Path: "@type", Doc: "what kind of step it is"},
			}},
			{Name: "response", Field: "xmpp.register.response", Info: "response", Doc: "answers a challenge"},
			{Name: "success", Field: "xmpp.register.success", Info: "success[, {jid}][, {username}]", Doc: "the account is there", Fields: []dissect.FieldDef{
				{Name: "xmpp.register.success.jid", Type: dissect.JID, Path: "jid", Doc: "address of the account"},
				{Name: "xmpp.register.success.username", Type: dissect.Text, Path: "username", Doc: "name of the account"},
			}},
			{Name: "cancel", Field: "xmpp.register.cancel", Info: "cancel", Doc: "gives up"},
			{Name: "name", Doc: "name of a way of making an account"},
			{Name: "jid", Doc: "address of an account"},
			{Name: "username", Doc: "name of an account"},
			{Name: "*", Field: "xmpp.register.error", Info: "{:}", Doc: "why not"},
		},
	})
}
