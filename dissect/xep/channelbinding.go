package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0440", Title: "SASL Channel-Binding Type Capability", Label: "channel-binding",
		Doc:    "Names the ways in which a login can be tied to the TLS connection that it is made over, so that nobody in between can pass it on.",
		Spaces: []string{"urn:xmpp:sasl-cb:0"},
		Elements: []dissect.Element{
			{Name: "sasl-channel-binding", Field: "xmpp.channel-binding", Offer: "channel-binding[ {&channel-binding/@type}]", Doc: "the ways that the server knows", Fields: []dissect.FieldDef{
				{Name: "xmpp.channel-binding.type", Type: dissect.Text, Path: "channel-binding/@type", Doc: "name of a way: tls-exporter, tls-server-end-point, tls-unique"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0233", Title: "XMPP Server Registration for use with Kerberos V5", Label: "domain-name",
		Doc:    "The host name that a client is to ask its Kerberos ticket for.",
		Spaces: []string{"urn:xmpp:domain-based-name:1"},
		Elements: []dissect.Element{
			{Name: "hostname", Field: "xmpp.sasl.hostname", Doc: "the host name", Fields: []dissect.FieldDef{
				{Name: "xmpp.sasl.hostname.text", Type: dissect.Text, Path: ".", Doc: "the host name"},
			}},
		},
	})
}
