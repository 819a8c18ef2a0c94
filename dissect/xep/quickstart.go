package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0305", Title: "XMPP Quickstart", Label: "pipelining",
		Doc:    "The client may send the next steps of the negotiation without waiting for answers.",
		Spaces: []string{"urn:xmpp:features:pipelining"},
		Elements: []dissect.Element{
			{Name: "pipelining", Field: "xmpp.pipelining", Doc: "the server can do so"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0509", Title: "Initial Authentication Pipelining", Label: "login pipelining",
		Doc:    "The client logs in at once, with what it knows of the server's offers from the last time.",
		Spaces: []string{"urn:xmpp:iap:0"},
		Elements: []dissect.Element{
			{Name: "config-version", Field: "xmpp.iap.config-version", Doc: "version of the server's offers", Fields: []dissect.FieldDef{
				{Name: "xmpp.iap.config-version.text", Type: dissect.Text, Path: ".", Doc: "the version"},
			}},
			{Name: "*", Field: "xmpp.iap.error", Info: "{:}", Doc: "the offers have changed"},
		},
	})
}
