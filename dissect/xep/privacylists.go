package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0016", Title: "Privacy Lists", Label: "privacy",
		Doc:    "Rules, kept by the server, on who may send what to an account and be sent what by it. The blocking command (XEP-0191) has taken its place.",
		Spaces: []string{"jabber:iq:privacy"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.privacy", Describe: describePrivacy, Doc: "the lists, or one of them", Fields: []dissect.FieldDef{
				{Name: "xmpp.privacy.active", Type: dissect.Text, Path: "active/@name", Doc: "the list that holds for this session"},
				{Name: "xmpp.privacy.default", Type: dissect.Text, Path: "default/@name", Doc: "the list that holds where none is active"},
				{Name: "xmpp.privacy.list", Type: dissect.Text, Path: "list/@name", Doc: "name of a list"},
				{Name: "xmpp.privacy.item", Type: dissect.Presence, Path: "list/item", Doc: "a rule", Fields: []dissect.FieldDef{
					{Name: "xmpp.privacy.item.action", Type: dissect.Text, Path: "@action", Doc: "what is to be done: allow or deny"},
					{Name: "xmpp.privacy.item.order", Type: dissect.Number, Path: "@order", Doc: "its place among the rules"},
					{Name: "xmpp.privacy.item.type", Type: dissect.Text, Path: "@type", Doc: "what it looks at: group, jid or subscription"},
					{Name: "xmpp.privacy.item.value", Type: dissect.Text, Path: "@value", Doc: "and which of these it is for"},
					{Name: "xmpp.privacy.item.stanza", Type: dissect.Text, Path: "*/:", Doc: "the kind of stanza that it is for; all, if there is none"},
				}},
			}},
		},
	})
}

// describePrivacy says what is done with the lists (XEP-0016 section 2): an
// element without a name stands for no list.
func describePrivacy(l *dissect.Line, n int32) {
	t := l.Tree
	lists, named := 0, false
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		switch name := string(t.Local(c)); name {
		case "active", "default":
			l.Sep().Add(name).Add(" ")
			if !l.Attr(c, "name") {
				l.Add("none")
			}
		case "list":
			if lists++; t.Nodes[c].Child >= 0 {
				named = true
				l.Add(", list ")
				l.Attr(c, "name")
				rules := 0
				for r := t.Nodes[c].Child; r >= 0; r = t.Nodes[r].Next {
					rules++
				}
				l.Add(" of ").Count(rules, "rule", "rules")
			}
		}
	}
	if !named && lists == 1 {
		l.Labelled(", list ", t.Find(n, t.Nodes[n].Space, "list"), "name")
	} else if !named && lists > 0 {
		l.Sep().Count(lists, "list", "lists")
	}
}
