package xep

import (
	"talktrace/dissect"
)

func init() {
	const x = "xmpp.jingle.transfer"
	dissect.Register(dissect.Extension{
		Spec: "XEP-0251", Title: "Jingle Session Transfer", Label: "transfer",
		Doc:    "Passes a call on to somebody else.",
		Spaces: []string{"urn:xmpp:jingle:transfer:0"},
		Elements: []dissect.Element{
			{Name: "transfer", Field: x, Info: "transfer[ to {@to}][, session {~@sid}]", Doc: "the call is to go on with somebody else", Fields: []dissect.FieldDef{
				{Name: x + ".from", Type: dissect.JID, Path: "@from", Doc: "who passes the call on"},
				{Name: x + ".to", Type: dissect.JID, Path: "@to", Doc: "who is to take it"},
				{Name: x + ".sid", Type: dissect.Text, Path: "@sid", Doc: "id of the session that it takes the place of"},
			}},
			{Name: "transferred", Field: x + "red", Info: "transferred", Doc: "the call has been passed on"},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0181", Title: "Jingle DTMF", Label: "DTMF",
		Doc:    "Keys that are pressed during a call, for the machine at the other end.",
		Spaces: []string{"urn:xmpp:jingle:dtmf:0"},
		Elements: []dissect.Element{
			// Keys can be a PIN, so the line does not repeat them.
			{Name: "dtmf", Field: "xmpp.jingle.dtmf", Info: "a key", Doc: "a key", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.dtmf.code", Type: dissect.Text, Path: "@code", Doc: "the key: 0 to 9, *, #, A to D"},
				{Name: "xmpp.jingle.dtmf.duration", Type: dissect.Number, Path: "@duration", Doc: "milliseconds for which it is pressed"},
				{Name: "xmpp.jingle.dtmf.volume", Type: dissect.Number, Path: "@volume", Doc: "how loud it is"},
			}},
		},
	})
}
