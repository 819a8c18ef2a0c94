package xep

import (
	"talktrace/dissect"
)

func init() {
	item := []dissect.FieldDef{
		{Name: "xmpp.blocking.jid", Type: dissect.JID, Path: "item/@jid", Doc: "who is blocked"},
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0191", Title: "Blocking Command", Label: "blocking",
		Doc:    "Keeps a list of those whose stanzas the server is to withhold.",
		Spaces: []string{"urn:xmpp:blocking"},
		Elements: []dissect.Element{
			{Name: "blocklist", Field: "xmpp.blocking.list", Info: "[, {#item item items}]", Doc: "the list", Fields: fieldsOf(item)},
			{Name: "block", Field: "xmpp.blocking.block", Info: "[, {#item item items}]", Doc: "puts somebody on the list", Fields: fieldsOf(item)},
			{Name: "unblock", Field: "xmpp.blocking.unblock", Info: "[, {#item item items}]", Doc: "takes somebody off the list", Fields: fieldsOf(item)},
		},
	})
}
