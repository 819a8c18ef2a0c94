package xep

import (
	"bytes"

	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0418", Title: "DNS Queries over XMPP", Label: "DNS",
		Doc:    "Asks a resolver over XMPP; query and answer are DNS messages in base64.",
		Spaces: []string{"urn:xmpp:dox:0"},
		Elements: []dissect.Element{
			{Name: "dns", Field: "xmpp.dox", Describe: describeDNS, Doc: "a DNS message", Fields: []dissect.FieldDef{
				{Name: "xmpp.dox.message", Type: dissect.Text, Path: ".", Doc: "the message, in base64"},
			}},
		},
	})
}

// describeDNS tells how large a DNS message in base64 is, without its padding.
func describeDNS(l *dissect.Line, n int32) {
	message := bytes.TrimRight(bytes.TrimSpace(l.Tree.Bytes(l.Tree.Nodes[n].Inner)), "=")
	l.Add("message of ").Count(len(message)*3/4, "byte", "bytes")
}
