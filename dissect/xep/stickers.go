package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0449", Title: "Stickers", Label: "sticker",
		Doc:    "Pictures that come in packs, and messages that are one of them; the picture itself is a shared file (XEP-0447).",
		Spaces: []string{"urn:xmpp:stickers:0"},
		Elements: []dissect.Element{
			{Name: "sticker", Field: "xmpp.sticker", Rank: dissect.Mark, Aside: ", sticker", Info: "sticker", Doc: "the file of the message is a sticker", Fields: []dissect.FieldDef{
				{Name: "xmpp.sticker.pack", Type: dissect.Text, Path: "@pack", Doc: "id of the pack that it is from"},
			}},
			{Name: "pack", Field: "xmpp.sticker.definition", Info: "pack[ {\"name}][, {#item sticker stickers}]", Doc: "a pack of stickers", Fields: []dissect.FieldDef{
				{Name: "xmpp.sticker.name", Type: dissect.Text, Path: "name", Doc: "name of the pack"},
				{Name: "xmpp.sticker.summary", Type: dissect.Text, Path: "summary", Doc: "what is in the pack"},
				{Name: "xmpp.sticker.restricted", Type: dissect.Presence, Path: "restricted", Doc: "the pack must not be copied"},
			}},
		},
	})
}
