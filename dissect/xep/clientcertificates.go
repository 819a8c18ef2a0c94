package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0257", Title: "Client Certificate Management for SASL EXTERNAL", Label: "certificates",
		Doc:    "Gives the server the certificates with which an account's programs may log in.",
		Spaces: []string{"urn:xmpp:saslcert:1"},
		Elements: []dissect.Element{
			{Name: "append", Field: "xmpp.saslcert.append", Info: "add[ {\"name}]", Doc: "adds a certificate", Fields: []dissect.FieldDef{
				{Name: "xmpp.saslcert.name", Type: dissect.Text, Path: "name", Doc: "what the user calls the certificate"},
				{Name: "xmpp.saslcert.certificate", Type: dissect.Text, Path: "x509cert", Doc: "the certificate, in base64"},
			}},
			{Name: "items", Field: "xmpp.saslcert.items", Info: "[, {#item certificate certificates}]", Doc: "the certificates", Fields: []dissect.FieldDef{
				{Name: "xmpp.saslcert.item", Type: dissect.Text, Path: "item/name", Doc: "what the user calls a certificate"},
				{Name: "xmpp.saslcert.resource", Type: dissect.Text, Path: "item/users/resource", Doc: "a session that uses it"},
			}},
			{Name: "disable", Field: "xmpp.saslcert.disable", Info: "disable[ {\"name}]", Doc: "takes a certificate away", Fields: []dissect.FieldDef{
				{Name: "xmpp.saslcert.name", Type: dissect.Text, Path: "name", Doc: "what the user calls the certificate"},
			}},
			{Name: "revoke", Field: "xmpp.saslcert.revoke", Info: "revoke[ {\"name}]", Doc: "takes a certificate away and ends what uses it", Fields: []dissect.FieldDef{
				{Name: "xmpp.saslcert.name", Type: dissect.Text, Path: "name", Doc: "what the user calls the certificate"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0417", Title: "E2E Authentication: Certificates", Label: "certificate",
		Doc:    "A server gives its users certificates to prove to each other who they are.",
		Spaces: []string{"urn:xmpp:x509:0"},
		Elements: []dissect.Element{
			{Name: "*", Field: "xmpp.x509", Info: "{:}[ {@name}]", Offer: "{:}", Doc: "a step of it", Fields: []dissect.FieldDef{
				{Name: "xmpp.x509.step", Type: dissect.Text, Path: ":", Doc: "name of the step"},
			}},
		},
	})
}
