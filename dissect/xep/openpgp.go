package xep

import (
	"talktrace/dissect"
)

func init() {
	content := func(name, doc string) dissect.Element {
		return dissect.Element{Name: name, Field: "xmpp.openpgp." + name, Doc: doc, Fields: []dissect.FieldDef{
			{Name: "xmpp.openpgp.content.to", Type: dissect.JID, Path: "to/@jid", Doc: "whom it is for"},
			{Name: "xmpp.openpgp.content.time", Type: dissect.Time, Path: "time/@stamp", Doc: "when it was written"},
		}}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0027", Title: "Current Jabber OpenPGP Usage: Encryption", Label: "PGP",
		Doc:    "A body encrypted with OpenPGP. The body beside it only says that there is one.",
		Spaces: []string{"jabber:x:encrypted"},
		Elements: []dissect.Element{
			{Name: "x", Rank: dissect.Instead, Describe: func(l *dissect.Line, n int32) {
				l.Add("PGP-encrypted").Whom(l.Tree.Nodes[n].Parent).Add(", ").Count(l.Tree.Nodes[n].Inner.Len(), "byte", "bytes")
			}, Fields: []dissect.FieldDef{
				{Name: "xmpp.pgp.encrypted", Type: dissect.Text, Path: ".", Doc: "the body, encrypted, in base64"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0027", Title: "Current Jabber OpenPGP Usage: Signatures", Label: "PGP signature",
		Doc:    "A signature of the status of a presence, or of the body, by which others learn whose key it is.",
		Spaces: []string{"jabber:x:signed"},
		Elements: []dissect.Element{
			{Name: "x", Rank: dissect.Mark, Aside: ", signed", Fields: []dissect.FieldDef{
				{Name: "xmpp.pgp.signature", Type: dissect.Text, Path: ".", Doc: "the signature, in base64"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0373", Title: "OpenPGP for XMPP", Label: "OpenPGP",
		Doc:    "Whole elements encrypted or signed with OpenPGP, and keys published by pubsub; OX for short.",
		Spaces: []string{"urn:xmpp:openpgp:0"},
		Elements: []dissect.Element{
			{Name: "openpgp", Rank: dissect.Instead, Describe: func(l *dissect.Line, n int32) {
				l.Add("OpenPGP-encrypted").Whom(l.Tree.Nodes[n].Parent).Add(", ").Count(l.Tree.Nodes[n].Inner.Len(), "byte", "bytes")
			}, Fields: []dissect.FieldDef{
				{Name: "xmpp.openpgp", Type: dissect.Text, Path: ".", Doc: "elements, encrypted or signed, in base64"},
			}},
			{Name: "public-keys-list", Field: "xmpp.openpgp.keys", Info: "[{#pubkey-metadata key keys}]", Doc: "the public keys that somebody has", Fields: []dissect.FieldDef{
				{Name: "xmpp.openpgp.key", Type: dissect.Presence, Path: "pubkey-metadata", Doc: "a public key", Fields: []dissect.FieldDef{
					{Name: "xmpp.openpgp.key.fingerprint", Type: dissect.Text, Path: "@v4-fingerprint", Doc: "fingerprint of the key"},
					{Name: "xmpp.openpgp.key.fingerprint", Type: dissect.Text, Path: "@v6-fingerprint", Doc: "fingerprint of the key"},
					{Name: "xmpp.openpgp.key.date", Type: dissect.Time, Path: "@date", Doc: "when it was published"},
				}},
			}},
			{Name: "pubkey", Field: "xmpp.openpgp.pubkey", Info: "public key", Doc: "a public key", Fields: []dissect.FieldDef{
				{Name: "xmpp.openpgp.pubkey.data", Type: dissect.Text, Path: "data", Doc: "the key, in base64"},
			}},
			content("signcrypt", "elements that were signed and encrypted"),
			content("sign", "elements that were signed"),
			content("crypt", "elements that were encrypted"),
			{Name: "secretkey", Info: "secret key, encrypted with a passphrase", Fields: []dissect.FieldDef{
				{Name: "xmpp.openpgp.secretkey", Type: dissect.Text, Path: ".", Doc: "a secret key, encrypted with a passphrase"},
			}},
		},
	})
}
