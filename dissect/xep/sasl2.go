package xep

import (
	"talktrace/dissect"
)

const nsSASL2 = "urn:xmpp:sasl:2"

func init() {
	payload := func(name string) []dissect.FieldDef {
		return []dissect.FieldDef{{Name: "xmpp.sasl2." + name + ".payload", Type: dissect.Text, Path: ".", Doc: "payload of the mechanism, in base64"}}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0388", Title: "Extensible SASL Profile", Label: "SASL2",
		Doc:    "Logs in, binds a resource and takes up an old session in one exchange instead of many.",
		Spaces: []string{nsSASL2, "urn:xmpp:sasl:1", "urn:xmpp:sasl:0"},
		Elements: []dissect.Element{
			{Name: "authentication", Field: "xmpp.sasl2.authentication", Offer: "SASL2 {&mechanism}", Doc: "the mechanisms on offer, and what can be done along with the login", Fields: []dissect.FieldDef{
				{Name: "xmpp.sasl2.mechanism", Type: dissect.Text, Path: "mechanism", Doc: "a SASL mechanism"},
				{Name: "xmpp.sasl2.inline", Type: dissect.Text, Path: "inline/*/:", Doc: "name of what can be done along with the login"},
			}},
			{Name: "authenticate", Field: "xmpp.sasl2.authenticate", Describe: describeAuthenticate, Doc: "begins a login", Fields: []dissect.FieldDef{
				{Name: "xmpp.sasl2.mechanism", Type: dissect.Text, Path: "@mechanism", Doc: "a SASL mechanism"},
				{Name: "xmpp.sasl2.initial-response", Type: dissect.Text, Path: "initial-response", Doc: "initial response, in base64"},
				{Name: "xmpp.sasl2.user-agent.id", Type: dissect.Text, Path: "user-agent/@id", Doc: "id of the client's installation"},
				{Name: "xmpp.sasl2.user-agent.software", Type: dissect.Text, Path: "user-agent/software", Doc: "name of the client"},
				{Name: "xmpp.sasl2.user-agent.device", Type: dissect.Text, Path: "user-agent/device", Doc: "name of the device"},
			}},
			{Name: "challenge", Field: "xmpp.sasl2.challenge", Describe: describeSASLPayload, Doc: "a question by the mechanism", Fields: payload("challenge")},
			{Name: "response", Field: "xmpp.sasl2.response", Describe: describeSASLPayload, Doc: "the answer to a challenge", Fields: payload("response")},
			{Name: "success", Field: "xmpp.sasl2.success", Describe: describeSASLSuccess, Doc: "the login succeeded", Fields: []dissect.FieldDef{
				{Name: "xmpp.sasl2.authorization-identifier", Type: dissect.JID, Path: "authorization-identifier", Doc: "who is logged in"},
				{Name: "xmpp.sasl2.additional-data", Type: dissect.Text, Path: "additional-data", Doc: "last word of the mechanism, in base64"},
			}},
			{Name: "failure", Field: "xmpp.sasl2.failure", Doc: "the login failed", Describe: func(l *dissect.Line, n int32) { l.Failure(n, nsSASL) }, Fields: []dissect.FieldDef{
				{Name: "xmpp.sasl2.failure.condition", Type: dissect.Text, Path: "!text/:", Doc: "why it failed"},
				{Name: "xmpp.sasl2.failure.text", Type: dissect.Text, Path: "text", Doc: "why it failed, in words"},
			}},
			{Name: "continue", Field: "xmpp.sasl2.continue", Info: "[tasks {&tasks/task}]", Doc: "there is more to do before the login is complete", Fields: []dissect.FieldDef{
				{Name: "xmpp.sasl2.task", Type: dissect.Text, Path: "tasks/task", Doc: "what is to be done"},
			}},
			{Name: "next", Field: "xmpp.sasl2.next", Info: "[task {@task}]", Doc: "the client does one of the tasks", Fields: []dissect.FieldDef{
				{Name: "xmpp.sasl2.task", Type: dissect.Text, Path: "@task", Doc: "what is to be done"},
			}},
			{Name: "task-data", Field: "xmpp.sasl2.task-data", Info: "task data[, {=*/:}]", Doc: "what a task has to say"},
			{Name: "abort", Field: "xmpp.sasl2.abort", Info: "the client gives up", Doc: "the client gives up"},
		},
	})
}

const nsSASL = "urn:ietf:params:xml:ns:xmpp-sasl"

func describeSASLPayload(l *dissect.Line, n int32) { l.Secret(n, "payload") }

func describeAuthenticate(l *dissect.Line, n int32) {
	t := l.Tree
	l.Attr(n, "mechanism")
	space := t.Nodes[n].Space
	if c := t.Find(n, space, "initial-response"); c >= 0 {
		l.Secret(c, "initial response")
	}
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Nodes[c].Space != space {
			l.Sep().Label(c)
		}
	}
}

func describeSASLSuccess(l *dissect.Line, n int32) {
	t := l.Tree
	l.Add("logged in")
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		switch string(t.Local(c)) {
		case "authorization-identifier", "authorization-identity":
			l.Add(" as ")
			l.Text(c)
		case "additional-data":
		default:
			l.Sep().Name(c)
		}
	}
}
