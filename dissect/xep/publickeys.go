package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0189", Title: "Public Key Publishing", Label: "public key",
		Doc:    "Publishes keys, vouches for those of others, and takes them back.",
		Spaces: []string{"urn:xmpp:pubkey:2"},
		Elements: []dissect.Element{
			{Name: "pubkey", Field: "xmpp.pubkey", Info: "[ of {jid}][, {print}]", Doc: "a key, or asks for one", Fields: []dissect.FieldDef{
				{Name: "xmpp.pubkey.jid", Type: dissect.JID, Path: "jid", Doc: "whose it is"},
				{Name: "xmpp.pubkey.print", Type: dissect.Text, Path: "print", Doc: "its fingerprint"},
				{Name: "xmpp.pubkey.begin", Type: dissect.Time, Path: "begin", Doc: "from when on it is valid"},
				{Name: "xmpp.pubkey.end", Type: dissect.Time, Path: "end", Doc: "until when it is valid"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0189", Title: "Public Key Publishing: Attestation", Label: "attestation",
		Doc:    "Vouches for the keys of others.",
		Spaces: []string{"urn:xmpp:attest:2"},
		Elements: []dissect.Element{
			{Name: "attest", Field: "xmpp.pubkey.attest", Info: "[ by {signerjid}][, {#keyprint key keys}]", Doc: "keys that somebody vouches for", Fields: []dissect.FieldDef{
				{Name: "xmpp.pubkey.attest.signer", Type: dissect.JID, Path: "signerjid", Doc: "who vouches"},
				{Name: "xmpp.pubkey.attest.keyprint", Type: dissect.Text, Path: "keyprint", Doc: "fingerprint of a key"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0189", Title: "Public Key Publishing: Revocation", Label: "revocation",
		Doc:    "Takes a key back.",
		Spaces: []string{"urn:xmpp:revoke:2"},
		Elements: []dissect.Element{
			{Name: "revocation", Field: "xmpp.pubkey.revocation", Doc: "a key that is no longer valid"},
		},
	})
}
