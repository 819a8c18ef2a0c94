package gtalk

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Off the Record", Label: "nosave",
		Doc:    "Says whether Google keeps a conversation. Enabled means that it is off the record: not kept. It is no encryption, and has nothing to do with OTR.",
		Spaces: []string{"google:nosave"},
		Elements: []dissect.Element{
			{
				Name: "x", Field: "xmpp.gtalk.nosave.x", Rank: dissect.Mark, Doc: "whether this conversation is kept",
				Describe: describeNosave, DescribeAside: func(l *dissect.Line, n int32) {
					if isTrue(l, n, "value") {
						l.Add(", off the record")
					}
				},
				Fields: []dissect.FieldDef{
					{Name: "xmpp.gtalk.nosave.value", Type: dissect.Text, Path: "@value", Doc: "enabled: not kept; disabled: kept"},
				},
			},
			{
				Name: "query", Field: "xmpp.gtalk.nosave", Doc: "asks for the contacts with whom nothing is kept, or changes that",
				Describe: describeNosaveItems,
				Fields: []dissect.FieldDef{
					{Name: "xmpp.gtalk.nosave.item", Type: dissect.Presence, Path: "item", Doc: "a contact", Fields: []dissect.FieldDef{
						{Name: "xmpp.gtalk.nosave.item.jid", Type: dissect.JID, Path: "@jid", Doc: "address of the contact"},
						{Name: "xmpp.gtalk.nosave.value", Type: dissect.Text, Path: "@value", Doc: "enabled: not kept; disabled: kept"},
						{Name: "xmpp.gtalk.nosave.item.source", Type: dissect.JID, Path: "@source", Doc: "who has set it"},
					}},
				},
			},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Archive Marker", Label: "archive",
		Doc:    "Goes with nosave in each message; an early form of message archiving (XEP-0136).",
		Spaces: []string{"http://jabber.org/protocol/archive"},
		Elements: []dissect.Element{
			{Name: "record", Field: "xmpp.gtalk.record", Rank: dissect.Mark, Describe: describeRecord, Doc: "whether the message is kept", Fields: []dissect.FieldDef{
				{Name: "xmpp.gtalk.record.otr", Type: dissect.Text, Path: "@otr", Doc: "true or require: not kept; false: kept"},
			}},
			{Name: "save", Field: "xmpp.gtalk.save", Rank: dissect.Mark, Doc: "what is to be kept"},
		},
	})
}

func describeNosave(l *dissect.Line, n int32) {
	switch {
	case isTrue(l, n, "value"):
		l.Add("off the record")
	case l.Tree.Attr(n, "value") != nil:
		l.Add("on the record")
	}
}

// describeNosaveItems tells of one contact, or counts several.
func describeNosaveItems(l *dissect.Line, n int32) {
	t := l.Tree
	count, last := 0, int32(-1)
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) == "item" {
			count, last = count+1, c
		}
	}
	switch {
	case count == 1:
		describeNosave(l, last)
		l.Labelled(" with ", last, "jid")
	case count > 1:
		l.Count(count, "contact", "contacts")
	}
}

func describeRecord(l *dissect.Line, n int32) {
	a := l.Tree.Attr(n, "otr")
	switch {
	case a == nil:
	case string(l.Tree.Bytes(a.Value)) == "false":
		l.Add("on the record")
	default:
		l.Add("off the record")
	}
}
