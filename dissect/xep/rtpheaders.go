package xep

import (
	"talktrace/dissect"
)

func init() {
	const h = contentField + ".description.rtp-hdrext"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0294", Title: "Jingle RTP Header Extensions Negotiation", Label: "rtp-hdrext",
		Doc:    "What RTP packets may carry in their headers besides the usual, such as how loud a voice is (RFC 8285).",
		Spaces: []string{"urn:xmpp:jingle:apps:rtp:rtp-hdrext:0"},
		Elements: []dissect.Element{
			{Name: "rtp-hdrext", Field: h, Info: "header extension {@id}", Doc: "an extension of the RTP header", Fields: []dissect.FieldDef{
				{Name: h + ".id", Type: dissect.Number, Path: "@id", Doc: "its number in packets"},
				{Name: h + ".uri", Type: dissect.Text, Path: "@uri", Doc: "what it is"},
				{Name: h + ".senders", Type: dissect.Text, Path: "@senders", Doc: "who sends it"},
			}},
			{Name: "extmap-allow-mixed", Field: h + ".mixed", Doc: "short and long extensions may be mixed"},
		},
	})
}
