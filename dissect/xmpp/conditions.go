package xmpp

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 6120", Title: "XMPP: Conditions of Stanza Errors", Label: "error",
		Doc:    "The name of what went wrong with a stanza, from a list that all know; an element of the application's own may say more.",
		Spaces: []string{"urn:ietf:params:xml:ns:xmpp-stanzas"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:}", Doc: "what went wrong"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "RFC 6120", Title: "XMPP: Conditions of Stream Errors", Label: "stream error",
		Doc:    "The name of what went wrong with a stream, so that it had to be closed.",
		Spaces: []string{"urn:ietf:params:xml:ns:xmpp-streams"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:}", Doc: "what went wrong"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0182", Title: "Application-Specific Error Conditions", Label: "error",
		Doc:    "Conditions that explain an error and are used by more than one extension.",
		Spaces: []string{"urn:xmpp:errors"},
		Elements: []dissect.Element{
			{Name: "*", Field: "xmpp.error.specific", Info: "{:}[, at most {@max-size} bytes]", Doc: "what went wrong, more exactly", Fields: []dissect.FieldDef{
				{Name: "xmpp.error.specific.condition", Type: dissect.Text, Path: ":", Doc: "name of the condition"},
			}},
		},
	})
}
