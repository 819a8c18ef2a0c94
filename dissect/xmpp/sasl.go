package xmpp

import (
	"talktrace/dissect"
)

const nsSASL = "urn:ietf:params:xml:ns:xmpp-sasl"

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 6120", Title: "XMPP: SASL", Label: "SASL",
		Doc:    "Logs in by a mechanism that both sides know. The payloads are the mechanism's own business, and secrets.",
		Spaces: []string{nsSASL},
		Elements: []dissect.Element{
			{
				Name: "mechanisms", Field: "xmpp.mechanisms", Offer: "SASL {&mechanism}", Doc: "the mechanisms on offer",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.mechanisms.mechanism", Type: dissect.Text, Path: "mechanism", Doc: "a SASL mechanism on offer"},
				},
			},
			{
				Name: "auth", Field: "xmpp.auth", Describe: describePayload, Doc: "begins a login",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.auth.mechanism", Type: dissect.Text, Path: "@mechanism", Doc: "the SASL mechanism chosen"},
					{Name: "xmpp.auth.payload", Type: dissect.Text, Path: ".", Doc: "initial response, in base64"},
				},
			},
			payload("challenge", "a question by the mechanism"),
			payload("response", "the answer to a challenge"),
			{
				Name: "success", Field: "xmpp.success", Info: "logged in", Doc: "the login succeeded",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.success.payload", Type: dissect.Text, Path: ".", Doc: "last word of the mechanism, in base64"},
				},
			},
			{
				Name: "failure", Field: "xmpp.failure", Describe: func(l *dissect.Line, n int32) { l.Failure(n, nsSASL) }, Doc: "the login failed",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.failure.condition", Type: dissect.Text, Path: "!text/:", Doc: "name of the failure"},
					{Name: "xmpp.failure_text", Type: dissect.Text, Path: "text", Doc: "the failure in words"},
				},
			},
			{Name: "abort", Field: "xmpp.abort", Info: "the client gives up", Doc: "the client gives up"},
			{Name: "*", Info: "{:}", Doc: "why a login failed"},
		},
	})
}

func payload(name, doc string) dissect.Element {
	return dissect.Element{
		Name: name, Field: "xmpp." + name, Describe: describePayload, Doc: doc,
		Fields: []dissect.FieldDef{{Name: "xmpp." + name + ".payload", Type: dissect.Text, Path: ".", Doc: "payload of the mechanism, in base64"}},
	}
}

func describePayload(l *dissect.Line, n int32) {
	l.Attr(n, "mechanism")
	l.Secret(n, "payload")
}
