package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 3923", Title: "End-to-End Signing and Object Encryption", Label: "S/MIME",
		Doc:    "A message or presence as S/MIME has it in mail. Hardly anybody ever did so.",
		Spaces: []string{"urn:ietf:params:xml:ns:xmpp-e2e"},
		Elements: []dissect.Element{
			{Name: "e2e", Rank: dissect.Instead, Describe: func(l *dissect.Line, n int32) {
				l.Add("S/MIME").Whom(l.Tree.Nodes[n].Parent).Add(", ").Count(l.Tree.Nodes[n].Inner.Len(), "byte", "bytes")
			}, Fields: []dissect.FieldDef{
				{Name: "xmpp.e2e", Type: dissect.Text, Path: ".", Doc: "a MIME entity, signed or encrypted"},
			}},
		},
	})
}
