package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0428", Title: "Fallback Indication", Label: "fallback",
		Doc:    "The body, or a part of it, is only for clients that do not know what else is in the message.",
		Spaces: []string{"urn:xmpp:fallback:0", "urn:xmpp:feature-fallback:0"},
		Elements: []dissect.Element{
			{Name: "fallback", Field: "xmpp.fallback", Rank: dissect.Mark, Doc: "text is there only for those who do not know an extension", Fields: []dissect.FieldDef{
				{Name: "xmpp.fallback.for", Type: dissect.Text, Path: "@for", Doc: "namespace of what the text stands for"},
				{Name: "xmpp.fallback.start", Type: dissect.Number, Path: "*/@start", Doc: "first character that is fallback"},
				{Name: "xmpp.fallback.end", Type: dissect.Number, Path: "*/@end", Doc: "character behind the last that is fallback"},
			}},
		},
	})
}
