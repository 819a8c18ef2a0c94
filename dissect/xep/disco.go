package xep

import (
	"talktrace/dissect"
)

func init() {
	node := dissect.FieldDef{Name: "xmpp.query.node", Type: dissect.Text, Path: "@node", Doc: "the part of the entity that is asked about"}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0030", Title: "Service Discovery: Info", Label: "disco#info",
		Doc:    "Asks an entity what it is and what it can do.",
		Spaces: []string{"http://jabber.org/protocol/disco#info"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.query", Info: "[, {identity/@category}/{identity/@type}][ {\"identity/@name}][, {#feature feature features}][, node {=@node}]", Check: checkCaps, Fields: []dissect.FieldDef{
				node,
				{Name: "xmpp.query.identity", Type: dissect.Presence, Path: "identity", Doc: "what the entity is", Fields: []dissect.FieldDef{
					{Name: "xmpp.query.identity.category", Type: dissect.Text, Path: "@category", Doc: "its category: client, server, gateway …"},
					{Name: "xmpp.query.identity.type", Type: dissect.Text, Path: "@type", Doc: "its type within the category"},
					{Name: "xmpp.query.identity.name", Type: dissect.Text, Path: "@name", Doc: "its name"},
					{Name: "xmpp.query.identity.lang", Type: dissect.Text, Path: "@xml|lang", Doc: "language of the name"},
				}},
				{Name: "xmpp.query.feature", Type: dissect.Text, Path: "feature/@var", Doc: "what it can do"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0030", Title: "Service Discovery: Items", Label: "disco#items",
		Doc:    "Asks an entity what belongs to it: the services of a server, the rooms of a service, the nodes of pubsub.",
		Spaces: []string{"http://jabber.org/protocol/disco#items"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.query", Info: "[, {#item item items}][, node {=@node}]", Fields: []dissect.FieldDef{
				node,
				{Name: "xmpp.query.item", Type: dissect.Presence, Path: "item", Doc: "something that belongs to the entity", Fields: []dissect.FieldDef{
					{Name: "xmpp.query.item.jid", Type: dissect.JID, Path: "@jid", Doc: "its address"},
					{Name: "xmpp.query.item.name", Type: dissect.Text, Path: "@name", Doc: "its name"},
					{Name: "xmpp.query.item.node", Type: dissect.Text, Path: "@node", Doc: "its node"},
				}},
			}},
		},
	})
}
