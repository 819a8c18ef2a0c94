package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0451", Title: "Stanza Multiplexing", Label: "mux",
		Doc:    "Stanzas of several domains share one connection; a secret that comes back over the other one proves that both servers agree.",
		Spaces: []string{"urn:xmpp:mux:0"},
		Elements: []dissect.Element{
			{Name: "mux", Field: "xmpp.mux", Info: "[for {@host}]", Offer: "mux[ {&host}]", Doc: "asks for it, or offers it", Fields: []dissect.FieldDef{
				{Name: "xmpp.mux.host", Type: dissect.Text, Path: "@host", Doc: "the domain that is to share the connection"},
				{Name: "xmpp.mux.secret", Type: dissect.Text, Path: ".", Doc: "the secret"},
				{Name: "xmpp.mux.hosts", Type: dissect.Text, Path: "host", Doc: "a domain that may share the connection"},
			}},
		},
	})
}
