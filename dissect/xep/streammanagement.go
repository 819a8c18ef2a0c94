package xep

import (
	"talktrace/dissect"
)

const nsStanzas = "urn:ietf:params:xml:ns:xmpp-stanzas"

func init() {
	handled := dissect.FieldDef{Name: "xmpp.sm.h", Type: dissect.Number, Path: "@h", Doc: "how many stanzas have been handled, modulo 2^32"}
	resume := dissect.FieldDef{Name: "xmpp.sm.resume", Type: dissect.Boolean, Path: "@resume", Doc: "the session can be taken up again after a broken connection"}
	seconds := dissect.FieldDef{Name: "xmpp.sm.max", Type: dissect.Number, Path: "@max", Doc: "for how many seconds"}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0198", Title: "Stream Management",
		Doc:    "Both sides count what they have handled and say so, so that nothing is lost when a connection breaks; a session can be taken up again on a new one.",
		Spaces: []string{"urn:xmpp:sm:3", "urn:xmpp:sm:2"},
		Elements: []dissect.Element{
			{Name: "sm", Field: "xmpp.sm", Doc: "stream management is on offer"},
			{Name: "r", Field: "xmpp.sm.r", Info: "how many have you handled?", Doc: "asks for the count"},
			{Name: "a", Field: "xmpp.sm.a", Info: "handled {@h}", Doc: "tells the count", Fields: []dissect.FieldDef{handled}},
			{Name: "enable", Field: "xmpp.sm.enable", Describe: describeEnabling, Doc: "asks for stream management", Fields: []dissect.FieldDef{resume, seconds}},
			{Name: "enabled", Field: "xmpp.sm.enabled", Describe: describeEnabling, Doc: "both sides count from here on", Fields: []dissect.FieldDef{
				resume, seconds,
				{Name: "xmpp.sm.id", Type: dissect.Text, Path: "@id", Doc: "what the session is taken up again with"},
				{Name: "xmpp.sm.location", Type: dissect.Text, Path: "@location", Doc: "where it had best be taken up again"},
			}},
			{Name: "resume", Field: "xmpp.sm.resume_request", Info: "stream management[, handled {@h}]", Doc: "takes a session up again", Fields: []dissect.FieldDef{
				handled,
				{Name: "xmpp.sm.previd", Type: dissect.Text, Path: "@previd", Doc: "id of the session"},
			}},
			{Name: "resumed", Field: "xmpp.sm.resumed", Info: "stream management[, handled {@h}]", Doc: "the session goes on", Fields: []dissect.FieldDef{
				handled,
				{Name: "xmpp.sm.previd", Type: dissect.Text, Path: "@previd", Doc: "id of the session"},
			}},
			{Name: "handled-count-too-high", Field: "xmpp.sm.count_error", Info: "{:}[, {@h} of {@send-count}]", Doc: "more is said to be handled than was sent", Fields: []dissect.FieldDef{
				handled,
				{Name: "xmpp.sm.send-count", Type: dissect.Number, Path: "@send-count", Doc: "how many stanzas have been sent"},
			}},
			{Name: "failed", Field: "xmpp.sm.failed", Info: "[, handled {@h}]", Doc: "no stream management, or the session is gone", Describe: func(l *dissect.Line, n int32) {
				l.Add("stream management").Failure(n, nsStanzas)
			}, Fields: []dissect.FieldDef{
				handled,
				{Name: "xmpp.sm.failed.condition", Type: dissect.Text, Path: "!text/:", Doc: "why not"},
			}},
		},
	})
}

func describeEnabling(l *dissect.Line, n int32) {
	l.Add("stream management")
	if a := l.Tree.Attr(n, "resume"); a != nil {
		if v := string(l.Tree.Bytes(a.Value)); v == "true" || v == "1" {
			l.Add(" with resumption")
		}
	}
	l.Labelled(", max seconds ", n, "max").Labelled(", at ", n, "location")
}
