package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0011", Title: "Jabber Browsing", Label: "browse",
		Doc:    "Asked what an entity was before there was service discovery.",
		Spaces: []string{"jabber:iq:browse"},
		Elements: []dissect.Element{
			{Name: "ns", Doc: "a namespace that the entity knows"},
			{Name: "*", Field: "xmpp.browse", Info: "[, {@category}/{@type}][ {\"@name}][, {#item item items}][, {#ns namespace namespaces}]", Doc: "an entity and what belongs to it", Fields: []dissect.FieldDef{
				{Name: "xmpp.browse.jid", Type: dissect.JID, Path: "@jid", Doc: "address of the entity"},
				{Name: "xmpp.browse.name", Type: dissect.Text, Path: "@name", Doc: "its name"},
				{Name: "xmpp.browse.category", Type: dissect.Text, Path: "@category", Doc: "its category"},
				{Name: "xmpp.browse.type", Type: dissect.Text, Path: "@type", Doc: "its type within the category"},
				{Name: "xmpp.browse.ns", Type: dissect.Text, Path: "ns", Doc: "what it can do"},
				{Name: "xmpp.browse.item", Type: dissect.JID, Path: "item/@jid", Doc: "what belongs to it"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0094", Title: "Agent Information", Label: "agents",
		Doc:    "Listed the services of a server, before that.",
		Spaces: []string{"jabber:iq:agents"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.agents", Info: "[, {#agent agent agents}]", Doc: "the services", Fields: []dissect.FieldDef{
				{Name: "xmpp.agents.agent", Type: dissect.JID, Path: "agent/@jid", Doc: "a service"},
				{Name: "xmpp.agents.name", Type: dissect.Text, Path: "agent/name", Doc: "its name"},
				{Name: "xmpp.agents.service", Type: dissect.Text, Path: "agent/service", Doc: "what it is"},
			}},
		},
	})
}
