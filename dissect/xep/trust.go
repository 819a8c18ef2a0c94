package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0434", Title: "Trust Messages", Label: "trust",
		Doc:    "Tells one's own devices and one's contacts which keys one has verified, so that not everybody has to compare all of them.",
		Spaces: []string{"urn:xmpp:tm:1"},
		Elements: []dissect.Element{
			{Name: "trust-message", Field: "xmpp.trust", Rank: dissect.Content, Info: "trust message{>}[, {#key-owner/trust key keys} trusted][, {#key-owner/distrust key keys} distrusted]", Doc: "which keys have been verified", Fields: []dissect.FieldDef{
				{Name: "xmpp.trust.usage", Type: dissect.Text, Path: "@usage", Doc: "the protocol that makes use of it"},
				{Name: "xmpp.trust.encryption", Type: dissect.Text, Path: "@encryption", Doc: "the encryption that the keys are for"},
				{Name: "xmpp.trust.owner", Type: dissect.JID, Path: "key-owner/@jid", Doc: "whose keys they are"},
				{Name: "xmpp.trust.trusted", Type: dissect.Text, Path: "key-owner/trust", Doc: "a key that is trusted"},
				{Name: "xmpp.trust.distrusted", Type: dissect.Text, Path: "key-owner/distrust", Doc: "a key that is no longer trusted"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0420", Title: "Stanza Content Encryption", Label: "envelope",
		Doc:    "What is inside an encrypted message: whole elements, with padding that hides how long they are. On the wire it is seen only where something went wrong.",
		Spaces: []string{"urn:xmpp:sce:1", "urn:xmpp:sce:0"},
		Elements: []dissect.Element{
			{Name: "envelope", Field: "xmpp.envelope", Info: "that should be encrypted", Doc: "what should be inside an encrypted message", Fields: []dissect.FieldDef{
				{Name: "xmpp.envelope.time", Type: dissect.Time, Path: "time/@stamp", Doc: "when it was written"},
				{Name: "xmpp.envelope.from", Type: dissect.JID, Path: "from/@jid", Doc: "who has written it"},
				{Name: "xmpp.envelope.to", Type: dissect.JID, Path: "to/@jid", Doc: "whom it is for"},
			}},
		},
	})
}
