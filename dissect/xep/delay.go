package xep

import (
	"talktrace/dissect"
)

const nsDelay = "urn:xmpp:delay"

func init() {
	fields := func() []dissect.FieldDef {
		return []dissect.FieldDef{
			{Name: "xmpp.delay.stamp", Type: dissect.Time, Path: "@stamp", Doc: "when it was sent first", Required: true},
			{Name: "xmpp.delay.from", Type: dissect.JID, Path: "@from", Doc: "who has kept it since"},
			{Name: "xmpp.delay.reason", Type: dissect.Text, Path: ".", Doc: "why it was delayed"},
		}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0203", Title: "Delayed Delivery", Label: "delay",
		Doc:    "The stanza was sent some time ago and has been kept since: offline, in a room's history, in an archive.",
		Spaces: []string{nsDelay},
		Elements: []dissect.Element{
			{Name: "delay", Field: "xmpp.delay", Rank: dissect.Mark, DescribeAside: func(l *dissect.Line, n int32) {
				if ofMessage(l, n) {
					l.Labelled(", sent ", n, "stamp")
				}
			}, Doc: "the stanza has been kept for some time", Fields: fields()},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0091", Title: "Legacy Delayed Delivery", Label: "delay",
		Doc:    "The same in the old form. Servers long sent both.",
		Spaces: []string{"jabber:x:delay"},
		Elements: []dissect.Element{
			{Name: "x", Field: "xmpp.delay", Rank: dissect.Mark, Doc: "the stanza has been kept for some time", DescribeAside: func(l *dissect.Line, n int32) {
				if ofMessage(l, n) && l.Tree.Find(l.Tree.Nodes[n].Parent, nsDelay, "delay") < 0 {
					l.Labelled(", sent ", n, "stamp")
				}
			}, Fields: fields()},
		},
	})
}

// ofMessage reports whether node n is in a message. Some servers put a delay on
// each and every presence, which is not worth telling.
func ofMessage(l *dissect.Line, n int32) bool {
	p := l.Tree.Nodes[n].Parent
	return p >= 0 && string(l.Tree.Local(p)) == "message"
}
