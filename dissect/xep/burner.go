package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0383", Title: "Burner JIDs", Label: "burner",
		Doc:    "Asks the server for an address to throw away, behind which the account cannot be seen.",
		Spaces: []string{"urn:xmpp:burner:0"},
		Elements: []dissect.Element{
			{Name: "identity", Field: "xmpp.burner", Info: "[, {@type}][, {jid}]", Doc: "asks for an address", Fields: []dissect.FieldDef{
				{Name: "xmpp.burner.type", Type: dissect.Text, Path: "@type", Doc: "kind of address: bare or full"},
				{Name: "xmpp.burner.jid", Type: dissect.JID, Path: "jid", Doc: "the address"},
			}},
		},
	})
}
