package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0335", Title: "JSON Containers", Label: "JSON",
		Doc:    "Carries a JSON text as it is, for programs that talk to each other by XMPP.",
		Spaces: []string{"urn:xmpp:json:0"},
		Elements: []dissect.Element{
			{Name: "json", Info: "[{.}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.json", Type: dissect.Text, Path: ".", Doc: "a JSON text"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0432", Title: "Simple JSON Messaging", Label: "JSON",
		Doc:    "A message that is a JSON text, and what kind of text it is.",
		Spaces: []string{"urn:xmpp:json-msg:0"},
		Elements: []dissect.Element{
			{Name: "payload", Field: "xmpp.json.payload", Info: "[{@datatype}][ {./~json}]", Doc: "a JSON text of a certain kind", Fields: []dissect.FieldDef{
				{Name: "xmpp.json.datatype", Type: dissect.Text, Path: "@datatype", Doc: "which kind of text it is"},
			}},
		},
	})
}
