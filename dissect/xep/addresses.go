package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0033", Title: "Extended Stanza Addressing", Label: "addresses",
		Doc:    "Sends a stanza to several people at once, as mail does with To, Cc and Bcc; a service makes the copies.",
		Spaces: []string{"http://jabber.org/protocol/address"},
		Elements: []dissect.Element{
			{Name: "addresses", Field: "xmpp.addresses", Rank: dissect.Mark, Info: "[{#address address addresses}]", Aside: "[, {#address address addresses}]", Doc: "whom the stanza is for, besides or instead of its addressee", Fields: []dissect.FieldDef{
				{Name: "xmpp.addresses.address", Type: dissect.Presence, Path: "address", Doc: "an address", Fields: []dissect.FieldDef{
					{Name: "xmpp.addresses.type", Type: dissect.Text, Path: "@type", Doc: "to, cc, bcc, replyto, replyroom, noreply or ofrom", OneOf: "to cc bcc replyto replyroom noreply ofrom", Required: true},
					{Name: "xmpp.addresses.jid", Type: dissect.JID, Path: "@jid", Doc: "the address"},
					{Name: "xmpp.addresses.uri", Type: dissect.Text, Path: "@uri", Doc: "the address, where it is none of XMPP"},
					{Name: "xmpp.addresses.node", Type: dissect.Text, Path: "@node", Doc: "node of the address"},
					{Name: "xmpp.addresses.desc", Type: dissect.Text, Path: "@desc", Doc: "who it is"},
					{Name: "xmpp.addresses.delivered", Type: dissect.Boolean, Path: "@delivered", Doc: "the copy has been made"},
				}},
			}},
		},
	})
}
