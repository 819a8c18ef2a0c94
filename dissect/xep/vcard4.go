package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0292", Title: "vCard4 over XMPP", Label: "vCard4",
		Doc:    "The business card of an account in the form of RFC 6351, asked for by iq or published under a node.",
		Spaces: []string{"urn:ietf:params:xml:ns:vcard-4.0"},
		Elements: []dissect.Element{
			{Name: "vcard", Field: "xmpp.vcard4", Info: "[, {\"fn/text}][, {nickname/text}]", Doc: "the card", Fields: []dissect.FieldDef{
				{Name: "xmpp.vcard4.fn", Type: dissect.Text, Path: "fn/text", Doc: "the name as it is written"},
				{Name: "xmpp.vcard4.n.surname", Type: dissect.Text, Path: "n/surname", Doc: "family name"},
				{Name: "xmpp.vcard4.n.given", Type: dissect.Text, Path: "n/given", Doc: "given name"},
				{Name: "xmpp.vcard4.nickname", Type: dissect.Text, Path: "nickname/text", Doc: "nickname"},
				{Name: "xmpp.vcard4.bday", Type: dissect.Text, Path: "bday/*", Doc: "birthday"},
				{Name: "xmpp.vcard4.gender", Type: dissect.Text, Path: "gender/sex/text", Doc: "gender"},
				{Name: "xmpp.vcard4.url", Type: dissect.Text, Path: "url/uri", Doc: "web page"},
				{Name: "xmpp.vcard4.email", Type: dissect.Text, Path: "email/text", Doc: "email address"},
				{Name: "xmpp.vcard4.tel", Type: dissect.Text, Path: "tel/*", Doc: "telephone number"},
				{Name: "xmpp.vcard4.impp", Type: dissect.Text, Path: "impp/uri", Doc: "address for instant messages"},
				{Name: "xmpp.vcard4.adr", Type: dissect.Presence, Path: "adr", Doc: "a postal address", Fields: []dissect.FieldDef{
					{Name: "xmpp.vcard4.adr.street", Type: dissect.Text, Path: "street", Doc: "street"},
					{Name: "xmpp.vcard4.adr.locality", Type: dissect.Text, Path: "locality", Doc: "town"},
					{Name: "xmpp.vcard4.adr.region", Type: dissect.Text, Path: "region", Doc: "region"},
					{Name: "xmpp.vcard4.adr.code", Type: dissect.Text, Path: "code", Doc: "postal code"},
					{Name: "xmpp.vcard4.adr.country", Type: dissect.Text, Path: "country", Doc: "country"},
				}},
				{Name: "xmpp.vcard4.org", Type: dissect.Text, Path: "org/text", Doc: "organization"},
				{Name: "xmpp.vcard4.title", Type: dissect.Text, Path: "title/text", Doc: "job title"},
				{Name: "xmpp.vcard4.role", Type: dissect.Text, Path: "role/text", Doc: "occupation"},
				{Name: "xmpp.vcard4.note", Type: dissect.Text, Path: "note/text", Doc: "something about the person"},
				{Name: "xmpp.vcard4.photo", Type: dissect.Text, Path: "photo/uri", Doc: "where the picture is"},
			}},
		},
	})
}
