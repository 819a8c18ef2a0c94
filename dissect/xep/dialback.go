package xep

import (
	"talktrace/dissect"
)

func init() {
	fields := []dissect.FieldDef{
		{Name: "xmpp.dialback.from", Type: dissect.JID, Path: "@from", Doc: "the domain that says so"},
		{Name: "xmpp.dialback.to", Type: dissect.JID, Path: "@to", Doc: "the domain that it is said to"},
		{Name: "xmpp.dialback.type", Type: dissect.Text, Path: "@type", Doc: "the verdict: valid, invalid or error"},
		{Name: "xmpp.dialback.id", Type: dissect.Text, Path: "@id", Doc: "id of the stream that it is about"},
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0220", Title: "Server Dialback", Label: "dialback",
		Doc:    "A server proves that it speaks for a domain: the other one calls the domain back and asks whether the key is its own.",
		Spaces: []string{"jabber:server:dialback"},
		Elements: []dissect.Element{
			{Name: "result", Field: "xmpp.dialback.result", Doc: "shows a key, or tells what became of it", Fields: fieldsOf(fields), Describe: func(l *dissect.Line, n int32) { describeDialback(l, n, "key") }},
			{Name: "verify", Field: "xmpp.dialback.verify", Doc: "asks whether a key is valid, or answers that", Fields: fieldsOf(fields), Describe: func(l *dissect.Line, n int32) { describeDialback(l, n, "is this key valid?") }},
		},
	})
}

// fieldsOf returns a copy of a list of fields that several elements have.
func fieldsOf(list []dissect.FieldDef) []dissect.FieldDef {
	return append([]dissect.FieldDef(nil), list...)
}

func describeDialback(l *dissect.Line, n int32, asking string) {
	l.Add("dialback ")
	if !l.Attr(n, "type") {
		l.Add(asking)
	}
	for c := l.Tree.Nodes[n].Child; c >= 0; c = l.Tree.Nodes[c].Next {
		if string(l.Tree.Local(c)) == "error" {
			l.Failure(c, nsStanzas)
		}
	}
	l.Labelled(" from ", n, "from").Labelled(" to ", n, "to").ID(", stream ", n, "id")
}
