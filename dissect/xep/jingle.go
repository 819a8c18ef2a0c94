package xep

import (
	"talktrace/dissect"
)

// contentField is how the fields of what a session is about begin; the names
// are Wireshark's.
const contentField = "xmpp.jingle.content"

func init() {
	dissect.Register(dissect.Extension{
		Spec: "XEP-0166", Title: "Jingle", Label: "jingle",
		Doc: "Arranges a session between two clients, for calls or files: what is to be sent, and over which path. What is then sent goes past the server, and is not XMPP.",
		Spaces: []string{
			"urn:xmpp:jingle:1", "urn:xmpp:jingle:0", "urn:xmpp:tmp:jingle",
			"http://www.xmpp.org/extensions/xep-0166.html#ns", "http://jabber.org/protocol/jingle",
		},
		Elements: []dissect.Element{
			{Name: "jingle", Field: "xmpp.jingle", Describe: describeJingle, Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.action", Type: dissect.Text, Path: "@action", Doc: "what is to happen to the session"},
				{Name: "xmpp.jingle.sid", Type: dissect.Text, Path: "@sid", Doc: "id of the session"},
				{Name: "xmpp.jingle.initiator", Type: dissect.JID, Path: "@initiator", Doc: "who began the session"},
				{Name: "xmpp.jingle.responder", Type: dissect.JID, Path: "@responder", Doc: "who answered, where it is not the one that was asked"},
				{Name: contentField, Type: dissect.Presence, Path: "content", Doc: "one thing that is to be sent in the session, such as the sound of a call", Fields: []dissect.FieldDef{
					{Name: contentField + ".creator", Type: dissect.Text, Path: "@creator", Doc: "who proposed the content: initiator or responder"},
					{Name: contentField + ".name", Type: dissect.Text, Path: "@name", Doc: "name of the content within the session"},
					{Name: contentField + ".disposition", Type: dissect.Text, Path: "@disposition", Doc: "how the content is to be taken, as in RFC 3261"},
					{Name: contentField + ".senders", Type: dissect.Text, Path: "@senders", Doc: "who sends: initiator, responder, both or none"},
				}},
			}},
			// Messages that propose a session have a reason too (XEP-0353).
			{Name: "reason", Field: "xmpp.jingle.reason", Doc: "why the session ends or something was refused", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.reason.condition", Type: dissect.Text, Path: "!text/:", Doc: "name of the reason"},
				{Name: "xmpp.jingle.reason.text", Type: dissect.Text, Path: "text", Doc: "the reason in words"},
				{Name: "xmpp.jingle.reason.sid", Type: dissect.Text, Path: "alternative-session/sid", Doc: "id of the session that goes on instead"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0166", Title: "Jingle: Errors", Label: "jingle-error",
		Doc:    "Says more exactly than the error of the stanza why a step of a session was refused.",
		Spaces: []string{"urn:xmpp:jingle:errors:1", "urn:xmpp:jingle:errors:0", "urn:xmpp:tmp:jingle:errors"},
		Elements: []dissect.Element{
			{Name: "*", Info: "{:}", Fields: []dissect.FieldDef{
				{Name: "xmpp.jingle.error", Type: dissect.Text, Path: ":", Doc: "what was wrong: out-of-order, tie-break, unknown-session …"},
			}},
		},
	})
}

// describeJingle tells the action and the session, then what is to be sent and
// how, and why the session ends.
func describeJingle(l *dissect.Line, n int32) {
	t := l.Tree
	if !l.Attr(n, "action") {
		l.Add("without an action")
	}
	l.ID(" ", n, "sid")
	describeContents(l, n)
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		switch name := string(t.Local(c)); {
		case name == "content", name == "group":
		case name == "reason":
			describeReason(l, c)
		default: // of a session-info
			before := l.Sep().Len()
			if !l.Say(c) || l.Len() == before {
				l.Name(c)
			}
		}
	}
}

// mostContents is how many contents a line tells of.
const mostContents = 6

// describeContents lists the contents of a session: all descriptions first, as
// they are what a reader looks for, then how they travel.
func describeContents(l *dissect.Line, n int32) {
	t := l.Tree
	told := 0
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) != "content" {
			continue
		}
		if told++; told > mostContents {
			l.Add(", …")
			break
		}
		describeContent(l, c)
	}
	describeTransports(l, n)
}

func describeContent(l *dissect.Line, content int32) {
	t := l.Tree
	if t.Nodes[content].Child < 0 {
		l.Labelled(", ", content, "name").Labelled(" sent by ", content, "senders")
		return
	}
	for c := t.Nodes[content].Child; c >= 0; c = t.Nodes[c].Next {
		switch string(t.Local(c)) {
		case "transport":
		case "description", "security":
			l.Sep()
			if !l.Say(c) {
				l.Label(c)
			}
		default:
			if l.Sep(); !l.Say(c) {
				l.Name(c)
			}
		}
	}
}

// describeTransports names each way of transport once, and counts the
// candidates of all; a single one is shown.
func describeTransports(l *dissect.Line, n int32) {
	t := l.Tree
	space, candidates, only := "", 0, int32(-1)
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) != "content" {
			continue
		}
		for tr := t.Nodes[c].Child; tr >= 0; tr = t.Nodes[tr].Next {
			if string(t.Local(tr)) != "transport" {
				continue
			}
			if t.Nodes[tr].Space != space {
				space = t.Nodes[tr].Space
				l.Sep().Label(tr).Say(tr)
			}
			for k := t.Nodes[tr].Child; k >= 0; k = t.Nodes[k].Next {
				if name := string(t.Local(k)); name == "candidate" || name == "streamhost" {
					candidates, only = candidates+1, k
				}
			}
		}
	}
	switch {
	case candidates == 1:
		if l.Sep(); !l.Say(only) {
			l.Add("1 candidate")
		}
	case candidates > 1:
		l.Sep().Count(candidates, "candidate", "candidates")
	}
}

// describeReason tells why a session ends (XEP-0166 section 7.4).
func describeReason(l *dissect.Line, n int32) {
	t := l.Tree
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) != "text" {
			l.Sep().Name(c)
		}
	}
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if string(t.Local(c)) == "text" && t.Nodes[c].Inner.Len() > 0 {
			l.Add(": ").Quote(c)
			return
		}
	}
}
