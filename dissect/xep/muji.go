package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0272", Title: "Multiparty Jingle (Muji)", Label: "muji",
		Doc:    "A call of several without anybody in the middle: who takes part says so in the presence to a room, and each calls each.",
		Spaces: []string{"urn:xmpp:jingle:muji:0", "http://telepathy.freedesktop.org/xmpp/muji"},
		Elements: []dissect.Element{
			{
				Name: "muji", Field: "xmpp.muji", Doc: "takes part in a call of the room",
				Info:  "[in {@room}][, about to join{?preparing}][, {#content content contents}]",
				Aside: ", in a group call[, about to join{?preparing}][, {&content/~description/@media}]",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.muji.room", Type: dissect.JID, Path: "@room", Doc: "the room that the call belongs to"},
					{Name: "xmpp.muji.preparing", Type: dissect.Presence, Path: "preparing", Doc: "about to join: those who come later wait"},
					{Name: "xmpp.muji.content", Type: dissect.Text, Path: "content/@name", Doc: "name of a content of the call"},
				},
			},
		},
	})
}
