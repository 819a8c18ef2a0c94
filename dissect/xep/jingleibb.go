package xep

import (
	"talktrace/dissect"
)

func init() {
	const tr = contentField + ".transport"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0261", Title: "Jingle In-Band Bytestreams Transport Method", Label: "IBB",
		Doc:    "Bytes go through the servers after all, as base64 in stanzas: slow, and it always works.",
		Spaces: []string{"urn:xmpp:jingle:transports:ibb:1", "urn:xmpp:jingle:transports:ibb:0"},
		Elements: []dissect.Element{
			{Name: "transport", Field: tr, Info: "[ {~@sid}][, blocks of {@block-size} bytes]", Doc: "how bytes are to find their way", Fields: []dissect.FieldDef{
				{Name: tr + ".sid", Type: dissect.Text, Path: "@sid", Doc: "id of the bytestream"},
				{Name: tr + ".block-size", Type: dissect.Number, Path: "@block-size", Doc: "at most so many bytes in a stanza"},
				{Name: tr + ".stanza", Type: dissect.Text, Path: "@stanza", Doc: "what carries the data: iq or message"},
			}},
		},
	})
}
