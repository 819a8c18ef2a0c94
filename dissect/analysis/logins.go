package analysis

import (
	"bytes"
	"strings"

	"talktrace/dissect"
)

func init() {
	watch(match, func(a *Analysis) watcher { return &logins{a: a} })
}

var (
	resumeCondition = need("xmpp.sm.failed.condition")
	bindRequest     = need("xmpp.iq.bind")
	sessionRequest  = need("xmpp.iq.session")
	query           = need("xmpp.query")
)

// logins follows logins through their phases (RFC 6120 sections 5 to 7, RFC
// 3921 section 3, XEP-0078, XEP-0114, XEP-0198, XEP-0220, XEP-0388).
type logins struct{ a *Analysis }

// Row implements watcher.
func (w *logins) Row(r *Row) {
	if r.Kind == "message" || r.Kind == dissect.KindKeepalive {
		return
	}
	s, known := r.Session.kept(w).(*loginState)
	if !known {
		if !begins(r) {
			return
		}
		s = keep(r.Session, w, newLoginState)
		s.begin(r)
	}
	at := s.at
	if at.done && !again(r) {
		return
	}
	if strings.Contains(r.Layers, "tls") && r.Kind != dissect.KindTLS && r.Kind != dissect.KindEnd && r.Kind != dissect.KindGap {
		if s.opened = true; r.Sender == dissect.Client {
			at.stop(TLS, r) // whoever speaks inside is through with the handshake
		}
	}
	switch r.Kind {
	case dissect.KindTLS:
		w.tls(s, r)
	case dissect.KindStream:
		at.name(r)
	case "auth", "authenticate", "response", "success", "failure", "resumed", "resume", "failed":
		w.sasl(s, r)
	case "iq":
		w.iq(s, r)
	case "presence":
		if r.Sender == dissect.Client && at.OK && r.To == nil && r.Type == "" {
			at.since[FirstPresence] = at.Time
			if at.Took[FirstPresence] == Absent {
				at.stop(FirstPresence, r)
			}
		}
	case "handshake", "result":
		w.others(s, r)
	case "error", dissect.KindStreamClose, dissect.KindEnd:
		w.closed(s, r)
	}
}

// begins reports whether an attempt may begin with the row.
func begins(r *Row) bool {
	switch r.Kind {
	case dissect.KindStream, dissect.KindTLS, "auth", "authenticate":
		return r.Sender == dissect.Client
	}
	return false
}

// again reports whether another attempt begins on a connection that has had one.
func again(r *Row) bool {
	return r.Sender == dissect.Client &&
		((r.Kind == "auth" || r.Kind == "authenticate") && isSASL(r.XMLNS) || r.Kind == "iq" && legacy(r))
}

func isSASL(space string) bool {
	return space == "urn:ietf:params:xml:ns:xmpp-sasl" || strings.HasPrefix(space, "urn:xmpp:sasl:")
}

// legacy reports whether an iq logs in as it was done before SASL (XEP-0078).
func legacy(r *Row) bool { return r.Type == "set" && legacyName.ownText(r) != nil }

// by takes in the account's name, as far as the login tells it.
func (at *loginAttempt) by(r *Row, name []byte) {
	if name == nil || at.Kind != "client" || r.Sender != dissect.Client {
		return
	}
	if at.Account = string(name[:min(len(name), maxName)]); bytes.IndexByte(name, '@') < 0 {
		at.Account += "@" + r.Session.Domain
	}
}

// asksRoster reports whether an iq asks for the roster.
func asksRoster(r *Row) bool {
	x := query.own(r)
	return r.Type == "get" && x != nil && fromSpace(x, "jabber:iq:roster")
}

// name takes in who logs in to what.
func (at *loginAttempt) name(r *Row) {
	if r.Sender != dissect.Client {
		return
	}
	c := r.Session
	at.Domain = c.Domain
	switch port := r.Conn.Addr[dissect.Server].Port(); {
	case c.Servers:
		at.Kind = "server"
	case port == 5275 || port == 5276 || port == 5347:
		at.Kind = "component"
	}
	if r.From != nil {
		at.Account = nameOf(r.From)
	} else if at.Kind == "component" {
		at.Account = c.Domain // it names itself there (XEP-0114 section 3)
	}
}

// tls takes in a row of TLS. The handshake is over with the last Finished, or,
// where these are encrypted and cannot be read, with the client's first record
// of data.
func (w *logins) tls(s *loginState, r *Row) {
	at := s.at
	at.TLS = r.Protocol
	data := r.Step == dissect.SealedData
	switch {
	case r.Step == dissect.Alert:
		s.alert = string(r.Info)
	case r.Sender == dissect.Client && r.Step == dissect.ClientHello:
		if at.Took[TLS] == Absent && at.since[TLS] == 0 {
			at.start(TLS, r)
		}
	case r.Step == dissect.Finished, data && r.Sender == dissect.Client && at.Took[TLS] == Absent:
		since := at.since[TLS]
		if at.stop(TLS, r); !data {
			at.since[TLS] = since // the other side's is still to come
		}
	}
}

// sasl takes in a step of SASL, or of a resumption, which may be its end.
func (w *logins) sasl(s *loginState, r *Row) {
	at := s.at
	switch {
	case r.Kind == "resume" && managed(r):
		at.start(Bind, r)
	case r.Kind == "resumed" && managed(r):
		at.stop(Bind, r)
		at.ready(r, "resumed")
		w.end(at, r)
	case r.Kind == "failed" && managed(r):
		at.since[Bind] = 0
		if c := resumeCondition.text(r); c != nil && !at.OK {
			at.Result = "not resumed: " + string(c)
		}
	case !isSASL(r.XMLNS):
	case r.Kind == "auth" || r.Kind == "authenticate":
		if at = w.next(s, r); r.Session.Mechanism != "" {
			at.Mechanism = r.Session.Mechanism
		}
		at.start(SASL, r)
		at.by(r, loginName.text(r))
	case r.Kind == "response":
		at.by(r, loginName.text(r))
	case r.Kind == "success":
		at.stop(SASL, r)
		switch jid := r.Session.JID; {
		case at.Kind != "client":
			at.ready(r, "ok")
			w.end(at, r)
		case strings.Contains(jid, "/") && saslWho.text(r) != nil: // bound along with it (XEP-0386)
			at.Account, at.Took[Bind] = jid, 0
			at.ready(r, "ok")
		}
	case r.Kind == "failure":
		at.stop(SASL, r)
		c := saslFailure.text(r)
		if c == nil {
			c = sasl2Failure.text(r)
		}
		w.fail(at, r, "refused: "+string(c))
	}
}

// next returns the attempt that a login belongs to: a new one, if there was one
// before.
func (w *logins) next(s *loginState, r *Row) *loginAttempt {
	before := s.at
	if !before.done && before.since[SASL] == 0 && before.Took[SASL] == Absent {
		return before
	}
	w.end(before, r)
	at := s.begin(r)
	at.Kind, at.Domain, at.TLS = before.Kind, before.Domain, before.TLS
	if before.Kind != "client" {
		at.Account = before.Account
	}
	return at
}

// iq takes in the requests that belong to a login, and their answers.
func (w *logins) iq(s *loginState, r *Row) {
	at := s.at
	if r.Sender == dissect.Client {
		switch {
		case legacy(r):
			at = w.next(s, r)
			at.Mechanism = "jabber:iq:auth"
			at.start(SASL, r)
			at.by(r, legacyName.ownText(r))
		case r.Type == "set" && bindRequest.own(r) != nil && !at.OK:
			at.start(Bind, r)
		case r.Type == "set" && sessionRequest.own(r) != nil && at.Took[SessionRequest] == Absent:
			at.start(SessionRequest, r)
		case asksRoster(r) && at.Took[Roster] == Absent:
			at.start(Roster, r)
		}
		return
	}
	if r.Type != "result" && r.Type != "error" {
		return
	}
	failed := ""
	if r.Type == "error" {
		failed = string(stanzaFailure.text(r))
	}
	for _, p := range [...]Phase{SASL, Bind, SessionRequest, Roster} {
		if !at.answers(p, r) {
			continue
		}
		at.stop(p, r)
		switch {
		case p > Bind:
		case r.Type == "error":
			w.fail(at, r, map[Phase]string{SASL: "refused: ", Bind: "not bound: "}[p]+failed)
		default:
			if jid := r.Session.JID; jid != "" {
				at.Account = jid
			} else if r.To != nil {
				at.Account = nameOf(r.To)
			}
			at.ready(r, "ok")
		}
		return
	}
}

// others takes in how components and servers log in.
func (w *logins) others(s *loginState, r *Row) {
	at := s.at
	if r.Kind == "result" && r.XMLNS != "jabber:server:dialback" {
		return
	}
	if r.Sender == dissect.Client {
		if r.Type == "" && at.since[SASL] == 0 && at.Took[SASL] == Absent {
			if at.Mechanism = "handshake"; r.Kind == "result" {
				at.Mechanism, at.Kind = "dialback", "server"
				at.Account, at.Domain = nameOf(r.From), nameOf(r.To)
			} else {
				at.Kind = "component"
			}
			at.start(SASL, r)
		}
		return
	}
	if at.since[SASL] == 0 {
		return
	}
	at.stop(SASL, r)
	if r.Type != "" && r.Type != "valid" {
		w.fail(at, r, "refused: "+r.Type)
		return
	}
	at.ready(r, "ok")
	w.end(at, r)
}

// closed ends an attempt with its stream or its connection.
func (w *logins) closed(s *loginState, r *Row) {
	at := s.at
	if at.OK {
		if r.Kind != "error" {
			w.end(at, r)
		}
		return
	}
	switch {
	case r.Kind == "error" && r.XMLNS == "http://etherx.jabber.org/streams":
		w.fail(at, r, "stream error: "+string(streamCondition.text(r)))
	case r.Kind == "error":
	case s.alert != "":
		w.fail(at, r, "TLS "+s.alert)
	case at.Took[TLS] != Absent && !s.opened:
		w.fail(at, r, "encrypted")
	case r.Kind == dissect.KindStreamClose:
		w.fail(at, r, "closed by the "+r.Sender.String())
	default:
		w.fail(at, r, string(r.Info))
	}
}

// fail ends an attempt that has come to nothing.
func (w *logins) fail(at *loginAttempt, r *Row, why string) {
	at.OK, at.Total, at.Result = false, Absent, why
	w.end(at, r)
}

// end tells of an attempt, once.
func (w *logins) end(at *loginAttempt, r *Row) {
	if at.done {
		return
	}
	at.done = true
	if at.OK && at.Account == "" && r.Session != nil {
		at.Account = r.Session.JID
	}
	if w.a.o.Login != nil {
		w.a.o.Login(at.Login)
	}
}

// End implements watcher.
func (w *logins) End(at *Row) {
	for _, n := range w.a.numbers() {
		s, ok := w.a.conns[n].kept(w).(*loginState)
		if !ok || s.at.done {
			continue
		}
		switch {
		case s.at.OK:
		case s.alert != "":
			s.at.Result = "TLS " + s.alert
		case s.at.Took[TLS] != Absent && !s.opened:
			s.at.Result = "encrypted"
		default:
			s.at.Result = "not finished"
		}
		w.end(s.at, at)
	}
}
