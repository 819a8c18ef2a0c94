package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0433", Title: "Extended Channel Search", Label: "channel search",
		Doc:    "Looks for public rooms and channels on all servers that a search service knows.",
		Spaces: []string{"urn:xmpp:channel-search:0:search"},
		Elements: []dissect.Element{
			{Name: "search", Field: "xmpp.channel-search", Info: "[ {\"~x/~field(var=q)/~value}]", Doc: "what is looked for", Fields: []dissect.FieldDef{
				{Name: "xmpp.channel-search.text", Type: dissect.Text, Path: "~x/~field(var=q)/~value", Doc: "the words that are looked for"},
			}},
			{Name: "result", Field: "xmpp.channel-search.result", Info: "[, {#item channel channels}]", Doc: "what was found", Fields: []dissect.FieldDef{
				{Name: "xmpp.channel-search.item", Type: dissect.Presence, Path: "item", Doc: "a channel", Fields: []dissect.FieldDef{
					{Name: "xmpp.channel-search.item.jid", Type: dissect.JID, Path: "@address", Doc: "address of the channel"},
					{Name: "xmpp.channel-search.item.name", Type: dissect.Text, Path: "name", Doc: "its name"},
					{Name: "xmpp.channel-search.item.description", Type: dissect.Text, Path: "description", Doc: "what it is about"},
					{Name: "xmpp.channel-search.item.users", Type: dissect.Number, Path: "nusers", Doc: "how many are in it"},
					{Name: "xmpp.channel-search.item.open", Type: dissect.Presence, Path: "is-open", Doc: "anybody may enter"},
				}},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0433", Title: "Extended Channel Search: Errors", Label: "channel search",
		Doc:    "Why a search was refused.",
		Spaces: []string{"urn:xmpp:channel-search:0:error"},
		Elements: []dissect.Element{
			{Name: "*", Field: "xmpp.channel-search.error", Info: "{:}[, try again in {@retry-after} seconds]", Doc: "why the search was refused", Fields: []dissect.FieldDef{
				{Name: "xmpp.channel-search.error.condition", Type: dissect.Text, Path: ":", Doc: "name of the condition"},
				{Name: "xmpp.channel-search.error.retry-after", Type: dissect.Number, Path: "@retry-after", Doc: "seconds to wait"},
			}},
		},
	})
}
