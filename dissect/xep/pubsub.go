package xep

import (
	"talktrace/dissect"
)

func init() {
	item := dissect.FieldDef{Name: "xmpp.pubsub.item", Type: dissect.Presence, Path: "*/item", Doc: "an item of a node", Fields: []dissect.FieldDef{
		{Name: "xmpp.pubsub.item.id", Type: dissect.Text, Path: "@id", Doc: "id of the item"},
		{Name: "xmpp.pubsub.item.publisher", Type: dissect.JID, Path: "@publisher", Doc: "who published it"},
	}}
	node := dissect.FieldDef{Name: "xmpp.pubsub.node", Type: dissect.Text, Path: "*/@node", Doc: "name of the node"}
	action := dissect.FieldDef{Name: "xmpp.pubsub.action", Type: dissect.Text, Path: "*/:", Doc: "what is asked for or told"}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0060", Title: "Publish-Subscribe", Label: "pubsub",
		Doc:    "Items are published under the name of a node, and all who subscribed to it are told. Avatars, bookmarks, keys and moods travel this way (XEP-0163).",
		Spaces: []string{"http://jabber.org/protocol/pubsub"},
		Elements: []dissect.Element{
			{Name: "pubsub", Field: "xmpp.pubsub", Info: "{*/:}[ {*/@node}]", Doc: "a request to a pubsub service, or its answer", Fields: []dissect.FieldDef{
				action, node, item,
				{Name: "xmpp.pubsub.jid", Type: dissect.JID, Path: "*/@jid", Doc: "who subscribes"},
				{Name: "xmpp.pubsub.subscription", Type: dissect.Text, Path: "*/@subscription", Doc: "state of the subscription"},
				{Name: "xmpp.pubsub.retract", Type: dissect.Text, Path: "retract/item/@id", Doc: "id of an item that is taken back"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0060", Title: "Publish-Subscribe: Events", Label: "pubsub#event",
		Doc:    "Tells a subscriber what has been published under a node.",
		Spaces: []string{"http://jabber.org/protocol/pubsub#event"},
		Elements: []dissect.Element{
			{Name: "event", Field: "xmpp.pubsub.event", Info: "event[ {*/@node}][, {#*/item item items}][, {#items/retract retracted retracted}]", Rank: dissect.Content, Doc: "what has happened to a node", Fields: []dissect.FieldDef{
				action, node, item,
				{Name: "xmpp.pubsub.retract", Type: dissect.Text, Path: "items/retract/@id", Doc: "id of an item that is taken back"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0060", Title: "Publish-Subscribe: Owners", Label: "pubsub#owner",
		Doc:    "How the owner of a node configures it and decides who may do what.",
		Spaces: []string{"http://jabber.org/protocol/pubsub#owner"},
		Elements: []dissect.Element{
			{Name: "pubsub", Field: "xmpp.pubsub.owner", Info: "{*/:}[ {*/@node}]", Doc: "a request of an owner, or its answer", Fields: []dissect.FieldDef{
				action, node,
				{Name: "xmpp.pubsub.affiliation", Type: dissect.Text, Path: "affiliations/affiliation/@affiliation", Doc: "what somebody may do"},
			}},
		},
	})
}
