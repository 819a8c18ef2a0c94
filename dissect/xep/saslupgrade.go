package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0480", Title: "SASL Upgrade Tasks", Label: "SASL upgrade",
		Doc:    "Gives the server what it needs for a better mechanism, on the occasion of a login with the old one.",
		Spaces: []string{"urn:xmpp:sasl:upgrade:0"},
		Elements: []dissect.Element{
			{Name: "upgrade", Field: "xmpp.sasl.upgrade", Doc: "a task that is on offer, or wanted", Fields: []dissect.FieldDef{
				{Name: "xmpp.sasl.upgrade.task", Type: dissect.Text, Path: ".", Doc: "name of the task"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0480", Title: "SASL Upgrade Tasks: SCRAM", Label: "SCRAM upgrade",
		Doc:    "What the server stores of a password for SCRAM, sent by the client.",
		Spaces: []string{"urn:xmpp:scram-upgrade:0"},
		Elements: []dissect.Element{
			{Name: "salt", Field: "xmpp.scram-upgrade.salt", Doc: "what the password is hashed with", Fields: []dissect.FieldDef{
				{Name: "xmpp.scram-upgrade.salt.text", Type: dissect.Text, Path: ".", Doc: "the salt, in base64"},
				{Name: "xmpp.scram-upgrade.iterations", Type: dissect.Number, Path: "@iterations", Doc: "how often it is hashed"},
			}},
			{Name: "hash", Field: "xmpp.scram-upgrade.hash", Doc: "the hash of the password", Fields: []dissect.FieldDef{
				{Name: "xmpp.scram-upgrade.hash.text", Type: dissect.Text, Path: ".", Doc: "the hash, in base64"},
			}},
		},
	})
}
