package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0446", Title: "File metadata element", Label: "file",
		Doc:    "What is to be known of a file before one fetches it.",
		Spaces: []string{"urn:xmpp:file:metadata:0"},
		Elements: []dissect.Element{
			{Name: "file", Field: "xmpp.file", Info: "[{\"name}][, {media-type}][, {size} bytes]", Doc: "what is known of a file", Fields: []dissect.FieldDef{
				{Name: "xmpp.file.name", Type: dissect.Text, Path: "name", Doc: "its name"},
				{Name: "xmpp.file.media-type", Type: dissect.Text, Path: "media-type", Doc: "its media type"},
				{Name: "xmpp.file.size", Type: dissect.Number, Path: "size", Doc: "its size in bytes"},
				{Name: "xmpp.file.date", Type: dissect.Time, Path: "date", Doc: "when it was last changed"},
				{Name: "xmpp.file.desc", Type: dissect.Text, Path: "desc", Doc: "what is in it"},
				{Name: "xmpp.file.width", Type: dissect.Number, Path: "width", Doc: "width of a picture in pixels"},
				{Name: "xmpp.file.height", Type: dissect.Number, Path: "height", Doc: "height of a picture in pixels"},
				{Name: "xmpp.file.length", Type: dissect.Number, Path: "length", Doc: "length of a recording in milliseconds"},
			}},
		},
	})
}
