package xep

import (
	"talktrace/dissect"
)

func init() {
	room := []dissect.FieldDef{
		{Name: "xmpp.bookmarks.name", Type: dissect.Text, Path: "@name", Doc: "what the user calls the room"},
		{Name: "xmpp.bookmarks.autojoin", Type: dissect.Boolean, Path: "@autojoin", Doc: "the client is to enter the room by itself"},
		{Name: "xmpp.bookmarks.nick", Type: dissect.Text, Path: "nick", Doc: "nickname in the room"},
		{Name: "xmpp.bookmarks.password", Type: dissect.Text, Path: "password", Doc: "password of the room"},
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0048", Title: "Bookmarks", Label: "bookmarks",
		Doc:    "A list of rooms and web pages, kept as a whole in private storage or under a node of pubsub.",
		Spaces: []string{"storage:bookmarks"},
		Elements: []dissect.Element{
			{Name: "storage", Field: "xmpp.bookmarks", Info: "[, {#conference room rooms}][, {#url page pages}]", Doc: "the list", Fields: []dissect.FieldDef{{Name: "xmpp.bookmarks.conference", Type: dissect.Presence, Path: "conference", Doc: "a room", Fields: append(fieldsOf(room), dissect.FieldDef{Name: "xmpp.bookmarks.jid", Type: dissect.JID, Path: "@jid", Doc: "address of the room"})}, {Name: "xmpp.bookmarks.url", Type: dissect.Text, Path: "url/@url", Doc: "address of a web page"}}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0402", Title: "PEP Native Bookmarks", Label: "bookmarks",
		Doc:    "A room to come back to, one item of pubsub to a room; the item's id is the room's address.",
		Spaces: []string{"urn:xmpp:bookmarks:1", "urn:xmpp:bookmarks:0"},
		Elements: []dissect.Element{
			{Name: "conference", Field: "xmpp.bookmarks.conference", Info: "[{\"@name}][, as {nick}][, autojoin {@autojoin}]", Doc: "a room", Fields: append(fieldsOf(room), dissect.FieldDef{Name: "xmpp.bookmarks.extension", Type: dissect.Text, Path: "extensions/*/:", Doc: "name of what else is kept with the room"})},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0469", Title: "Bookmark Pinning",
		Doc:    "Marks a bookmarked room as one to be shown before others.",
		Spaces: []string{"urn:xmpp:bookmarks-pinning:0"},
		Elements: []dissect.Element{
			{Name: "pinned", Field: "xmpp.bookmarks.pinned", Doc: "the room is to be shown first"},
		},
	})
}
