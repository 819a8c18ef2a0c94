package analysis

import (
	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return &deprecated{} }) }

var (
	deprecatedLogin = kind(Kind{
		ID: "deprecated-login", Severity: dissect.Remark, Title: "a login from before SASL",
		Why:    "It sends the password, or a hash of it that is easy to guess from, and servers drop it one after the other.",
		Source: "XEP-0078",
	})
	deprecatedProtocol = kind(Kind{
		ID: "deprecated-protocol", Severity: dissect.Remark, Title: "a protocol that has been given up",
		Why:    "New software does not know it any more, and there is something better.",
		Source: "XEP-0001",
	})
)

// givenUp are the protocols that have been given up, and what has taken their
// place.
var givenUp = []struct {
	field *field
	text  string
}{
	{need("xmpp.browse"), "jabber:iq:browse (XEP-0011); service discovery (XEP-0030) has taken its place"},
	{need("xmpp.agents"), "jabber:iq:agents (XEP-0094); service discovery (XEP-0030) has taken its place"},
	{need("xmpp.time.legacy"), "jabber:iq:time (XEP-0090); entity time (XEP-0202) has taken its place"},
	{need("xmpp.compress"), "stream compression (XEP-0138), which lets secrets be guessed from lengths"},
}

var (
	legacyLogin  = need("xmpp.legacyauth")
	delayElement = need("xmpp.delay")
)

// deprecated looks for protocols that have been given up.
type deprecated struct{}

// used are those that a connection has been told of.
type used struct{ protocols []bool }

func newUsed() *used { return &used{make([]bool, len(givenUp)+1)} }

// Row implements watcher.
func (w *deprecated) Row(r *Row) {
	if len(r.Fields) == 0 {
		return
	}
	if r.Kind == "iq" && r.Type == "set" && r.Sender == dissect.Client && legacyLogin.own(r) != nil {
		r.once(deprecatedLogin, "")
	}
	for i := range givenUp {
		if g := &givenUp[i]; g.field.own(r) != nil {
			w.tell(r, i, g.text)
		}
	}
	if r.Kind == "message" || r.Kind == "presence" {
		w.delay(r)
	}
}

// delay looks for the old form of delay stamps where it stands alone.
func (w *deprecated) delay(r *Row) {
	legacy := false
	alone := true
	delayElement.each(r, func(x *dissect.Field) {
		old := fromSpace(x, "jabber:x:delay")
		legacy, alone = legacy || old, alone && old
	})
	if legacy && alone {
		w.tell(r, len(givenUp), "jabber:x:delay (XEP-0091); delayed delivery (XEP-0203) has taken its place")
	}
}

// tell tells of a protocol, once a connection.
func (w *deprecated) tell(r *Row, which int, text string) {
	u := keep(r.Session, w, newUsed)
	if !u.protocols[which] {
		u.protocols[which] = true
		r.Note(deprecatedProtocol, "%s", text)
	}
}

// End implements watcher.
func (*deprecated) End(*Row) {}
