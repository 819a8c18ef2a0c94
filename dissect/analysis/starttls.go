package analysis

import (
	"talktrace/dissect"
)

func init() {
	watch(judge, func(a *Analysis) watcher {
		return &startTLS{a: a, servers: newTable[*offerOfTLS](a, "servers", 8192)}
	})
}

var (
	tlsNotOffered = kind(Kind{
		ID: "starttls-not-offered", Severity: dissect.Warning, Title: "the server offers no TLS",
		Why:    "All that follows can be read and changed on the way.",
		Source: "RFC 7590 section 3.1",
	})
	tlsNotUsed = kind(Kind{
		ID: "starttls-not-used", Severity: dissect.Warning, Title: "TLS is on offer, and the client goes on without it",
		Why:    "The login and all that follows can be read and changed on the way.",
		Source: "RFC 7590 section 3.1",
	})
	tlsStripped = kind(Kind{
		ID: "starttls-stripped", Severity: dissect.Error, Title: "the same server offers TLS on one connection and not on another",
		Why:    "Somebody on the way may have taken the offer out, so that the client goes on in the clear.",
		Source: "RFC 7590 section 3.1",
	})
	tlsRefused = kind(Kind{
		ID: "starttls-refused", Severity: dissect.Warning, Title: "the server offers TLS and then refuses it",
		Why:    "It has most likely no usable certificate; clients that want TLS cannot connect.",
		Source: "RFC 6120 section 5.4.2.2",
	})
	tlsInjection = kind(Kind{
		ID: "starttls-injection", Severity: dissect.Error, Title: "there is more in the clear behind STARTTLS",
		Why:    "Whoever keeps what came too early, and takes it for sent under TLS, lets a stranger put words into the stream.",
		Source: "RFC 6120 section 5.4.2.3",
	})
)

var featureTLS = need("xmpp.starttls")

const nsTLS = "urn:ietf:params:xml:ns:xmpp-tls"

// startTLS follows the way from a stream in the clear to TLS.
type startTLS struct {
	a       *Analysis
	servers *table[*offerOfTLS]
}

// offerOfTLS is what connections to one server have been offered.
type offerOfTLS struct {
	offered, withheld place // the latest rows
	conn              int   // of the row in which it was withheld
}

// upgrade is how far a connection has come.
type upgrade struct {
	offered bool
	asked   int // frame of the <starttls/>, 0 for none
	granted int // frame of the <proceed/>
}

func newUpgrade() *upgrade { return &upgrade{} }

// Row implements watcher.
func (w *startTLS) Row(r *Row) {
	if !r.direct() || r.Kind == dissect.KindTLS {
		return
	}
	switch r.Kind {
	case "features":
		w.features(r)
	case "auth", "authenticate":
		w.login(r)
	case "starttls":
		if r.XMLNS == nsTLS {
			keep(r.Session, w, newUpgrade).asked = r.Frame
		}
	case "proceed":
		if r.XMLNS == nsTLS {
			keep(r.Session, w, newUpgrade).granted = r.Frame
		}
	case "failure":
		if u := keep(r.Session, w, newUpgrade); r.XMLNS == nsTLS {
			u.asked = 0
			r.once(tlsRefused, "")
		}
	case dissect.KindKeepalive, dissect.KindGap, dissect.KindEnd, dissect.KindUnfinished, dissect.KindMalformed:
	case "iq":
		if r.Sender == dissect.Client && r.Type == "set" && (legacyPassword.own(r) != nil || legacyDigest.own(r) != nil) {
			w.login(r)
		}
		w.behind(r)
	default:
		w.behind(r)
	}
}

// features looks whether there is TLS among what a server offers before the
// login.
func (w *startTLS) features(r *Row) {
	u := keep(r.Session, w, newUpgrade)
	if w.behind(r); r.Session.Authenticated || u.asked != 0 {
		return
	}
	server := r.server()
	at := keyOf([]byte(server))
	known, ok := w.servers.get(at)
	if !ok {
		known = &offerOfTLS{}
		w.servers.put(at, known)
	}
	if featureTLS.own(r) != nil {
		u.offered, known.offered = true, r.place()
		if known.withheld.no != 0 {
			w.a.late(tlsStripped, known.withheld, known.conn, "%s offers TLS on connection %d, in row %d, and not here", server, r.Conn.Number, r.No)
			known.withheld = place{}
		}
		return
	}
	if u.offered { // before the stream was opened anew
		return
	}
	if known.offered.no != 0 {
		r.once(tlsStripped, "%s offers TLS in row %d, on another connection, and not here", server, known.offered.no)
		return
	}
	known.withheld, known.conn = r.place(), r.Conn.Number
	r.once(tlsNotOffered, "")
}

// login is called when the client logs in without TLS.
func (w *startTLS) login(r *Row) {
	if u := keep(r.Session, w, newUpgrade); u.offered && u.asked == 0 && r.Sender == dissect.Client {
		r.once(tlsNotUsed, "")
	}
}

// behind looks at a row in the clear that may follow where TLS was due.
func (w *startTLS) behind(r *Row) {
	u, ok := r.Session.kept(w).(*upgrade)
	switch {
	case !ok:
	case r.Sender == dissect.Client && u.asked != 0 && (u.granted != 0 || r.FirstFrame == u.asked):
		r.once(tlsInjection, "<%s/> of the client is in the clear behind <starttls/>", element(r))
	case r.Sender == dissect.Server && u.granted != 0:
		r.once(tlsInjection, "<%s/> of the server is in the clear behind <proceed/>", element(r))
	}
}

// element names the element of a row.
func element(r *Row) string {
	if r.Kind == dissect.KindStream || r.Kind == dissect.KindStreamClose {
		return "stream"
	}
	return r.Kind
}

// End implements watcher.
func (w *startTLS) End(*Row) {}
