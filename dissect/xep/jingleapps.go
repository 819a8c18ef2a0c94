package xep

import (
	"talktrace/dissect"
)

func init() {
	const p = "xmpp.jinglepub"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0358", Title: "Publishing Available Jingle Sessions", Label: "jinglepub",
		Doc:    "Announces something that can be had, such as a file, and begins the session when somebody asks for it.",
		Spaces: []string{"urn:xmpp:jinglepub:1"},
		Elements: []dissect.Element{
			{Name: "jinglepub", Field: p, Info: "offer[ {~@id}][ from {@from}]", Doc: "something can be had", Fields: []dissect.FieldDef{
				{Name: p + ".id", Type: dissect.Text, Path: "@id", Doc: "id of the offer"},
				{Name: p + ".from", Type: dissect.JID, Path: "@from", Doc: "who has it"},
				{Name: p + ".uri", Type: dissect.Text, Path: "uri", Doc: "where it can be had otherwise"},
			}},
			{Name: "start", Field: p + ".start", Info: "start[ {~@id}]", Doc: "asks for it", Fields: []dissect.FieldDef{
				{Name: p + ".id", Type: dissect.Text, Path: "@id", Doc: "id of the offer"},
			}},
			{Name: "starting", Field: p + ".starting", Info: "starting[ session {~@sid}]", Doc: "the session will begin", Fields: []dissect.FieldDef{
				{Name: p + ".sid", Type: dissect.Text, Path: "@sid", Doc: "id that the session will have"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0265", Title: "Out-of-Band Stream Data", Label: "link",
		Doc:    "A session about something that is fetched from elsewhere, such as the Web.",
		Spaces: []string{"urn:xmpp:jingle:apps:out-of-band:0"},
		Elements: []dissect.Element{
			{Name: "description", Field: contentField + ".description", Info: "a link[ {./~oob/~url}]", Doc: "what is to be sent"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0247", Title: "Jingle XML Streams", Label: "XML stream",
		Doc:    "A session that carries an XMPP stream from client to client.",
		Spaces: []string{"urn:xmpp:jingle:apps:xmlstream:0"},
		Elements: []dissect.Element{
			{Name: "description", Field: contentField + ".description", Info: "XML stream", Doc: "what is to be sent"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0166", Title: "Jingle: Placeholders", Label: "stub",
		Doc:    "Stand in examples and in refusals where there is nothing in particular to be sent, or no way of transport.",
		Spaces: []string{"urn:xmpp:jingle:apps:stub:0", "urn:xmpp:jingle:transports:stub:0"},
		Elements: []dissect.Element{
			{Name: "description", Field: contentField + ".description", Info: "nothing in particular", Doc: "what is to be sent"},
			{Name: "transport", Field: contentField + ".transport", Doc: "how bytes are to find their way"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0507", Title: "Jingle Content Category", Label: "category",
		Doc:    "Says what a content is of, such as a face or a screen.",
		Spaces: []string{"urn:xmpp:jingle:apps:category:0"},
		Elements: []dissect.Element{
			{Name: "category", Field: contentField + ".category", Info: "category {@name}", Doc: "what the content is of", Fields: []dissect.FieldDef{
				{Name: contentField + ".category.name", Type: dissect.Text, Path: "@name", Doc: "speech, screen, slides …"},
			}},
		},
	})
}
