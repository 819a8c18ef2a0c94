package xep

import (
	"talktrace/dissect"
)

func init() {
	algo := dissect.FieldDef{Name: "xmpp.hash.algo", Type: dissect.Text, Path: "@algo", Doc: "the hash function: sha-256, blake2b-256 …", Required: true}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0300", Title: "Use of Cryptographic Hash Functions in XMPP", Label: "hash",
		Doc:    "The hash of something, and which function made it.",
		Spaces: []string{"urn:xmpp:hashes:2", "urn:xmpp:hashes:1", "urn:xmpp:hashes:0"},
		Elements: []dissect.Element{
			{Name: "hash", Info: "[{@algo}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.hash", Type: dissect.Text, Path: ".", Doc: "a hash, in base64", Fields: []dissect.FieldDef{algo}},
			}},
			{Name: "hashes", Field: "xmpp.hashes", Doc: "hashes by several functions"},
			{Name: "hash-used", Field: "xmpp.hash-used", Doc: "the hash comes later, by this function", Fields: []dissect.FieldDef{algo}},
		},
	})
}
