package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0338", Title: "Jingle Grouping Framework", Label: "group",
		Doc:    "Binds contents of a session together; those in a bundle all go over one port (RFC 5888, RFC 8843).",
		Spaces: []string{"urn:xmpp:jingle:apps:grouping:0"},
		Elements: []dissect.Element{
			{Name: "group", Field: "xmpp.jingle.group", Info: "{@semantics} of {&content/@name}", Doc: "contents that belong together", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.group.semantics", Type: dissect.Text, Path: "@semantics", Doc: "how they belong together: BUNDLE, LS …"},
				{Name: "xmpp.jingle.group.content", Type: dissect.Text, Path: "content/@name", Doc: "name of a content in the group"},
			}},
		},
	})
}
