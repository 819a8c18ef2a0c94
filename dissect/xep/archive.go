package xep

import (
	"talktrace/dissect"
)

func init() {
	queryID := dissect.FieldDef{Name: "xmpp.mam.queryid", Type: dissect.Text, Path: "@queryid", Doc: "id that the results will bear"}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0313", Title: "Message Archive Management", Label: "MAM",
		Doc:    "The server keeps what was said; a client asks for what it missed, page by page.",
		Spaces: []string{"urn:xmpp:mam:2", "urn:xmpp:mam:1", "urn:xmpp:mam:0", "urn:xmpp:mam:tmp"},
		Elements: []dissect.Element{
			{
				Name: "query", Field: "xmpp.mam.query", Info: "[, query {~@queryid}][, node {@node}]", Doc: "asks for archived messages", Describe: describeArchiveQuery,
				Fields: []dissect.FieldDef{
					queryID,
					{Name: "xmpp.mam.node", Type: dissect.Text, Path: "@node", Doc: "pubsub node whose archive is asked for"},
					{Name: "xmpp.mam.with", Type: dissect.JID, Path: "with", Doc: "with whom the messages were exchanged"},
					{Name: "xmpp.mam.start", Type: dissect.Time, Path: "start", Doc: "from when on messages are wanted"},
					{Name: "xmpp.mam.end", Type: dissect.Time, Path: "end", Doc: "until when messages are wanted"},
					{Name: "xmpp.mam.flip-page", Type: dissect.Presence, Path: "flip-page", Doc: "the latest messages of a page are to come first"},
				},
			},
			{Name: "result", Field: "xmpp.mam.result", Rank: dissect.Wrapper, Doc: "an archived message", Describe: describeArchived, Fields: []dissect.FieldDef{
				queryID,
				{Name: "xmpp.mam.result.id", Type: dissect.Text, Path: "@id", Doc: "id of the message in the archive", Required: true},
			}},
			{Name: "fin", Field: "xmpp.mam.fin", Describe: describeArchiveEnd, Doc: "the page is complete", Fields: []dissect.FieldDef{
				queryID,
				{Name: "xmpp.mam.fin.complete", Type: dissect.Boolean, Path: "@complete", Doc: "there are no more pages"},
				{Name: "xmpp.mam.fin.stable", Type: dissect.Boolean, Path: "@stable", Doc: "the archive will not change its order"},
			}},
			{Name: "metadata", Field: "xmpp.mam.metadata", Info: "metadata[, from {start/@timestamp}][ to {end/@timestamp}]", Doc: "how far the archive reaches", Fields: []dissect.FieldDef{
				{Name: "xmpp.mam.metadata.start", Type: dissect.Time, Path: "start/@timestamp", Doc: "when its first message was sent"},
				{Name: "xmpp.mam.metadata.start.id", Type: dissect.Text, Path: "start/@id", Doc: "id of its first message"},
				{Name: "xmpp.mam.metadata.end", Type: dissect.Time, Path: "end/@timestamp", Doc: "when its last message was sent"},
				{Name: "xmpp.mam.metadata.end.id", Type: dissect.Text, Path: "end/@id", Doc: "id of its last message"},
			}},
			{Name: "prefs", Field: "xmpp.mam.prefs", Info: "preferences[, default {@default}][, always for {#always/jid address addresses}][, never for {#never/jid address addresses}]", Doc: "what is to be archived", Fields: []dissect.FieldDef{
				{Name: "xmpp.mam.prefs.default", Type: dissect.Text, Path: "@default", Doc: "always, never or roster", OneOf: "always never roster"},
				{Name: "xmpp.mam.prefs.always", Type: dissect.JID, Path: "always/jid", Doc: "whose messages are always archived"},
				{Name: "xmpp.mam.prefs.never", Type: dissect.JID, Path: "never/jid", Doc: "whose messages never are"},
			}},
			{Name: "archived", Field: "xmpp.mam.archived", Rank: dissect.Mark, Doc: "the message has been archived", Fields: []dissect.FieldDef{
				{Name: "xmpp.mam.archived.by", Type: dissect.JID, Path: "@by", Doc: "who has archived it"},
				{Name: "xmpp.mam.archived.id", Type: dissect.Text, Path: "@id", Doc: "id of the message in the archive"},
			}},
		},
	})
}

const nsPages = "http://jabber.org/protocol/rsm"

// describeArchiveQuery says which messages are asked for: the words stand in a
// data form, in the first version in elements of their own, and the page in a
// result set (XEP-0059).
func describeArchiveQuery(l *dissect.Line, n int32) {
	t := l.Tree
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		switch {
		case t.Is(c, nsDataForm, "x"):
			for f := t.Nodes[c].Child; f >= 0; f = t.Nodes[f].Next {
				if a := t.Attr(f, "var"); a != nil && t.Is(f, nsDataForm, "field") {
					describeRestriction(l, t.Bytes(a.Value), t.Find(f, nsDataForm, "value"))
				}
			}
		case t.Nodes[c].Space == t.Nodes[n].Space:
			describeRestriction(l, t.Local(c), c)
		case t.Is(c, nsPages, "set"):
			describePage(l, c)
		}
	}
}

// describeRestriction adds one condition on the messages asked for.
func describeRestriction(l *dissect.Line, name []byte, value int32) {
	if value < 0 {
		return
	}
	switch string(name) {
	case "with", "withtext":
		l.Add(", with ")
	case "start":
		l.Add(", since ")
	case "end":
		l.Add(", until ")
	case "after-id":
		l.Add(", after ")
	case "before-id":
		l.Add(", before ")
	default:
		return
	}
	l.Text(value)
}

// describePage adds which page of the messages is asked for.
func describePage(l *dissect.Line, set int32) {
	t := l.Tree
	for c := t.Nodes[set].Child; c >= 0; c = t.Nodes[c].Next {
		switch empty := t.Nodes[c].Inner.Len() == 0; string(t.Local(c)) {
		case "max":
			l.Add(", at most ")
			l.Text(c)
		case "before":
			if empty {
				l.Add(", the latest")
			} else {
				l.Add(", before ").TextID(c)
			}
		case "after":
			if !empty {
				l.Add(", after ").TextID(c)
			}
		}
	}
}

// describeArchived describes the message that was archived.
func describeArchived(l *dissect.Line, n int32) {
	l.Add("archived ")
	f := l.Tree.Find(n, "urn:xmpp:forward:0", "forwarded")
	if f < 0 {
		l.Add("message")
		return
	}
	inner(l, f)
	if d := l.Tree.Find(f, nsDelay, "delay"); d >= 0 {
		l.Labelled(", sent ", d, "stamp")
	}
}

// describeArchiveEnd says whether there are more pages.
func describeArchiveEnd(l *dissect.Line, n int32) {
	t := l.Tree
	l.Add("end of page")
	if a := t.Attr(n, "complete"); a != nil {
		if v := string(t.Bytes(a.Value)); v == "true" || v == "1" {
			l.Add(", the last one")
		}
	}
	if set := t.Find(n, nsPages, "set"); set >= 0 {
		if c := t.Find(set, nsPages, "count"); c >= 0 {
			l.Add(", of ")
			l.Text(c)
			l.Add(" messages")
		}
	}
}
