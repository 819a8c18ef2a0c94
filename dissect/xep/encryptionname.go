package xep

import (
	"bytes"

	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0380", Title: "Explicit Message Encryption", Label: "encryption",
		Doc:    "Names how a message is encrypted, so that a client that cannot read it can at least say why.",
		Spaces: []string{"urn:xmpp:eme:0"},
		Elements: []dissect.Element{
			{Name: "encryption", Field: "xmpp.encryption", Rank: dissect.Mark, Describe: describeEncryption, DescribeAside: func(l *dissect.Line, n int32) {
				if !showsEncryption(l, n) {
					l.Add(", encrypted ")
					describeEncryption(l, n)
				}
			}, Doc: "how the message is encrypted", Fields: []dissect.FieldDef{
				{Name: "xmpp.encryption.namespace", Type: dissect.Text, Path: "@namespace", Doc: "namespace of the encryption", Required: true},
				{Name: "xmpp.encryption.name", Type: dissect.Text, Path: "@name", Doc: "its name, for those who do not know the namespace"},
			}},
		},
	})
}

// showsEncryption reports whether the ciphertext is at hand and speaks for
// itself.
func showsEncryption(l *dissect.Line, n int32) bool {
	t := l.Tree
	m := t.Nodes[n].Parent
	if m < 0 {
		return false
	}
	for c := t.Nodes[m].Child; c >= 0; c = t.Nodes[c].Next {
		switch name := string(t.Local(c)); {
		case name == "encrypted", name == "openpgp", t.Nodes[c].Space == "jabber:x:encrypted":
			return true
		case name == "body" && bytes.HasPrefix(t.Bytes(t.Nodes[c].Inner), []byte("?OTR")):
			return true
		}
	}
	return false
}

func describeEncryption(l *dissect.Line, n int32) {
	t := l.Tree
	if t.Attr(n, "name") != nil {
		l.Labelled("with ", n, "name")
		return
	}
	a := t.Attr(n, "namespace")
	if a == nil {
		l.Add("somehow")
		return
	}
	if label := dissect.LabelOf(string(t.Bytes(a.Value))); label != "" {
		l.Add("with ").Add(label)
		return
	}
	l.Labelled("with ", n, "namespace")
}
