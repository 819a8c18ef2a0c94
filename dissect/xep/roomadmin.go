package xep

import (
	"talktrace/dissect"
)

const (
	nsRoomAdmin = "http://jabber.org/protocol/muc#admin"
	nsRoomOwner = "http://jabber.org/protocol/muc#owner"
	nsDataForm  = "jabber:x:data"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0045", Title: "Multi-User Chat: Moderation", Label: "muc#admin",
		Doc:    "How a room's moderators and administrators kick and ban, give and take voice, and read the lists of members, administrators and outcasts.",
		Spaces: []string{nsRoomAdmin},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.muc.admin", Describe: describeModeration, Doc: "asks for or changes what people are in a room", Fields: []dissect.FieldDef{
				{Name: "xmpp.muc.admin.item", Type: dissect.Presence, Path: "item", Doc: "what somebody is or is to be", Fields: itemFields("xmpp.muc.admin.item.")},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0045", Title: "Multi-User Chat: Configuration", Label: "muc#owner",
		Doc:    "How a room's owner configures and destroys it; the settings are a data form (XEP-0004).",
		Spaces: []string{nsRoomOwner},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.muc.owner", Describe: describeOwnership, Doc: "configures or destroys a room", Fields: []dissect.FieldDef{
				{Name: "xmpp.muc.owner.destroy", Type: dissect.Presence, Path: "destroy", Doc: "the room is to be destroyed", Fields: []dissect.FieldDef{
					{Name: "xmpp.muc.owner.destroy.jid", Type: dissect.JID, Path: "@jid", Doc: "another room to go to"},
					{Name: "xmpp.muc.owner.destroy.reason", Type: dissect.Text, Path: "reason", Doc: "why, in words"},
					{Name: "xmpp.muc.password", Type: dissect.Text, Path: "password", Doc: "password of the room"},
				}},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0307", Title: "Unique Room Names for Multi-User Chat", Label: "muc#unique",
		Doc:    "Asks a service for the name of a room that is not in use.",
		Spaces: []string{"http://jabber.org/protocol/muc#unique"},
		Elements: []dissect.Element{
			{Name: "unique", Field: "xmpp.muc.unique", Info: "[name {.}]", Doc: "asks for a name or gives it", Fields: []dissect.FieldDef{
				{Name: "xmpp.muc.unique.name", Type: dissect.Text, Path: ".", Doc: "a name that is free"},
			}},
		},
	})
}

// describeModeration says what is asked or changed of whom (XEP-0045 sections 8
// and 9).
func describeModeration(l *dissect.Line, n int32) {
	t := l.Tree
	items, first := 0, int32(-1)
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Is(c, nsRoomAdmin, "item") {
			if items++; first < 0 {
				first = c
			}
		}
	}
	switch p := t.Nodes[n].Parent; {
	case items == 0:
		if isType(l, p, "result") {
			l.Add(", nobody")
		}
	case isType(l, p, "get"):
		l.Labelled("who is ", first, "role").Labelled("who is ", first, "affiliation").Add("?")
	case isType(l, p, "result"):
		l.Add(", ").Count(items, "item", "items").Labelled(", ", first, "role").Labelled(", ", first, "affiliation")
	case items > 1:
		l.Add(", ").Count(items, "item", "items")
	default:
		describeSentence(l, first)
		l.Labelled(" in ", p, "to").Told(p)
		addReason(l, first)
	}
}

// describeSentence says what is to become of one person.
func describeSentence(l *dissect.Line, item int32) {
	t := l.Tree
	name := "nick"
	if t.Attr(item, name) == nil {
		name = "jid"
	}
	role, affiliation := t.Attr(item, "role"), t.Attr(item, "affiliation")
	switch {
	case t.Attr(item, name) == nil:
		l.Add("names nobody")
	case affiliation != nil && string(t.Bytes(affiliation.Value)) == "outcast":
		l.Labelled("ban ", item, name)
	case affiliation != nil && string(t.Bytes(affiliation.Value)) == "none":
		l.Labelled("no affiliation for ", item, name)
	case affiliation != nil:
		l.Labelled("make ", item, name).Labelled(" ", item, "affiliation")
	case role != nil && string(t.Bytes(role.Value)) == "none":
		l.Labelled("kick ", item, name)
	case role != nil:
		l.Labelled("make ", item, name).Labelled(" ", item, "role")
	default:
		l.Labelled("about ", item, name)
	}
}

// describeOwnership says what an owner does to a room (XEP-0045 section 10).
func describeOwnership(l *dissect.Line, n int32) {
	t := l.Tree
	if d := t.Find(n, nsRoomOwner, "destroy"); d >= 0 {
		p := t.Nodes[n].Parent
		l.Add("destroy").Labelled(" ", p, "to").Labelled(", the next one is ", d, "jid").Told(p)
		addReason(l, d)
		return
	}
	x := t.Find(n, nsDataForm, "x")
	if x < 0 {
		l.Add("configuration")
		return
	}
	fields := 0
	for c := t.Nodes[x].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Is(c, nsDataForm, "field") {
			fields++
		}
	}
	switch {
	case isType(l, x, "cancel"):
		l.Add("configuration given up")
	case isType(l, x, "submit") && fields <= 1:
		l.Add("configuration accepted as it is")
	default:
		l.Add("configuration, ").Count(fields, "field", "fields")
	}
}
