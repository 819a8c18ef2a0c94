package xep

import (
	"talktrace/dissect"
)

const nsCompress = "http://jabber.org/protocol/compress"

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0138", Title: "Stream Compression", Label: "compress",
		Doc:    "From <compressed/> on, all that is sent is compressed.",
		Spaces: []string{nsCompress},
		Elements: []dissect.Element{
			{Name: "compress", Field: "xmpp.compress", Info: "{method}", Doc: "asks for compression", Fields: []dissect.FieldDef{
				{Name: "xmpp.compress.method", Type: dissect.Text, Path: "method", Doc: "the method asked for"},
			}},
			{Name: "compressed", Field: "xmpp.compressed", Info: "compressed from here on", Doc: "the stream begins anew, compressed"},
			{Name: "failure", Field: "xmpp.compress.failure", Doc: "there will be no compression", Describe: func(l *dissect.Line, n int32) { l.Failure(n, nsCompress) }, Fields: []dissect.FieldDef{
				{Name: "xmpp.compress.failure.condition", Type: dissect.Text, Path: "!text/:", Doc: "why not"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0138", Title: "Stream Compression: Offer", Label: "compression",
		Doc:    "The methods of compression that a server knows.",
		Spaces: []string{"http://jabber.org/features/compress"},
		Elements: []dissect.Element{
			{Name: "compression", Field: "xmpp.compression", Offer: "compression[ {&method}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.compression.method", Type: dissect.Text, Path: "method", Doc: "a method on offer"},
			}},
		},
	})
}
