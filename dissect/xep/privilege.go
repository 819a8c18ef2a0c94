package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0356", Title: "Privileged Entity", Label: "privilege",
		Doc:    "A component may do for users of its server what they could do: read their rosters, send messages for them.",
		Spaces: []string{"urn:xmpp:privilege:2", "urn:xmpp:privilege:1"},
		Elements: []dissect.Element{
			{Name: "privilege", Field: "xmpp.privilege", Rank: dissect.Wrapper, Describe: describePrivilege, Doc: "what the component may do, or does", Fields: []dissect.FieldDef{
				{Name: "xmpp.privilege.access", Type: dissect.Text, Path: "perm/@access", Doc: "what the right is for: roster, message, iq, presence", Fields: []dissect.FieldDef{
					{Name: "xmpp.privilege.type", Type: dissect.Text, Path: "@type", Doc: "how far it goes: get, set, both, outgoing …"},
					{Name: "xmpp.privilege.push", Type: dissect.Boolean, Path: "@push", Doc: "the component is told of changes"},
					{Name: "xmpp.privilege.namespace", Type: dissect.Text, Path: "namespace/@ns", Doc: "namespace of iqs that it is for"},
				}},
			}},
			{Name: "privileged_iq", Field: "xmpp.privilege.iq", Info: "in a user's name[, {~iq/@type}][ {=~iq/*/:}][ to {~iq/@to}]", Doc: "an iq in a user's name"},
		},
	})
}

// describePrivilege tells what is granted, or the message that is sent for a
// user.
func describePrivilege(l *dissect.Line, n int32) {
	if f := l.Tree.Find(n, "urn:xmpp:forward:0", "forwarded"); f >= 0 {
		l.Add("in a user's name: ")
		inner(l, f)
		return
	}
	l.Add("privileges")
	t := l.Tree
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		l.Labelled(", ", c, "access").Labelled(" ", c, "type")
	}
}
