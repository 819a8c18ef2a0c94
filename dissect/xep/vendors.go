package xep

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "Openfire", Title: "Shared Groups", Label: "shared groups",
		Doc:    "The groups that the administrator has put into rosters.",
		Spaces: []string{"http://www.jivesoftware.org/protocol/sharedgroup"},
		Elements: []dissect.Element{
			{Name: "sharedgroup", Field: "xmpp.sharedgroup", Info: "[, {&group}]", Doc: "the groups", Fields: []dissect.FieldDef{
				{Name: "xmpp.sharedgroup.group", Type: dissect.Text, Path: "group", Doc: "name of a group"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Quicksy", Title: "Phone Book", Label: "phone book",
		Doc:    "Finds those of the telephone book who have an account.",
		Spaces: []string{"im.quicksy.synchronization:0"},
		Elements: []dissect.Element{
			{Name: "phone-book", Field: "xmpp.quicksy", Info: "[, {#entry entry entries}]", Doc: "the telephone book", Fields: []dissect.FieldDef{
				{Name: "xmpp.quicksy.number", Type: dissect.Text, Path: "entry/@number", Doc: "a telephone number"},
				{Name: "xmpp.quicksy.jid", Type: dissect.JID, Path: "entry/jid", Doc: "the account behind it"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "Conversations", Title: "UnifiedPush", Label: "UnifiedPush",
		Doc:    "Lets other programs on a telephone be woken over the XMPP connection.",
		Spaces: []string{"http://gultsch.de/xmpp/drafts/unified-push"},
		Elements: []dissect.Element{
			{Name: "register", Field: "xmpp.unified-push.register", Info: "register", Doc: "a program wants to be woken", Fields: []dissect.FieldDef{
				{Name: "xmpp.unified-push.application", Type: dissect.Text, Path: "@application", Doc: "the program"},
				{Name: "xmpp.unified-push.instance", Type: dissect.Text, Path: "@instance", Doc: "the user of the program"},
			}},
			{Name: "registered", Field: "xmpp.unified-push.registered", Info: "registered[, until {@expiration}]", Doc: "where to send what wakes it", Fields: []dissect.FieldDef{
				{Name: "xmpp.unified-push.endpoint", Type: dissect.Text, Path: "@endpoint", Doc: "where to send it"},
				{Name: "xmpp.unified-push.expiration", Type: dissect.Time, Path: "@expiration", Doc: "until when"},
			}},
			{Name: "push", Field: "xmpp.unified-push.push", Info: "push", Doc: "wakes the program", Fields: []dissect.FieldDef{
				{Name: "xmpp.unified-push.application", Type: dissect.Text, Path: "@application", Doc: "the program"},
				{Name: "xmpp.unified-push.instance", Type: dissect.Text, Path: "@instance", Doc: "the user of the program"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0142", Title: "Workgroup Queues", Label: "workgroup",
		Doc:    "Customers wait in a queue until an agent has time for them.",
		Spaces: []string{"http://jabber.org/protocol/workgroup"},
		Elements: []dissect.Element{
			{Name: "*", Field: "xmpp.workgroup", Info: "{:}[ {@jid}][, position {position}][, {@count} waiting]", Rank: dissect.Content, Doc: "a step of it", Fields: []dissect.FieldDef{
				{Name: "xmpp.workgroup.action", Type: dissect.Text, Path: ":", Doc: "what it is"},
				{Name: "xmpp.workgroup.jid", Type: dissect.JID, Path: "@jid", Doc: "whom it is about"},
				{Name: "xmpp.workgroup.position", Type: dissect.Number, Path: "position", Doc: "place in the queue"},
				{Name: "xmpp.workgroup.time", Type: dissect.Number, Path: "time", Doc: "seconds that one will have to wait"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0066", Title: "Out of Band Data: Requests", Label: "out of band",
		Doc:    "Offers a file at an address; the other end says whether it could be fetched.",
		Spaces: []string{"jabber:iq:oob"},
		Elements: []dissect.Element{
			{Name: "query", Field: "xmpp.oob.iq", Info: "[ {url}][, {\"desc}]", Doc: "the file", Fields: []dissect.FieldDef{
				{Name: "xmpp.oob.iq.url", Type: dissect.Text, Path: "url", Doc: "where the file is"},
				{Name: "xmpp.oob.iq.desc", Type: dissect.Text, Path: "desc", Doc: "what it is"},
			}},
		},
	})
}
