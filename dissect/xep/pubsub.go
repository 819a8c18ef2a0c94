package xep

import (
	"talktrace/dissect"
)

func init() {
	action := dissect.FieldDef{Name: "xmpp.pubsub.action", Type: dissect.Text, Path: "*/:", Doc: "what is asked for or told"}
	node := dissect.FieldDef{Name: "xmpp.pubsub.node", Type: dissect.Text, Path: "*/@node", Doc: "name of the node"}
	item := dissect.FieldDef{Name: "xmpp.pubsub.item", Type: dissect.Presence, Path: "*/item", Doc: "an item of a node", Fields: []dissect.FieldDef{
		{Name: "xmpp.pubsub.item.id", Type: dissect.Text, Path: "@id", Doc: "id of the item"},
		{Name: "xmpp.pubsub.item.publisher", Type: dissect.JID, Path: "@publisher", Doc: "who published it"},
		{Name: "xmpp.pubsub.item.node", Type: dissect.Text, Path: "@node", Doc: "node that it came from, where a collection sends it"},
	}}
	redirect := dissect.FieldDef{Name: "xmpp.pubsub.redirect", Type: dissect.Text, Path: "delete/redirect/@uri", Doc: "where what was in a deleted node is now"}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0060", Title: "Publish-Subscribe", Label: "pubsub",
		Doc:    "Items are published under the name of a node, and all who subscribed to it are told. Avatars, bookmarks, keys and moods travel this way (XEP-0163).",
		Spaces: []string{"http://jabber.org/protocol/pubsub"},
		Elements: []dissect.Element{
			{Name: "pubsub", Field: "xmpp.pubsub", Describe: describePubsub, Doc: "a request to a pubsub service, or its answer", Fields: []dissect.FieldDef{
				action,
				node,
				{Name: "xmpp.pubsub.jid", Type: dissect.JID, Path: "*/@jid", Doc: "who subscribes"},
				{Name: "xmpp.pubsub.subscription", Type: dissect.Text, Path: "*/@subscription", Doc: "state of the subscription"},
				{Name: "xmpp.pubsub.subid", Type: dissect.Text, Path: "*/@subid", Doc: "id of the subscription"},
				{Name: "xmpp.pubsub.max_items", Type: dissect.Number, Path: "items/@max_items", Doc: "how many items are wanted"},
				item,
				{Name: "xmpp.pubsub.notify", Type: dissect.Boolean, Path: "retract/@notify", Doc: "subscribers are to be told"},
				{Name: "xmpp.pubsub.subscriptions.item", Type: dissect.Text, Path: "subscriptions/subscription/@subscription", Doc: "state of one of several subscriptions", Fields: listed("subscriptions")},
				{Name: "xmpp.pubsub.affiliation", Type: dissect.Text, Path: "affiliations/affiliation/@affiliation", Doc: "what somebody may do", Fields: listed("affiliation")},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0060", Title: "Publish-Subscribe: Events", Label: "pubsub event",
		Doc:    "Tells a subscriber what has been published under a node, or has become of the node.",
		Spaces: []string{"http://jabber.org/protocol/pubsub#event"},
		Elements: []dissect.Element{
			{Name: "event", Field: "xmpp.pubsub.event", Describe: describePubsubEvent, Rank: dissect.Content, Doc: "what has happened to a node", Fields: []dissect.FieldDef{
				action,
				node,
				{Name: "xmpp.pubsub.jid", Type: dissect.JID, Path: "*/@jid", Doc: "who subscribes"},
				{Name: "xmpp.pubsub.subscription", Type: dissect.Text, Path: "*/@subscription", Doc: "state of the subscription"},
				{Name: "xmpp.pubsub.subid", Type: dissect.Text, Path: "*/@subid", Doc: "id of the subscription"},
				item,
				{Name: "xmpp.pubsub.retract", Type: dissect.Text, Path: "items/retract/@id", Doc: "id of an item that is taken back"},
				{Name: "xmpp.pubsub.associate", Type: dissect.Text, Path: "collection/associate/@node", Doc: "node that is part of a collection now"},
				{Name: "xmpp.pubsub.disassociate", Type: dissect.Text, Path: "collection/disassociate/@node", Doc: "node that is no longer part of a collection"},
				redirect,
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0060", Title: "Publish-Subscribe: Owners", Label: "pubsub owner",
		Doc:    "How the owner of a node configures it and decides who may do what.",
		Spaces: []string{"http://jabber.org/protocol/pubsub#owner"},
		Elements: []dissect.Element{
			{Name: "pubsub", Field: "xmpp.pubsub.owner", Describe: describePubsub, Doc: "a request of an owner, or its answer", Fields: []dissect.FieldDef{
				action,
				node,
				{Name: "xmpp.pubsub.subscriptions.item", Type: dissect.Text, Path: "subscriptions/subscription/@subscription", Doc: "state of one of several subscriptions", Fields: listed("subscriptions")},
				{Name: "xmpp.pubsub.affiliation", Type: dissect.Text, Path: "affiliations/affiliation/@affiliation", Doc: "what somebody may do", Fields: listed("affiliation")},
				redirect,
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0060", Title: "Publish-Subscribe: Errors", Label: "pubsub error",
		Doc:    "Conditions that say why a pubsub service refused something.",
		Spaces: []string{"http://jabber.org/protocol/pubsub#errors"},
		Elements: []dissect.Element{
			{Name: "*", Field: "xmpp.pubsub.error", Info: "{:}[ {@feature}]", Doc: "why it was refused", Fields: []dissect.FieldDef{
				{Name: "xmpp.pubsub.error.condition", Type: dissect.Text, Path: ":", Doc: "name of the condition"},
				{Name: "xmpp.pubsub.error.feature", Type: dissect.Text, Path: "@feature", Doc: "what the service does not support"},
			}},
		},
	})
}

// listed are the fields of an entry in a list of subscriptions or affiliations.
func listed(of string) []dissect.FieldDef {
	return []dissect.FieldDef{
		{Name: "xmpp.pubsub." + of + ".jid", Type: dissect.JID, Path: "@jid", Doc: "whose it is"},
		{Name: "xmpp.pubsub." + of + ".node", Type: dissect.Text, Path: "@node", Doc: "the node that it is for"},
	}
}

// describePubsub tells what is asked of a service: the first child is the
// request, what follows are its options (XEP-0060 sections 5 to 8).
func describePubsub(l *dissect.Line, n int32) {
	t := l.Tree
	c := t.Nodes[n].Child
	if c < 0 {
		return
	}
	l.Name(c)
	if l.Add(" "); !l.Named(c, "node") {
		l.Add("of all nodes")
	}
	l.Labelled(", ", c, "subscription")
	describeItems(l, c)
}

// describeItems tells how many items, subscriptions or affiliations there are,
// and of a single item what it says.
func describeItems(l *dissect.Line, n int32) {
	t := l.Tree
	count, first := 0, t.Nodes[n].Child
	for c := first; c >= 0; c = t.Nodes[c].Next {
		if t.Nodes[c].Space == t.Nodes[n].Space {
			count++
		}
	}
	switch {
	case count == 0:
	case string(t.Local(first)) != "item":
		if name := string(t.Local(first)); name == "subscription" || name == "affiliation" {
			l.Add(", ").Number(count)
		}
	case count > 1:
		l.Add(", ").Count(count, "item", "items")
	case t.Nodes[first].Child >= 0:
		before := l.Len()
		if l.Contents(t.Nodes[first].Child); l.Len() == before {
			l.Labelled(", item ", first, "id")
		}
	default:
		l.Labelled(", item ", first, "id")
	}
}

// describePubsubEvent tells what has happened to a node (XEP-0060 sections 7.1.2
// and 8, XEP-0248).
func describePubsubEvent(l *dissect.Line, n int32) {
	t := l.Tree
	l.Add("event")
	c := t.Nodes[n].Child
	if c < 0 {
		l.Add(" about nothing")
		return
	}
	if l.Add(" "); !l.Named(c, "node") {
		l.Add("of no node")
	}
	switch string(t.Local(c)) {
	case "purge":
		l.Add(", all items deleted")
	case "delete":
		l.Add(", the node is deleted")
	case "configuration":
		l.Add(", the node has a new configuration")
	case "subscription":
		l.Labelled(", subscription ", c, "subscription").Labelled(" of ", c, "jid")
	case "collection":
		for k := t.Nodes[c].Child; k >= 0; k = t.Nodes[k].Next {
			l.Add(", ").Name(k).Labelled(" ", k, "node")
		}
	default:
		describeChanges(l, c)
	}
}

// describeChanges tells of items that were published and retracted.
func describeChanges(l *dissect.Line, n int32) {
	t := l.Tree
	retracted := 0
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) == "retract" {
			retracted++
		}
	}
	if retracted == 0 {
		describeItems(l, n)
		return
	}
	if c := t.Nodes[n].Child; retracted == 1 && t.Nodes[c].Next < 0 {
		l.Labelled(", retracted ", c, "id")
		return
	}
	l.Add(", ").Number(retracted).Add(" retracted")
}
