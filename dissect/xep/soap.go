package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0072", Title: "SOAP Over XMPP", Label: "soap",
		Doc:    "Carries SOAP envelopes in stanzas.",
		Spaces: []string{"http://www.w3.org/2003/05/soap-envelope"},
		Elements: []dissect.Element{
			{Name: "Envelope", Field: "xmpp.soap", Info: "[{Body/*/:}][: {\"Body/Fault/Reason/Text}]", Rank: dissect.Content, Doc: "the envelope", Fields: []dissect.FieldDef{
				{Name: "xmpp.soap.header", Type: dissect.Text, Path: "Header/*/:", Doc: "name of a header"},
				{Name: "xmpp.soap.body", Type: dissect.Text, Path: "Body/*/:", Doc: "name of what is in the body"},
				{Name: "xmpp.soap.fault.code", Type: dissect.Text, Path: "Body/Fault/Code/Value", Doc: "what kind of fault it was"},
				{Name: "xmpp.soap.fault.reason", Type: dissect.Text, Path: "Body/Fault/Reason/Text", Doc: "why, in words"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0072", Title: "SOAP Over XMPP: Faults", Label: "soap fault",
		Doc:    "Says in the error of a stanza what kind of fault it was.",
		Spaces: []string{"http://jabber.org/protocol/soap#fault"},
		Elements: []dissect.Element{
			{Name: "*", Field: "xmpp.soap.error", Info: "{:}", Doc: "kind of the fault"},
		},
	})
}
