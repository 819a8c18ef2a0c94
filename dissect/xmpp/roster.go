package xmpp

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 6121", Title: "XMPP: Roster", Label: "roster",
		Doc:    "The contacts of an account, kept by its server; each of the account's clients is told of changes.",
		Spaces: []string{"jabber:iq:roster"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.query", Describe: describeRoster, Fields: []dissect.FieldDef{
				{Name: "xmpp.roster.ver", Type: dissect.Text, Path: "@ver", Doc: "version of the roster"},
				{Name: "xmpp.query.item", Type: dissect.Presence, Path: "item", Doc: "a contact", Fields: []dissect.FieldDef{
					{Name: "xmpp.query.item.jid", Type: dissect.JID, Path: "@jid", Doc: "address of the contact"},
					{Name: "xmpp.query.item.name", Type: dissect.Text, Path: "@name", Doc: "what the user calls the contact"},
					{Name: "xmpp.query.item.subscription", Type: dissect.Text, Path: "@subscription", Doc: "who is told of whose presence: none, to, from, both, or remove"},
					{Name: "xmpp.query.item.ask", Type: dissect.Text, Path: "@ask", Doc: "a request to be told that has not been answered"},
					{Name: "xmpp.query.item.approved", Type: dissect.Boolean, Path: "@approved", Doc: "a request of the contact is granted in advance"},
					{Name: "xmpp.query.item.group", Type: dissect.Text, Path: "group", Doc: "a group that the contact is in"},
				}},
			}},
		},
	})
}

// describeRoster tells how many contacts there are, and of a single one what
// is to become of it.
func describeRoster(l *dissect.Line, n int32) {
	t := l.Tree
	count, first := 0, int32(-1)
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Is(c, t.Nodes[n].Space, "item") {
			if count++; first < 0 {
				first = c
			}
		}
	}
	switch {
	case count == 1:
		l.Labelled(", ", first, "jid").Labelled(" ", first, "name").Labelled(", ", first, "subscription").Labelled(", asks to ", first, "ask")
	case count > 1:
		l.Add(", ").Count(count, "item", "items")
	}
	l.ID(", version ", n, "ver")
}
