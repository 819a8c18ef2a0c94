package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0071", Title: "XHTML-IM", Label: "XHTML",
		Doc:    "The body once more, as a small part of HTML. Given up because clients kept letting in scripts.",
		Spaces: []string{"http://jabber.org/protocol/xhtml-im"},
		Elements: []dissect.Element{
			{Name: "html", Field: "xmpp.xhtml-im", Rank: dissect.Content, Describe: func(l *dissect.Line, n int32) {
				l.Add("XHTML, ").Count(l.Tree.Nodes[n].Inner.Len(), "byte", "bytes")
			}, Doc: "the body as XHTML"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0071", Title: "XHTML-IM: XHTML", Label: "XHTML",
		Doc:    "The elements of XHTML that a message may have.",
		Spaces: []string{"http://www.w3.org/1999/xhtml"},
		Elements: []dissect.Element{
			{Name: "*", Fields: []dissect.FieldDef{
				{Name: "xmpp.xhtml.element", Type: dissect.Text, Path: ":", Doc: "name of an XHTML element", Fields: []dissect.FieldDef{
					{Name: "xmpp.xhtml.text", Type: dissect.Text, Path: ".", Doc: "text directly inside an XHTML element"},
					{Name: "xmpp.xhtml.style", Type: dissect.Text, Path: "@style", Doc: "how it is to look, as CSS"},
					{Name: "xmpp.xhtml.href", Type: dissect.Text, Path: "@href", Doc: "where a link leads"},
					{Name: "xmpp.xhtml.src", Type: dissect.Text, Path: "@src", Doc: "where a picture is"},
				}},
			}},
		},
	})
}
