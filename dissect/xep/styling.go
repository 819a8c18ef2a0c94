package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0393", Title: "Message Styling", Label: "unstyled",
		Doc:    "Asterisks and the like in a body stand for bold and italics; this says that in this message they do not.",
		Spaces: []string{"urn:xmpp:styling:0"},
		Elements: []dissect.Element{
			{Name: "unstyled", Field: "xmpp.unstyled", Rank: dissect.Mark, Doc: "asterisks and the like are only asterisks"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0394", Title: "Message Markup", Label: "markup",
		Doc:    "Tells apart from the body which of its characters are bold, code, quotations or lists.",
		Spaces: []string{"urn:xmpp:markup:0"},
		Elements: []dissect.Element{
			{Name: "markup", Field: "xmpp.markup", Rank: dissect.Mark, Doc: "how parts of the body are to look", Fields: []dissect.FieldDef{
				{Name: "xmpp.markup.part", Type: dissect.Text, Path: "*/:", Doc: "what a part of the body is: span, bcode, bquote or list", Fields: []dissect.FieldDef{
					{Name: "xmpp.markup.start", Type: dissect.Number, Path: "@start", Doc: "its first character"},
					{Name: "xmpp.markup.end", Type: dissect.Number, Path: "@end", Doc: "the character behind its last"},
					{Name: "xmpp.markup.style", Type: dissect.Text, Path: "*/:", Doc: "how it is to look"},
				}},
			}},
		},
	})
}
