package xep

import (
	"talktrace/dissect"
)

func init() {
	place := func(spec, title, label, doc, space, element string, more ...dissect.FieldDef) {
		prefix := "xmpp." + label
		dissect.Register(dissect.Extension{
			Spec: spec, Title: title, Label: label, Doc: doc,
			Spaces: []string{space},
			Elements: []dissect.Element{
				{Name: element, Field: prefix, Info: "[{\"name}][{\"title}][ {uri}]", Doc: "what somebody is at just now", Fields: append([]dissect.FieldDef{
					{Name: prefix + ".name", Type: dissect.Text, Path: "name", Doc: "its name"},
					{Name: prefix + ".title", Type: dissect.Text, Path: "title", Doc: "its title"},
					{Name: prefix + ".uri", Type: dissect.Text, Path: "uri", Doc: "its address"},
				}, more...)},
			},
		})
	}
	place("XEP-0194", "User Chatting", "chatting", "The room that somebody is in.", "urn:xmpp:chatting:0", "room",
		dissect.FieldDef{Name: "xmpp.chatting.topic", Type: dissect.Text, Path: "topic", Doc: "what is talked about there"})
	place("XEP-0195", "User Browsing", "browsing", "The page that somebody is looking at.", "urn:xmpp:browsing:0", "page",
		dissect.FieldDef{Name: "xmpp.browsing.description", Type: dissect.Text, Path: "description", Doc: "what is on the page"},
		dissect.FieldDef{Name: "xmpp.browsing.keywords", Type: dissect.Text, Path: "keywords", Doc: "words for what is on the page"})
	place("XEP-0196", "User Gaming", "gaming", "The game that somebody is playing.", "urn:xmpp:gaming:0", "game",
		dissect.FieldDef{Name: "xmpp.gaming.level", Type: dissect.Text, Path: "level", Doc: "how far the player has come"},
		dissect.FieldDef{Name: "xmpp.gaming.server", Type: dissect.Text, Path: "server_name", Doc: "name of the server"},
		dissect.FieldDef{Name: "xmpp.gaming.character", Type: dissect.Text, Path: "character_name", Doc: "who the player is in the game"})
	place("XEP-0197", "User Viewing", "viewing", "The film or program that somebody is watching.", "urn:xmpp:viewing:0", "video",
		dissect.FieldDef{Name: "xmpp.viewing.program", Type: dissect.Text, Path: "program_name", Doc: "name of the program"},
		dissect.FieldDef{Name: "xmpp.viewing.episode", Type: dissect.Text, Path: "episode_name", Doc: "name of the part of a series"},
		dissect.FieldDef{Name: "xmpp.viewing.channel", Type: dissect.Text, Path: "channel_name", Doc: "name of the channel"})
}
