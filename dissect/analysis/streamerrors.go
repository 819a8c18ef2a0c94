package analysis

import (
	"strconv"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return streamErrors{} }) }

var (
	streamUnreadable = kind(Kind{
		ID: "stream-unreadable", Severity: dissect.Error, Title: "one side could not read what the other one sent",
		Why:    "A stream ends with the first mistake in its XML; whoever made it will make it again.",
		Source: "RFC 6120 section 4.9.3.13",
	})
	streamPolicy = kind(Kind{
		ID: "stream-policy-violation", Severity: dissect.Warning, Title: "a rule of the other side was broken",
		Why:    "Too large, too much, too fast, or without TLS: the limits of a server are its own, and are seldom told beforehand.",
		Source: "RFC 6120 section 4.9.3.14",
	})
	streamConflict = kind(Kind{
		ID: "stream-conflict", Severity: dissect.Warning, Title: "another connection took the place of this one",
		Why:    "Two clients have the same resource; if both reconnect by themselves, they will drive each other out for ever.",
		Source: "RFC 6120 section 4.9.3.3",
	})
	streamAddress = kind(Kind{
		ID: "stream-wrong-address", Severity: dissect.Error, Title: "a stream to or from somebody that the other side does not accept",
		Why:    "A domain is misspelled, a server does not host it, or the DNS points to the wrong machine.",
		Source: "RFC 6120 section 4.9.3.6",
	})
	streamFault = kind(Kind{
		ID: "stream-server-fault", Severity: dissect.Error, Title: "a stream ended by a fault of whoever ended it",
		Why:    "It is out of memory, connections or luck; the log of that side will say more than the wire does.",
		Source: "RFC 6120 section 4.9.3.8",
	})
	streamTimeout = kind(Kind{
		ID: "stream-timeout", Severity: dissect.Warning, Title: "a stream ended because nothing was heard of the other side",
		Why:    "A device sleeps, or something between the two has forgotten the connection.",
		Source: "RFC 6120 section 4.9.3.4",
	})
	streamUnauthorized = kind(Kind{
		ID: "stream-not-authorized", Severity: dissect.Warning, Title: "a stream ended because of what is allowed only after login",
		Why:    "Stanzas before the login is complete, a component with the wrong secret, or a server without dialback.",
		Source: "RFC 6120 section 4.9.3.12",
	})
	streamUnsupported = kind(Kind{
		ID: "stream-unsupported", Severity: dissect.Warning, Title: "a stream ended because one side cannot do what the other one wants",
		Why:    "A version, a feature or an element that is not known; one of the two is old, or asks for what was not offered.",
		Source: "RFC 6120 section 4.9.3.23",
	})
	streamMoved = kind(Kind{
		ID: "stream-sent-away", Severity: dissect.Remark, Title: "the server sends its clients away",
		Why:    "It is being shut down, or there is another one to go to; expect all of its clients to come back at once.",
		Source: "RFC 6120 section 4.9.3.20",
	})
	streamError = kind(Kind{
		ID: "stream-error", Severity: dissect.Warning, Title: "a stream ended with an error",
		Why:    "What was under way is lost, and the client has to connect again.",
		Source: "RFC 6120 section 4.9",
	})
)

// verdict is what a stream error comes to.
type verdict struct {
	kind *Kind
	says string
}

// streamVerdict is what a condition of a stream error comes to (RFC 6120 section
// 4.9.3, RFC 3920 section 4.7.3).
func streamVerdict(condition string) (verdict, bool) {
	switch condition {
	case "not-well-formed", "xml-not-well-formed":
		return verdict{streamUnreadable, "what it was sent is not well-formed"}, true
	case "invalid-xml":
		return verdict{streamUnreadable, "what it was sent does not follow the schema"}, true
	case "bad-format":
		return verdict{streamUnreadable, "it cannot make sense of what it was sent"}, true
	case "bad-namespace-prefix":
		return verdict{streamUnreadable, "a prefix has not been declared, or not as it should be"}, true
	case "invalid-namespace":
		return verdict{streamUnreadable, "the namespace of the stream is not the one that it speaks"}, true
	case "restricted-xml":
		return verdict{streamUnreadable, "it was sent a comment, an instruction or a declaration, which XMPP forbids"}, true
	case "unsupported-encoding":
		return verdict{streamUnreadable, "it was sent something other than UTF-8"}, true
	case "policy-violation":
		return verdict{streamPolicy, "a rule of its own was broken"}, true
	case "conflict":
		return verdict{streamConflict, "its place has been taken, or its account removed"}, true
	case "host-unknown", "host-gone":
		return verdict{streamAddress, "it does not serve the domain that the stream is to"}, true
	case "improper-addressing":
		return verdict{streamAddress, "a stanza does not say who it is from or to"}, true
	case "invalid-from":
		return verdict{streamAddress, "a stanza claims to be from somebody else"}, true
	case "invalid-id":
		return verdict{streamAddress, "the id of the stream is not the one that it gave"}, true
	case "internal-server-error":
		return verdict{streamFault, "it has failed inside"}, true
	case "resource-constraint":
		return verdict{streamFault, "it has run out of something"}, true
	case "remote-connection-failed":
		return verdict{streamFault, "it cannot reach another one that it needs"}, true
	case "connection-timeout":
		return verdict{streamTimeout, "it has not heard of the other side for too long"}, true
	case "not-authorized":
		return verdict{streamUnauthorized, "it was sent something before the login was complete, or by somebody who may not"}, true
	case "unsupported-version", "unsupported-feature", "unsupported-stanza-type":
		return verdict{streamUnsupported, "it cannot do what is asked of it"}, true
	case "system-shutdown":
		return verdict{streamMoved, "it is being shut down"}, true
	case "reset":
		return verdict{streamMoved, "it wants the stream to begin anew"}, true
	case "see-other-host":
		return verdict{streamMoved, "there is another host to go to"}, true
	}
	return verdict{streamError, "for a reason of its own"}, false
}

// streamErrors says what stream errors mean, and whose fault they are.
type streamErrors struct{}

// turns are the latest things that each side of a connection has sent.
type turns struct {
	last      [2]place
	malformed [2]place
}

func newTurns() *turns { return &turns{} }

// Row implements watcher.
func (w streamErrors) Row(r *Row) {
	t := keep(r.Session, w, newTurns)
	switch {
	case r.Kind == "error" && r.XMLNS == "http://etherx.jabber.org/streams":
		w.judge(t, r)
	case r.Kind == dissect.KindMalformed, r.Kind == dissect.KindUnfinished && r.Missing == 0:
		t.malformed[r.Sender] = r.place()
	case r.Kind == dissect.KindEnd, r.Kind == dissect.KindStreamClose:
		return
	}
	t.last[r.Sender] = r.place()
}

func (streamErrors) judge(t *turns, r *Row) {
	condition, v := "", verdict{streamError, "for a reason that it does not tell"}
	streamCondition.each(r, func(x *dissect.Field) {
		if known, ok := streamVerdict(string(x.Text)); ok || condition == "" {
			condition, v = string(x.Text), known
		}
	})
	about := ""
	other := r.Sender.Other()
	switch p, bad := t.last[other], t.malformed[other]; {
	case v.kind != streamUnreadable && v.kind != streamPolicy || p.no == 0:
	case bad.no != 0:
		about = "; " + rowOf(bad, other) + " is broken"
	default:
		about = "; the latest before is " + rowOf(p, other)
	}
	r.Note(v.kind, "the %s ends the stream, %.60s: %s%s", r.Sender, condition, v.says, about)
}

// End implements watcher.
func (streamErrors) End(*Row) {}

// rowOf names a row and who sent it.
func rowOf(p place, from dissect.Sender) string {
	return "row " + strconv.Itoa(p.no) + " of the " + from.String()
}
