package xep

import (
	"talktrace/dissect"
)

func init() {
	device := func(path string) dissect.FieldDef {
		return dissect.FieldDef{Name: "xmpp.omemo.device", Type: dissect.Number, Path: path, Doc: "id of a device", Fields: []dissect.FieldDef{
			{Name: "xmpp.omemo.device.label", Type: dissect.Text, Path: "@label", Doc: "what its owner calls it"},
		}}
	}
	sender := dissect.FieldDef{Name: "xmpp.omemo.sid", Type: dissect.Number, Path: "header/@sid", Doc: "id of the device that has sent it", Required: true}
	payload := dissect.FieldDef{Name: "xmpp.omemo.payload", Type: dissect.Text, Path: "payload", Doc: "the message, encrypted, in base64"}
	keyFields := func(first string) []dissect.FieldDef {
		return []dissect.FieldDef{
			{Name: "xmpp.omemo.key.rid", Type: dissect.Number, Path: "@rid", Doc: "id of the device that the key is for"},
			{Name: "xmpp.omemo.key.first", Type: dissect.Boolean, Path: first, Doc: "the session with that device begins here"},
		}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0384", Title: "OMEMO Encryption: As Deployed Since 2015", Label: "OMEMO",
		Doc:    "End-to-end encryption with the Signal protocol's ratchet: the message is encrypted once, and its key once for each device that is to read it.",
		Spaces: []string{"eu.siacs.conversations.axolotl"},
		Elements: []dissect.Element{
			{Name: "encrypted", Field: "xmpp.omemo", Rank: dissect.Instead, Describe: describeOMEMO, Info: "{>}[, for {#header/key device devices}][, from device {header/@sid}]", Doc: "an encrypted message", Fields: []dissect.FieldDef{
				sender,
				{Name: "xmpp.omemo.key", Type: dissect.Presence, Path: "header/key", Doc: "the message's key, encrypted for a device", Fields: keyFields("@prekey")},
				{Name: "xmpp.omemo.iv", Type: dissect.Text, Path: "header/iv", Doc: "initialization vector, in base64"},
				payload,
			}},
			{Name: "list", Field: "xmpp.omemo.devices", Info: "[{#device device devices}]", Doc: "the devices that somebody has", Fields: []dissect.FieldDef{device("device/@id")}},
			{Name: "bundle", Field: "xmpp.omemo.bundle", Info: "keys[, {#prekeys/preKeyPublic key keys} to be used once]", Doc: "the keys with which others begin a session with a device", Fields: []dissect.FieldDef{
				{Name: "xmpp.omemo.identity-key", Type: dissect.Text, Path: "identityKey", Doc: "public key of the device, in base64"},
				{Name: "xmpp.omemo.signed-key.id", Type: dissect.Number, Path: "signedPreKeyPublic/@signedPreKeyId", Doc: "id of the signed key"},
				{Name: "xmpp.omemo.one-time-key.id", Type: dissect.Number, Path: "prekeys/preKeyPublic/@preKeyId", Doc: "id of a key that is used once"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0384", Title: "OMEMO Encryption", Label: "OMEMO",
		Doc:    "End-to-end encryption with a double ratchet: whole elements are encrypted (XEP-0420), and the key of a message once for each device that is to read it.",
		Spaces: []string{"urn:xmpp:omemo:2", "urn:xmpp:omemo:1", "urn:xmpp:omemo:0"},
		Elements: []dissect.Element{
			{Name: "encrypted", Field: "xmpp.omemo", Rank: dissect.Instead, Describe: describeOMEMO, Info: "{>}[, for {#header/keys/key device devices}][, from device {header/@sid}]", Doc: "an encrypted message", Fields: []dissect.FieldDef{
				sender,
				{Name: "xmpp.omemo.keys", Type: dissect.Presence, Path: "header/keys", Doc: "keys for the devices of one account", Fields: []dissect.FieldDef{
					{Name: "xmpp.omemo.keys.jid", Type: dissect.JID, Path: "@jid", Doc: "the account"},
					{Name: "xmpp.omemo.key", Type: dissect.Presence, Path: "key", Doc: "the message's key, encrypted for a device", Fields: keyFields("@kex")},
				}},
				payload,
			}},
			{Name: "devices", Field: "xmpp.omemo.devices", Info: "[{#device device devices}]", Doc: "the devices that somebody has", Fields: []dissect.FieldDef{device("device/@id")}},
			{Name: "bundle", Field: "xmpp.omemo.bundle", Info: "keys[, {#prekeys/pk key keys} to be used once]", Doc: "the keys with which others begin a session with a device", Fields: []dissect.FieldDef{
				{Name: "xmpp.omemo.identity-key", Type: dissect.Text, Path: "ik", Doc: "public key of the device, in base64"},
				{Name: "xmpp.omemo.signed-key.id", Type: dissect.Number, Path: "spk/@id", Doc: "id of the signed key"},
				{Name: "xmpp.omemo.one-time-key.id", Type: dissect.Number, Path: "prekeys/pk/@id", Doc: "id of a key that is used once"},
			}},
		},
	})
}

// describeOMEMO tells messages from those that only carry keys (XEP-0384
// section 5.6).
func describeOMEMO(l *dissect.Line, n int32) {
	if l.Tree.Find(n, l.Tree.Nodes[n].Space, "payload") >= 0 {
		l.Add("OMEMO-encrypted")
	} else {
		l.Add("OMEMO keys only")
	}
}
