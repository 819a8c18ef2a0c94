package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0327", Title: "Rayo", Label: "rayo",
		Doc:    "Controls telephone calls that a media server handles.",
		Spaces: []string{"urn:xmpp:rayo:1"},
		Elements: []dissect.Element{
			{Name: "dial", Field: "xmpp.rayo.dial", Info: "dial[ {@to}][ from {@from}]", Doc: "makes a call", Fields: []dissect.FieldDef{
				{Name: "xmpp.rayo.to", Type: dissect.Text, Path: "@to", Doc: "who is called"},
				{Name: "xmpp.rayo.from", Type: dissect.Text, Path: "@from", Doc: "who calls"},
			}},
			{Name: "offer", Field: "xmpp.rayo.offer", Info: "offer[ {@to}][ from {@from}]", Aside: "[, call from {@from}]", Doc: "a call comes in", Fields: []dissect.FieldDef{
				{Name: "xmpp.rayo.to", Type: dissect.Text, Path: "@to", Doc: "who is called"},
				{Name: "xmpp.rayo.from", Type: dissect.Text, Path: "@from", Doc: "who calls"},
			}},
			{Name: "end", Field: "xmpp.rayo.end", Info: "end[, {*/:}]", Aside: "[, end of call: {*/:}]", Doc: "the call is over", Fields: []dissect.FieldDef{
				{Name: "xmpp.rayo.reason", Type: dissect.Text, Path: "*/:", Doc: "why"},
			}},
			{Name: "ref", Field: "xmpp.rayo.ref", Info: "ref[ {@uri}]", Doc: "the address of what was made", Fields: []dissect.FieldDef{
				{Name: "xmpp.rayo.uri", Type: dissect.Text, Path: "@uri", Doc: "the address"},
			}},
			{Name: "*", Field: "xmpp.rayo.command", Info: "{:}", Doc: "what is to happen to the call, or has", Fields: []dissect.FieldDef{
				{Name: "xmpp.rayo.action", Type: dissect.Text, Path: ":", Doc: "what it is"},
			}},
		},
	})
}
