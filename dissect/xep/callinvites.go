package xep

import (
	"talktrace/dissect"
)

func init() {
	id := dissect.FieldDef{Name: "xmpp.call.id", Type: dissect.Text, Path: "@id", Doc: "id of the invitation", Required: true}
	join := dissect.FieldDef{Name: "xmpp.call.jingle", Type: dissect.Presence, Path: "jingle", Doc: "the call can be joined with Jingle", Fields: []dissect.FieldDef{
		{Name: "xmpp.call.jingle.sid", Type: dissect.Text, Path: "@sid", Doc: "id of the Jingle session"},
		{Name: "xmpp.call.jingle.jid", Type: dissect.JID, Path: "@jid", Doc: "whom to call"},
	}}
	external := dissect.FieldDef{Name: "xmpp.call.uri", Type: dissect.Text, Path: "external/@uri", Doc: "where else the call can be joined"}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0482", Title: "Call Invites", Label: "call",
		Doc:    "Invites somebody to a call, whatever it is made with, and says what became of the invitation.",
		Spaces: []string{"urn:xmpp:call-invites:0"},
		Elements: []dissect.Element{
			{Name: "invite", Field: "xmpp.call.invite", Rank: dissect.Instead, Doc: "an call invitation", Describe: func(l *dissect.Line, n int32) {
				if a := l.Tree.Attr(n, "video"); a != nil && string(l.Tree.Bytes(a.Value)) == "true" {
					l.Add("video call invitation")
				} else {
					l.Add("call invitation")
				}
			}, Info: "[, session {~jingle/@sid}][, {external/@uri}]", Fields: []dissect.FieldDef{
				{Name: "xmpp.call.video", Type: dissect.Boolean, Path: "@video", Doc: "with pictures"},
				{Name: "xmpp.call.audio", Type: dissect.Boolean, Path: "@audio", Doc: "with sound"},
				join, external,
			}},
			{Name: "retract", Field: "xmpp.call.retract", Rank: dissect.Instead, Info: "call taken back", Doc: "the invitation is taken back", Fields: []dissect.FieldDef{id}},
			{Name: "accept", Field: "xmpp.call.accept", Rank: dissect.Instead, Info: "call accepted[, session {~jingle/@sid}][, {external/@uri}]", Doc: "the invitation is accepted", Fields: fieldsOf([]dissect.FieldDef{id, join, external})},
			{Name: "reject", Field: "xmpp.call.reject", Rank: dissect.Instead, Info: "call rejected", Doc: "the invitation is rejected", Fields: []dissect.FieldDef{id}},
			{Name: "left", Field: "xmpp.call.left", Rank: dissect.Instead, Info: "left the call", Doc: "somebody has left the call", Fields: []dissect.FieldDef{id}},
		},
	})
}
