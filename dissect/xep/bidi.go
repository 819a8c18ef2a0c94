package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0288", Title: "Bidirectional Server-to-Server Connections", Label: "bidi",
		Doc:    "Both servers send stanzas over one connection, instead of each over one of its own.",
		Spaces: []string{"urn:xmpp:bidi", "urn:xmpp:features:bidi"},
		Elements: []dissect.Element{
			{Name: "bidi", Field: "xmpp.bidi", Info: "use this connection both ways", Offer: "bidi", Doc: "stanzas may go both ways"},
		},
	})
}
