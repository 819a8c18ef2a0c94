package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0478", Title: "Stream Limits Advertisement", Label: "limits",
		Doc:    "The server says how large a stanza may be, and after how much silence it closes the connection, before a client finds out.",
		Spaces: []string{"urn:xmpp:stream-limits:0"},
		Elements: []dissect.Element{{
			Name: "limits", Field: "xmpp.limits", Offer: "limits[ {max-bytes} bytes][, {idle-seconds} s of silence]", Doc: "the limits of the stream",
			Fields: []dissect.FieldDef{
				{Name: "xmpp.limits.max-bytes", Type: dissect.Number, Path: "max-bytes", Doc: "bytes that an element may have"},
				{Name: "xmpp.limits.idle-seconds", Type: dissect.Number, Path: "idle-seconds", Doc: "seconds of silence after which the connection may be closed"},
			},
		}},
	})
}
