package gtalk

import (
	"talktrace/dissect"
)

func init() {
	const s = "xmpp.gtalk.session"
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Talk: Sessions", Label: "google-session",
		Doc:    "How Google Talk arranged calls and files before there was Jingle, which was made from it. A session is known by its id and by who began it.",
		Spaces: []string{"http://www.google.com/session"},
		Elements: []dissect.Element{
			{Name: "session", Field: s, Describe: describeSession, Fields: append([]dissect.FieldDef{
				{Name: s + ".type", Type: dissect.Text, Path: "@type", Doc: "what is to happen to the session"},
				{Name: s + ".id", Type: dissect.Text, Path: "@id", Doc: "id of the session"},
				{Name: s + ".initiator", Type: dissect.JID, Path: "@initiator", Doc: "who began it"},
				{Name: s + ".reason", Type: dissect.Text, Path: "reason/*/:", Doc: "why it ends"},
			}, reasons(s+".reason")...)},
			candidate(),
			manifest(),
			protocol(),
			{Name: "redirect", Field: s + ".redirect", Info: "call {.} instead", Doc: "somebody else is to be called", Fields: []dissect.FieldDef{
				{Name: s + ".redirect.to", Type: dissect.Text, Path: ".", Doc: "address of the other one"},
			}},
		},
	})
}

// reasons are the fields of the reasons that stand in a session by themselves.
func reasons(name string) []dissect.FieldDef {
	var fields []dissect.FieldDef
	for _, r := range [...]string{
		"call-ended", "recipient-unavailable", "recipient-busy", "insufficient-funds", "number-malformed",
		"number-disallowed", "protocol-error", "internal-server-error", "unknown-error",
	} {
		fields = append(fields, dissect.FieldDef{Name: name, Type: dissect.Text, Path: r + "/:", Doc: "why it ends"})
	}
	return fields
}

// describeSession tells what happens to a session, what is to be sent in it,
// and how.
func describeSession(l *dissect.Line, n int32) {
	t := l.Tree
	if !l.Attr(n, "type") {
		l.Add("without a type")
	}
	l.ID(" ", n, "id")
	found, only := 0, int32(-1)
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		switch string(t.Local(c)) {
		case "candidate":
			found, only = found+1, c
		case "transport":
			l.Sep().Label(c)
			for k := t.Nodes[c].Child; k >= 0; k = t.Nodes[k].Next {
				if name := string(t.Local(k)); name == "candidate" || name == "channel" {
					found, only = found+1, k
				}
			}
		case "reason":
			for k := t.Nodes[c].Child; k >= 0; k = t.Nodes[k].Next {
				l.Sep().Name(k)
			}
		case "session", "group", "view", "streams":
		default:
			if l.Sep(); !l.Say(c) {
				l.Name(c)
			}
		}
	}
	switch {
	case found == 1:
		if l.Sep(); !l.Say(only) {
			l.Add("1 candidate")
		}
	case found > 1:
		l.Sep().Count(found, "candidate", "candidates")
	}
}
