package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0231", Title: "Bits of Binary", Label: "data",
		Doc:    "A small picture or sound, within a stanza or to be asked for by its hash.",
		Spaces: []string{"urn:xmpp:bob"},
		Elements: []dissect.Element{
			{Name: "data", Field: "xmpp.bob", Rank: dissect.Mark, Info: "[{@cid}][, {@type}]", Doc: "some bytes, or a wish for them", Fields: []dissect.FieldDef{
				{Name: "xmpp.bob.cid", Type: dissect.Text, Path: "@cid", Doc: "id of the bytes, made from their hash", Required: true},
				{Name: "xmpp.bob.type", Type: dissect.Text, Path: "@type", Doc: "their media type"},
				{Name: "xmpp.bob.max-age", Type: dissect.Number, Path: "@max-age", Doc: "for how many seconds they may be kept"},
				{Name: "xmpp.bob.data", Type: dissect.Text, Path: ".", Doc: "the bytes, in base64"},
			}},
		},
	})
}
