package xep

import (
	"talktrace/dissect"
)

func init() {
	const f = contentField + ".transport.fingerprint"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0320", Title: "Use of DTLS-SRTP in Jingle Sessions", Label: "DTLS",
		Doc:    "The call is encrypted with keys from a DTLS handshake. The hash of the certificate is told here, so that nobody can stand in between unless the servers help.",
		Spaces: []string{"urn:xmpp:jingle:apps:dtls:0"},
		Elements: []dissect.Element{
			{Name: "fingerprint", Field: f, Info: "DTLS fingerprint[ {@hash}]", Doc: "hash of the sender's certificate", Fields: []dissect.FieldDef{
				{Name: f + ".hash", Type: dissect.Text, Path: "@hash", Doc: "how it was made: sha-256 …"},
				{Name: f + ".setup", Type: dissect.Text, Path: "@setup", Doc: "who begins the handshake: active, passive or actpass"},
				{Name: f + ".required", Type: dissect.Boolean, Path: "@required", Doc: "there is no call without encryption"},
				{Name: f + ".value", Type: dissect.Text, Path: ".", Doc: "the hash, in hexadecimal"},
			}},
		},
	})
}
