package gtalk

import (
	"strings"

	"talktrace/dissect"
)

func init() {
	const g = "xmpp.gtalk.gcm"
	field := func(name, key, doc string, t dissect.Type) dissect.FieldDef {
		return dissect.FieldDef{Name: g + "." + name, Type: t, Path: ".", Decode: jsonValue(key), Doc: doc}
	}
	dissect.Register(dissect.Extension{
		Spec: "Google", Title: "Google Cloud Messaging: Connection Server", Label: "gcm",
		Doc:    "An app's server sends messages to telephones, and receives some, over XMPP on port 5235. Each is a JSON object in a message stanza and is acknowledged by another one; addresses are registration tokens.",
		Spaces: []string{"google:mobile:data"},
		Elements: []dissect.Element{
			{Name: "gcm", Field: g, Rank: dissect.Content, Describe: describeGCM, Doc: "a message in JSON", Fields: []dissect.FieldDef{
				field("message-type", "message_type", "ack, nack, receipt or control; absent for a message", dissect.Text),
				field("message-id", "message_id", "id of the message, which its ack repeats", dissect.Text),
				field("to", "to", "who it is for: the beginning of a token, or a topic", dissect.Text),
				field("from", "from", "who it is from: the beginning of a token, or a sender", dissect.Text),
				field("category", "category", "name of the app's package", dissect.Text),
				field("priority", "priority", "high or normal", dissect.Text),
				field("collapse-key", "collapse_key", "of those with the same key only the last is delivered", dissect.Text),
				field("time-to-live", "time_to_live", "seconds for which it is kept for a telephone that is off", dissect.Number),
				field("delay-while-idle", "delay_while_idle", "it need not wake the telephone", dissect.Boolean),
				field("receipt-requested", "delivery_receipt_requested", "the sender wants to know when it has arrived", dissect.Boolean),
				field("control-type", "control_type", "what the server announces: CONNECTION_DRAINING, it will close the connection", dissect.Text),
				field("error", "error", "why the message was refused", dissect.Text),
				field("error-description", "error_description", "the same in words", dissect.Text),
			}},
		},
	})
}

// describeGCM says what kind of message it is, which, and what went wrong.
func describeGCM(l *dissect.Line, n int32) {
	t := l.Tree
	var known gcmMessage
	text := t.Bytes(t.Nodes[n].Inner)
	if t.Nodes[n].Escaped || t.Nodes[n].Child >= 0 {
		text = t.Text(nil, n)
	}
	whole := known.read(text)
	l.Add("GCM ")
	switch {
	case known.control != "":
		l.Add(known.control)
	case known.kind != "":
		l.Add(known.kind)
	default:
		l.Add("message")
	}
	if known.id != "" {
		l.Add(" ").Add(short(known.id))
	}
	if known.err != "" {
		l.Sep().Add(short(known.err))
	}
	if known.why != "" {
		l.Add(": ").Add(short(string(dissect.AppendPushWords(nil, []byte(known.why)))))
	}
	if known.to != "" && known.kind == "" {
		l.Add(" for ").Bytes(dissect.AppendPushAddress(nil, []byte(short(known.to))))
	}
	switch {
	case len(text) == 0:
		l.Sep().Add("empty")
	case !whole:
		l.Sep().Add("broken JSON")
	}
}

// short cuts a value that a line repeats.
func short(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
