package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0136", Title: "Message Archiving", Label: "archive",
		Doc:    "How conversations were kept by the server before there was message archive management (XEP-0313).",
		Spaces: []string{"urn:xmpp:archive"},
		Elements: []dissect.Element{
			{Name: "list", Field: "xmpp.archive.list", Info: "list[, with {@with}][, since {@start}][, {#chat conversation conversations}]", Doc: "the conversations that are kept", Fields: []dissect.FieldDef{
				{Name: "xmpp.archive.with", Type: dissect.JID, Path: "@with", Doc: "with whom"},
				{Name: "xmpp.archive.start", Type: dissect.Time, Path: "@start", Doc: "since when"},
				{Name: "xmpp.archive.end", Type: dissect.Time, Path: "@end", Doc: "until when"},
				{Name: "xmpp.archive.chat", Type: dissect.JID, Path: "chat/@with", Doc: "a conversation"},
			}},
			{Name: "retrieve", Field: "xmpp.archive.retrieve", Info: "conversation[ with {@with}][, of {@start}]", Doc: "asks for a conversation", Fields: []dissect.FieldDef{
				{Name: "xmpp.archive.with", Type: dissect.JID, Path: "@with", Doc: "with whom"},
				{Name: "xmpp.archive.start", Type: dissect.Time, Path: "@start", Doc: "since when"},
			}},
			{Name: "chat", Field: "xmpp.archive.chat_content", Info: "conversation[ with {@with}][, of {@start}]", Doc: "a conversation", Fields: []dissect.FieldDef{
				{Name: "xmpp.archive.with", Type: dissect.JID, Path: "@with", Doc: "with whom"},
				{Name: "xmpp.archive.start", Type: dissect.Time, Path: "@start", Doc: "since when"},
			}},
			{Name: "save", Field: "xmpp.archive.save", Info: "save[ with {chat/@with}]", Doc: "a client puts a conversation there itself"},
			{Name: "remove", Field: "xmpp.archive.remove", Info: "remove[ with {@with}][, since {@start}]", Doc: "deletes conversations", Fields: []dissect.FieldDef{
				{Name: "xmpp.archive.with", Type: dissect.JID, Path: "@with", Doc: "with whom"},
			}},
			{Name: "pref", Field: "xmpp.archive.pref", Info: "preferences[, save {default/@save}][, off the record {default/@otr}]", Doc: "what is to be archived", Fields: []dissect.FieldDef{
				{Name: "xmpp.archive.pref.save", Type: dissect.Text, Path: "default/@save", Doc: "what is kept: body, false, message or stream"},
				{Name: "xmpp.archive.pref.otr", Type: dissect.Text, Path: "default/@otr", Doc: "how one feels about talking off the record"},
			}},
			{Name: "auto", Field: "xmpp.archive.auto", Info: "automatic[ {@save}]", Doc: "turns archiving on and off", Fields: []dissect.FieldDef{
				{Name: "xmpp.archive.auto.save", Type: dissect.Boolean, Path: "@save", Doc: "the server is to archive by itself"},
			}},
		},
	})
}
