package xep

import (
	"bytes"

	"talktrace/dissect"
)

func init() {
	const s = contentField + ".security"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0391", Title: "Jingle Encrypted Transports", Label: "JET",
		Doc:    "Encrypts what a session carries with a key that is told in an encrypted envelope, such as one of OMEMO (XEP-0396).",
		Spaces: []string{"urn:xmpp:jingle:jet:0"},
		Elements: []dissect.Element{
			{Name: "security", Field: s, Describe: describeJET, Doc: "what is sent is encrypted", Fields: []dissect.FieldDef{
				{Name: s + ".name", Type: dissect.Text, Path: "@name", Doc: "the content that it is about"},
				{Name: s + ".cipher", Type: dissect.Text, Path: "@cipher", Doc: "the cipher"},
				{Name: s + ".type", Type: dissect.Text, Path: "@type", Doc: "namespace of the envelope that the key is in"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XTLS", Title: "Jingle: TLS between Clients", Label: "XTLS",
		Doc:    "Runs TLS from client to client on the path of a session; how they know each other's certificates is agreed on here.",
		Spaces: []string{"urn:xmpp:jingle:security:xtls:0"},
		Elements: []dissect.Element{
			{Name: "security", Field: s, Info: "TLS between clients[ ({&method/@name})]", Doc: "what is sent is encrypted", Fields: []dissect.FieldDef{
				{Name: s + ".fingerprint", Type: dissect.Text, Path: "fingerprint", Doc: "hash of the sender's certificate"},
				{Name: s + ".method", Type: dissect.Text, Path: "method/@name", Doc: "how to verify the other side: x509, openpgp, srp"},
			}},
		},
	})
}

// describeJET names the cipher by the last part of its namespace.
func describeJET(l *dissect.Line, n int32) {
	l.Add("encrypted")
	if a := l.Tree.Attr(n, "cipher"); a != nil && !a.Escaped {
		cipher := l.Tree.Bytes(a.Value)
		if i := bytes.LastIndexByte(cipher, ':'); len(cipher)-i < 40 {
			l.Add(" (").Bytes(cipher[i+1:]).Add(")")
		}
	}
}
