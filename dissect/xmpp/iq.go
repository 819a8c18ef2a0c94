package xmpp

import (
	"talktrace/dissect"
)

func init() {
	dissect.Register(dissect.Extension{
		Spec: "RFC 6120", Title: "XMPP: Info/Query",
		Doc:    "An iq asks for something (get) or to do something (set), and is answered once, by a result or an error with its id.",
		Spaces: stanzaSpaces,
		Elements: []dissect.Element{
			{Name: "iq", Field: "xmpp.iq", Describe: describeIQ, Fields: addressing()},
			{
				Name: "error", Field: "xmpp.error", Describe: describeError, Doc: "why a stanza could not be delivered or a request not be met",
				Fields: []dissect.FieldDef{
					{Name: "xmpp.error.type", Type: dissect.Text, Path: "@type", Doc: "what to do about it: auth, cancel, continue, modify or wait"},
					{Name: "xmpp.error.code", Type: dissect.Text, Path: "@code", Doc: "number of the error, from before RFC 3920"},
					{Name: "xmpp.error.by", Type: dissect.JID, Path: "@by", Doc: "who returned the error"},
					{Name: "xmpp.error.condition", Type: dissect.Text, Path: "!text/:", Doc: "name of the error, and of the application's own"},
					{Name: "xmpp.error.text", Type: dissect.Text, Path: "~text", Doc: "the error in words"},
				},
			},
		},
	})
}

// describeIQ describes a request or its answer (RFC 6120 section 8.2.3).
func describeIQ(l *dissect.Line, m int32) {
	t := l.Tree
	payload, err := int32(-1), int32(-1)
	for n := t.Nodes[m].Child; n >= 0; n = t.Nodes[n].Next {
		if t.Nodes[n].Space == t.Nodes[m].Space && string(t.Local(n)) == "error" {
			err = n
		} else if payload < 0 {
			payload = n
		}
	}
	if err >= 0 {
		l.Say(err)
		if payload >= 0 {
			l.Add(", ").Label(payload)
		}
		l.Whom(m)
		return
	}
	if !l.Attr(m, "type") {
		l.Add("iq without a type")
	}
	if payload >= 0 {
		l.Add(" ").Payload(payload)
	} else {
		l.ID(" for ", m, "id")
	}
	l.Whom(m)
}

// describeError describes the error child of a stanza (RFC 6120 section 8.3).
func describeError(l *dissect.Line, n int32) {
	t := l.Tree
	l.Add("error")
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Nodes[c].Space == nsStanzas && string(t.Local(c)) != "text" {
			l.Add(" ").Name(c)
			break
		}
	}
	specific(l, n)
	if t.Attr(n, "type") != nil {
		l.Labelled(" (", n, "type").Add(")")
	} else {
		l.Labelled(" ", n, "code")
	}
	if c := t.Find(n, nsStanzas, "text"); c >= 0 && t.Nodes[c].Inner.Len() > 0 {
		l.Add(": ").Quote(c)
	}
}

// specific adds the condition of the application that explains the one before,
// if there is one (RFC 6120 sections 4.9.4 and 8.3.4).
func specific(l *dissect.Line, n int32) {
	t := l.Tree
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		switch t.Nodes[c].Space {
		case nsStanzas, nsStreams, t.Nodes[n].Space:
			continue
		}
		l.Add(", ")
		if !l.Say(c) {
			l.Name(c)
		}
		return
	}
}
