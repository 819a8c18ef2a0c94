package xep

import (
	"talktrace/dissect"
)

func init() {
	version := dissect.FieldDef{Name: "xmpp.muclight.version", Type: dissect.Text, Path: "version", Doc: "state of the room, which the next change follows"}
	user := dissect.FieldDef{Name: "xmpp.muclight.user", Type: dissect.JID, Path: "user", Doc: "somebody in the room", Fields: []dissect.FieldDef{
		{Name: "xmpp.muclight.affiliation", Type: dissect.Text, Path: "@affiliation", Doc: "owner, member or none", OneOf: "owner member none"},
	}}
	name := dissect.FieldDef{Name: "xmpp.muclight.name", Type: dissect.Text, Path: "roomname", Doc: "name of the room"}
	dissect.Register(dissect.Extension{
		Spec: "MongooseIM", Title: "MUC Light: Affiliations", Label: "muclight",
		Doc:    "Rooms without presence, for telephones: one is in a room until one leaves it or is put out.",
		Spaces: []string{"urn:xmpp:muclight:0#affiliations"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.muclight.change", Rank: dissect.Instead, Info: "room change{>}[: {user} {user/@affiliation}]", Doc: "who is now what in the room", Fields: fieldsOf([]dissect.FieldDef{version, user})},
			{Name: "query", Field: "xmpp.muclight.affiliations", Info: "affiliations[, {#user user users}]", Doc: "asks for or changes who is in the room", Fields: fieldsOf([]dissect.FieldDef{version, user})},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "MongooseIM", Title: "MUC Light: Configuration", Label: "muclight",
		Doc:    "Name and subject of a room.",
		Spaces: []string{"urn:xmpp:muclight:0#configuration", "urn:xmpp:muclight:0#create", "urn:xmpp:muclight:0#info"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.muclight.configuration", Rank: dissect.Instead, Info: "room change{>}[: name {\"roomname}]", Doc: "name and subject of a room", Fields: fieldsOf([]dissect.FieldDef{version, name})},
			{Name: "query", Field: "xmpp.muclight.configuration", Info: "configuration[, name {\"roomname}]", Doc: "name and subject of a room", Fields: []dissect.FieldDef{
				version, name,
				{Name: "xmpp.muclight.name", Type: dissect.Text, Path: "configuration/roomname", Doc: "name of the room"},
				{Name: "xmpp.muclight.user", Type: dissect.JID, Path: "occupants/user", Doc: "somebody in the room", Fields: fieldsOf(user.Fields)},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "ejabberd", Title: "MUC/Sub", Label: "mucsub",
		Doc:    "Messages of a room, as pubsub events, for those who are not in it; made for telephones.",
		Spaces: []string{"urn:xmpp:mucsub:0"},
		Elements: []dissect.Element{
			{Name: "subscribe", Field: "xmpp.mucsub.subscribe", Info: "subscribe[ {@jid}][ as {\"@nick}][, {#event kind kinds} of events]", Doc: "wants events of a room", Fields: []dissect.FieldDef{
				{Name: "xmpp.mucsub.jid", Type: dissect.JID, Path: "@jid", Doc: "who is to get the events"},
				{Name: "xmpp.mucsub.nick", Type: dissect.Text, Path: "@nick", Doc: "nickname in the room"},
				{Name: "xmpp.mucsub.event", Type: dissect.Text, Path: "event/@node", Doc: "a kind of events"},
				{Name: "xmpp.mucsub.password", Type: dissect.Text, Path: "@password", Doc: "password of the room"},
			}},
			{Name: "unsubscribe", Field: "xmpp.mucsub.unsubscribe", Info: "unsubscribe[ {@jid}]", Doc: "wants no more events", Fields: []dissect.FieldDef{
				{Name: "xmpp.mucsub.jid", Type: dissect.JID, Path: "@jid", Doc: "who is to get the events"},
			}},
			{Name: "subscriptions", Field: "xmpp.mucsub.subscriptions", Info: "subscriptions[, {#subscription room rooms}]", Doc: "the rooms whose events somebody gets", Fields: []dissect.FieldDef{
				{Name: "xmpp.mucsub.jid", Type: dissect.JID, Path: "subscription/@jid", Doc: "who is to get the events"},
			}},
		},
	})
}
