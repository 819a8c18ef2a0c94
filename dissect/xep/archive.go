package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0313", Title: "Message Archive Management", Label: "MAM",
		Doc:    "The server keeps what was said; a client asks for what it missed, page by page.",
		Spaces: []string{"urn:xmpp:mam:2", "urn:xmpp:mam:1", "urn:xmpp:mam:0", "urn:xmpp:mam:tmp"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.mam.query", Info: "[, query {~@queryid}][, node {@node}]", Doc: "asks for archived messages", Fields: []dissect.FieldDef{
				{Name: "xmpp.mam.queryid", Type: dissect.Text, Path: "@queryid", Doc: "id that the results will bear"},
				{Name: "xmpp.mam.node", Type: dissect.Text, Path: "@node", Doc: "pubsub node whose archive is asked for"},
			}},
			{Name: "result", Field: "xmpp.mam.result", Rank: dissect.Wrapper, Doc: "an archived message", Describe: func(l *dissect.Line, n int32) {
				l.Add("archived ")
				if f := l.Tree.Find(n, "urn:xmpp:forward:0", "forwarded"); f >= 0 {
					inner(l, f)
				}
			}, Fields: []dissect.FieldDef{
				{Name: "xmpp.mam.queryid", Type: dissect.Text, Path: "@queryid", Doc: "id that the results will bear"},
				{Name: "xmpp.mam.result.id", Type: dissect.Text, Path: "@id", Doc: "id of the message in the archive"},
			}},
			{Name: "fin", Field: "xmpp.mam.fin", Info: "end of page", Doc: "the page is complete", Fields: []dissect.FieldDef{
				{Name: "xmpp.mam.fin.complete", Type: dissect.Boolean, Path: "@complete", Doc: "there are no more pages"},
				{Name: "xmpp.mam.fin.stable", Type: dissect.Boolean, Path: "@stable", Doc: "the archive will not change its order"},
			}},
			{Name: "prefs", Field: "xmpp.mam.prefs", Info: "preferences[, default {@default}]", Doc: "what is to be archived", Fields: []dissect.FieldDef{
				{Name: "xmpp.mam.prefs.default", Type: dissect.Text, Path: "@default", Doc: "always, never or roster"},
				{Name: "xmpp.mam.prefs.always", Type: dissect.JID, Path: "always/jid", Doc: "whose messages are always archived"},
				{Name: "xmpp.mam.prefs.never", Type: dissect.JID, Path: "never/jid", Doc: "whose messages never are"},
			}},
		},
	})
}
