package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0221", Title: "Data Forms Media Element",
		Doc:    "Puts a picture or a sound into a field of a form, such as the letters that a captcha wants to have typed.",
		Spaces: []string{"urn:xmpp:media-element"},
		Elements: []dissect.Element{
			{Name: "media", Field: "xmpp.x-data.media", Doc: "a picture or a sound", Fields: []dissect.FieldDef{
				{Name: "xmpp.x-data.media.width", Type: dissect.Number, Path: "@width", Doc: "width in pixels"},
				{Name: "xmpp.x-data.media.height", Type: dissect.Number, Path: "@height", Doc: "height in pixels"},
				{Name: "xmpp.x-data.media.uri", Type: dissect.Text, Path: "uri", Doc: "where it is", Fields: []dissect.FieldDef{
					{Name: "xmpp.x-data.media.type", Type: dissect.Text, Path: "@type", Doc: "media type"},
				}},
			}},
		},
	})
}
