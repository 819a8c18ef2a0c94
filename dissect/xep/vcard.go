package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0054", Title: "vcard-temp", Label: "vCard",
		Doc:    "The business card of an account: names, addresses, a picture. It was to be temporary and is in use to this day.",
		Spaces: []string{"vcard-temp"},
		Elements: []dissect.Element{
			{Name: "vCard", Field: "xmpp.vcard", Info: "[, {\"FN}][, {NICKNAME}][, photo {PHOTO/TYPE}]", Doc: "the card", Fields: []dissect.FieldDef{
				{Name: "xmpp.vcard.fn", Type: dissect.Text, Path: "FN", Doc: "the name as it is written"},
				{Name: "xmpp.vcard.n.family", Type: dissect.Text, Path: "N/FAMILY", Doc: "family name"},
				{Name: "xmpp.vcard.n.given", Type: dissect.Text, Path: "N/GIVEN", Doc: "given name"},
				{Name: "xmpp.vcard.n.middle", Type: dissect.Text, Path: "N/MIDDLE", Doc: "other names"},
				{Name: "xmpp.vcard.n.prefix", Type: dissect.Text, Path: "N/PREFIX", Doc: "what stands before the name"},
				{Name: "xmpp.vcard.n.suffix", Type: dissect.Text, Path: "N/SUFFIX", Doc: "what stands behind it"},
				{Name: "xmpp.vcard.nickname", Type: dissect.Text, Path: "NICKNAME", Doc: "nickname"},
				{Name: "xmpp.vcard.bday", Type: dissect.Text, Path: "BDAY", Doc: "birthday"},
				{Name: "xmpp.vcard.url", Type: dissect.Text, Path: "URL", Doc: "web page"},
				{Name: "xmpp.vcard.email", Type: dissect.Text, Path: "EMAIL/USERID", Doc: "email address"},
				{Name: "xmpp.vcard.tel", Type: dissect.Text, Path: "TEL/NUMBER", Doc: "telephone number"},
				{Name: "xmpp.vcard.adr", Type: dissect.Presence, Path: "ADR", Doc: "a postal address", Fields: []dissect.FieldDef{
					{Name: "xmpp.vcard.adr.street", Type: dissect.Text, Path: "STREET", Doc: "street"},
					{Name: "xmpp.vcard.adr.locality", Type: dissect.Text, Path: "LOCALITY", Doc: "town"},
					{Name: "xmpp.vcard.adr.region", Type: dissect.Text, Path: "REGION", Doc: "region"},
					{Name: "xmpp.vcard.adr.pcode", Type: dissect.Text, Path: "PCODE", Doc: "postal code"},
					{Name: "xmpp.vcard.adr.country", Type: dissect.Text, Path: "CTRY", Doc: "country"},
				}},
				{Name: "xmpp.vcard.org", Type: dissect.Text, Path: "ORG/ORGNAME", Doc: "organization"},
				{Name: "xmpp.vcard.org.unit", Type: dissect.Text, Path: "ORG/ORGUNIT", Doc: "part of the organization"},
				{Name: "xmpp.vcard.title", Type: dissect.Text, Path: "TITLE", Doc: "job title"},
				{Name: "xmpp.vcard.role", Type: dissect.Text, Path: "ROLE", Doc: "occupation"},
				{Name: "xmpp.vcard.jid", Type: dissect.JID, Path: "JABBERID", Doc: "XMPP address"},
				{Name: "xmpp.vcard.desc", Type: dissect.Text, Path: "DESC", Doc: "something about the person"},
				{Name: "xmpp.vcard.photo", Type: dissect.Presence, Path: "PHOTO", Doc: "a picture", Fields: []dissect.FieldDef{
					{Name: "xmpp.vcard.photo.type", Type: dissect.Text, Path: "TYPE", Doc: "media type of the picture"},
					{Name: "xmpp.vcard.photo.extval", Type: dissect.Text, Path: "EXTVAL", Doc: "where the picture is"},
					{Name: "xmpp.vcard.photo.binval", Type: dissect.Text, Path: "BINVAL", Doc: "the picture, in base64"},
				}},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0153", Title: "vCard-Based Avatars",
		Doc:    "Tells in each presence which picture is in the vCard, by its hash, so that it is fetched only when it has changed.",
		Spaces: []string{"vcard-temp:x:update"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.vcard-update", Doc: "which picture is in the vCard", Fields: []dissect.FieldDef{
				{Name: "xmpp.vcard-update.photo", Type: dissect.Text, Path: "photo", Doc: "SHA-1 of the picture; where it is empty, there is none"},
			}},
		},
	})
}
