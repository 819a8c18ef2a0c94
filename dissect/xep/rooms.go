package xep

import (
	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

const nsRoomUser = "http://jabber.org/protocol/muc#user"

const (
	affiliations = "owner admin member none outcast"
	roles        = "moderator participant visitor none"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0045", Title: "Multi-User Chat: Joining", Label: "muc",
		Doc:    "A presence to a room, with this element in it, enters the room under the nickname that is the resource of the address.",
		Spaces: []string{"http://jabber.org/protocol/muc"},
		Elements: []dissect.Element{
			{
				Name: "x", Field: "xmpp.muc-x", Verb: "join", Doc: "enters a room",
				Aside: "[, with password{?password}][, history of at most {history/@maxstanzas} messages][, of at most {history/@maxchars} characters][, of the last {history/@seconds} s][, history since {history/@since}]",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.muc.history.maxstanzas", Type: dissect.Number, Path: "history/@maxstanzas", Doc: "how many messages of the past are wanted"},
					{Name: "xmpp.muc.history.maxchars", Type: dissect.Number, Path: "history/@maxchars", Doc: "how many characters of the past are wanted"},
					{Name: "xmpp.muc.history.seconds", Type: dissect.Number, Path: "history/@seconds", Doc: "from how many seconds ago on messages are wanted"},
					{Name: "xmpp.muc.history.since", Type: dissect.Time, Path: "history/@since", Doc: "from when on messages are wanted"},
					{Name: "xmpp.muc.password", Type: dissect.Text, Path: "password", Doc: "password of the room"},
				},
			},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0045", Title: "Multi-User Chat: Occupants", Label: "muc#user",
		Doc:    "What a room says of those who are in it, and to them: roles, what happened to somebody, invitations.",
		Spaces: []string{nsRoomUser},
		Elements: []dissect.Element{
			{
				Name: "x", Field: "xmpp.muc-user-x", RankOf: rankOfOccupant, Describe: describeRoomMessage, DescribeAside: describeOccupant, Doc: "what a room says of an occupant, or an invitation",
				Fields: append(occupantFields(),
					dissect.FieldDef{Name: "xmpp.muc_user_status", Type: dissect.Number, Path: "status/@code", Doc: "what has happened, by number"},
					dissect.FieldDef{Name: "xmpp.muc.password", Type: dissect.Text, Path: "password", Doc: "password of the room"},
				),
			},
		},
	})
}

// occupantFields are the fields of what a room says of somebody.
func occupantFields() []dissect.FieldDef {
	const x = "xmpp.muc-user-x."
	letter := func(name, doc string) dissect.FieldDef {
		return dissect.FieldDef{Name: x + name, Type: dissect.Presence, Path: name, Doc: doc, Fields: []dissect.FieldDef{
			{Name: x + name + ".from", Type: dissect.JID, Path: "@from", Doc: "who has sent it"},
			{Name: x + name + ".to", Type: dissect.JID, Path: "@to", Doc: "whom it is for"},
			{Name: x + name + ".reason", Type: dissect.Text, Path: "reason", Doc: "why, in words"},
			{Name: x + name + ".thread", Type: dissect.Text, Path: "continue/@thread", Doc: "id of the conversation that goes on in the room"},
		}}
	}
	return []dissect.FieldDef{
		{Name: x + "item", Type: dissect.Presence, Path: "item", Doc: "what somebody is in the room", Fields: itemFields(x + "item.")},
		letter("invite", "an invitation by way of the room"),
		letter("decline", "an invitation is declined by way of the room"),
		{Name: x + "destroy", Type: dissect.Presence, Path: "destroy", Doc: "the room is destroyed", Fields: []dissect.FieldDef{
			{Name: x + "destroy.jid", Type: dissect.JID, Path: "@jid", Doc: "another room to go to"},
			{Name: x + "destroy.reason", Type: dissect.Text, Path: "reason", Doc: "why, in words"},
		}},
	}
}

// itemFields are the fields of an <item/>.
func itemFields(prefix string) []dissect.FieldDef {
	return []dissect.FieldDef{
		{Name: prefix + "affiliation", Type: dissect.Text, Path: "@affiliation", Doc: "what somebody may do in the room in the long run: owner, admin, member, none, outcast", OneOf: affiliations},
		{Name: prefix + "role", Type: dissect.Text, Path: "@role", Doc: "what somebody may do in the room during this visit: moderator, participant, visitor, none", OneOf: roles},
		{Name: prefix + "jid", Type: dissect.JID, Path: "@jid", Doc: "who it is"},
		{Name: prefix + "nick", Type: dissect.Text, Path: "@nick", Doc: "nickname in the room"},
		{Name: prefix + "reason", Type: dissect.Text, Path: "reason", Doc: "why it was changed, in words"},
		{Name: prefix + "actor.jid", Type: dissect.JID, Path: "actor/@jid", Doc: "who changed it"},
		{Name: prefix + "actor.nick", Type: dissect.Text, Path: "actor/@nick", Doc: "nickname of who changed it"},
	}
}

// describeOccupant adds what a room's presence says of the one it is from.
func describeOccupant(l *dissect.Line, x int32) {
	t := l.Tree
	item := t.Find(x, nsRoomUser, "item")
	gone := isType(l, t.Nodes[x].Parent, "unavailable")
	if item >= 0 && !gone {
		addStanding(l, item, "role")
		addStanding(l, item, "affiliation")
	}
	if addStatus(l, x, true, ", "); item >= 0 {
		addCause(l, item)
		l.Labelled(", now ", item, "nick")
	}
	if d := t.Find(x, nsRoomUser, "destroy"); d >= 0 {
		l.Add(", the room is destroyed").Labelled(", the next one is ", d, "jid")
		addReason(l, d)
	}
	addStatus(l, x, false, ", ")
}

// addStanding adds a role or an affiliation, if it is any.
func addStanding(l *dissect.Line, item int32, name string) {
	if a := l.Tree.Attr(item, name); a != nil && string(l.Tree.Bytes(a.Value)) != "none" {
		l.Labelled(", ", item, name)
	}
}

// addCause adds who did something to an occupant, and why.
func addCause(l *dissect.Line, item int32) {
	t := l.Tree
	if a := t.Find(item, t.Nodes[item].Space, "actor"); a >= 0 {
		if t.Attr(a, "nick") != nil {
			l.Labelled(" by ", a, "nick")
		} else {
			l.Labelled(" by ", a, "jid")
		}
	}
	addReason(l, item)
}

// addReason adds the reason that an element gives.
func addReason(l *dissect.Line, n int32) {
	if r := l.Tree.Find(n, l.Tree.Nodes[n].Space, "reason"); r >= 0 && l.Tree.Nodes[r].Inner.Len() > 0 {
		l.Add(": ").Quote(r)
	}
}

func isType(l *dissect.Line, n int32, want string) bool {
	if n < 0 {
		return false
	}
	a := l.Tree.Attr(n, "type")
	return a != nil && string(l.Tree.Bytes(a.Value)) == want
}

// rankOfOccupant tells invitations, and news of the room that no text explains,
// from the mark that private messages bear.
func rankOfOccupant(t *xmlstream.Tree, x int32) dissect.Rank {
	if t.Find(x, nsRoomUser, "invite") >= 0 || t.Find(x, nsRoomUser, "decline") >= 0 {
		return dissect.Instead
	}
	p := t.Nodes[x].Parent
	if p >= 0 && t.Find(x, nsRoomUser, "status") >= 0 && t.Find(p, t.Nodes[p].Space, "body") < 0 {
		return dissect.Instead
	}
	return dissect.Mark
}

// describeRoomMessage describes an invitation, its refusal, or news of a room.
func describeRoomMessage(l *dissect.Line, x int32) {
	t := l.Tree
	m := t.Nodes[x].Parent
	if m < 0 {
		return
	}
	if c := t.Find(x, nsRoomUser, "invite"); c >= 0 {
		if t.Attr(c, "to") != nil {
			l.Labelled("invites ", c, "to").Labelled(" to ", m, "to")
		} else {
			l.Add("invitation").Labelled(" to ", m, "from").Labelled(" by ", c, "from")
		}
		addReason(l, c)
		l.Told(m)
		return
	}
	if c := t.Find(x, nsRoomUser, "decline"); c >= 0 {
		if t.Attr(c, "to") != nil {
			l.Labelled("declines the invitation of ", c, "to").Labelled(" to ", m, "to")
		} else {
			l.Add("invitation").Labelled(" to ", m, "from").Labelled(" declined by ", c, "from")
		}
		addReason(l, c)
		l.Told(m)
		return
	}
	addType(l, m)
	l.Whom(m).Add(": ")
	if item := t.Find(x, nsRoomUser, "item"); item >= 0 && t.Attr(item, "jid") != nil { // of one who is not in the room
		l.Attr(item, "jid")
		if !addStatus(l, x, true, " ") {
			addStanding(l, item, "affiliation")
		}
		addStatus(l, x, false, ", ")
		return
	}
	if addStatus(l, x, false, "") {
		addStatus(l, x, true, ", ")
	} else {
		addStatus(l, x, true, "")
	}
}

// addType adds the type of message m.
func addType(l *dissect.Line, m int32) {
	if !l.Attr(m, "type") {
		l.Add("message")
	}
}
