package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0084", Title: "User Avatar: Data", Label: "avatar data",
		Doc:    "The picture of an account itself, under a node that contacts fetch it from once its metadata have changed.",
		Spaces: []string{"urn:xmpp:avatar:data", "http://www.xmpp.org/extensions/xep-0084.html#ns-data"},
		Elements: []dissect.Element{
			{Name: "data", Field: "xmpp.avatar.data", Describe: describePicture, Doc: "the picture", Fields: []dissect.FieldDef{
				{Name: "xmpp.avatar.data.base64", Type: dissect.Text, Path: ".", Doc: "the picture, in base64"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0084", Title: "User Avatar: Metadata", Label: "avatar metadata",
		Doc:    "Tells contacts that the picture of an account has changed: its hash, size and type.",
		Spaces: []string{"urn:xmpp:avatar:metadata", "http://www.xmpp.org/extensions/xep-0084.html#ns-metadata"},
		Elements: []dissect.Element{
			{Name: "metadata", Field: "xmpp.avatar.metadata", Describe: describePictures, Doc: "which pictures there are", Fields: []dissect.FieldDef{
				{Name: "xmpp.avatar.info", Type: dissect.Presence, Path: "info", Doc: "a picture", Fields: []dissect.FieldDef{
					{Name: "xmpp.avatar.info.id", Type: dissect.Text, Path: "@id", Doc: "SHA-1 of the picture"},
					{Name: "xmpp.avatar.info.type", Type: dissect.Text, Path: "@type", Doc: "media type"},
					{Name: "xmpp.avatar.info.bytes", Type: dissect.Number, Path: "@bytes", Doc: "size in bytes"},
					{Name: "xmpp.avatar.info.width", Type: dissect.Number, Path: "@width", Doc: "width in pixels"},
					{Name: "xmpp.avatar.info.height", Type: dissect.Number, Path: "@height", Doc: "height in pixels"},
					{Name: "xmpp.avatar.info.url", Type: dissect.Text, Path: "@url", Doc: "where else it is"},
				}},
			}},
		},
	})
}

// describePicture tells about how large a picture in base64 is.
func describePicture(l *dissect.Line, n int32) {
	if size := l.Tree.Nodes[n].Inner.Len(); size > 0 {
		l.Add("about ").Count(size/4*3, "byte", "bytes")
	}
}

// describePictures tells of the first picture, or that there is none (XEP-0084
// section 4.2.4).
func describePictures(l *dissect.Line, n int32) {
	c := l.Tree.Find(n, l.Tree.Nodes[n].Space, "info")
	if c < 0 {
		l.Add("no avatar")
		return
	}
	l.Attr(c, "type")
	l.Labelled(" ", c, "width").Labelled("x", c, "height").ID(" ", c, "id")
}
