package analysis

import (
	"talktrace/dissect"
)

func init() {
	watch(judge, func(a *Analysis) watcher {
		return &guessing{accounts: newTable[*failures](a, "failed logins", 8192), clients: newTable[*failures](a, "failed logins", 8192)}
	})
}

var (
	passwordGuessing = kind(Kind{
		ID: "login-guessing", Severity: dissect.Warning, Title: "many failed logins to one account",
		Why:    "Somebody tries out passwords; or a client with an old one does not give up, and will get the account locked.",
		Source: "RFC 6120 section 6.4.5",
	})
	passwordSpraying = kind(Kind{
		ID: "login-spraying", Severity: dissect.Warning, Title: "failed logins to many accounts from one address",
		Why:    "Somebody tries out a few passwords on many accounts, below the limit that each of them has.",
		Source: "RFC 6120 section 6.4.5",
	})
)

var (
	loginName     = need("xmpp.auth.username")
	saslFailure   = need("xmpp.failure.condition")
	sasl2Failure  = need("xmpp.sasl2.failure.condition")
	legacyName    = need("xmpp.legacyauth.username")
	stanzaFailure = need("xmpp.error.condition")
)

const (
	manyFailures  = 5
	maxName       = 1023     // bytes, RFC 7622 section 3.3.1
	failureMemory = 5 * 60e9 // nanoseconds for which a failure counts
)

// guessing counts failed logins by account and by client.
type guessing struct {
	accounts, clients *table[*failures]
}

// failures are the latest failed logins to an account or from a client.
type failures struct {
	times []int64
	names []string // of the accounts, where those are counted
	told  bool
}

// attempt is the login that is under way on a connection.
type attempt struct {
	name  string
	asked key // id of the request, where it is one
}

func newAttempt() *attempt { return &attempt{} }

// Row implements watcher.
func (w *guessing) Row(r *Row) {
	switch r.Kind {
	case "auth", "authenticate":
		*keep(r.Session, w, newAttempt) = attempt{}
		w.name(r)
	case "response":
		w.name(r)
	case "iq":
		w.legacy(r)
	case "failure":
		if saslFailure.is(r, "not-authorized") || sasl2Failure.is(r, "not-authorized") {
			w.failed(r, keep(r.Session, w, newAttempt).name)
		}
	case "success":
		w.succeeded(r, keep(r.Session, w, newAttempt).name)
	}
}

// name takes in who logs in.
func (w *guessing) name(r *Row) {
	if name := loginName.text(r); name != nil && r.Sender == dissect.Client {
		keep(r.Session, w, newAttempt).name = string(name[:min(len(name), maxName)])
	}
}

// legacy looks at logins with jabber:iq:auth.
func (w *guessing) legacy(r *Row) {
	if r.Sender == dissect.Client {
		if name := legacyName.ownText(r); name != nil && r.Type == "set" {
			*keep(r.Session, w, newAttempt) = attempt{string(name[:min(len(name), maxName)]), keyOf(r.ID)}
		}
		return
	}
	a, ok := r.Session.kept(w).(*attempt)
	if !ok || a.asked == 0 || a.asked != keyOf(r.ID) {
		return
	}
	if r.Type == "error" && stanzaFailure.is(r, "not-authorized") {
		w.failed(r, a.name)
	} else if r.Type == "result" {
		w.succeeded(r, a.name)
	}
	a.asked = 0
}

// failed counts a failed login.
func (w *guessing) failed(r *Row, name string) {
	if name != "" {
		a := failuresOf(w.accounts, accountKey(r, name))
		if a.add(r.Time, ""); len(a.times) >= manyFailures && !a.told {
			a.told = true
			r.Note(passwordGuessing, "%d logins to %.60q have failed in %d s", len(a.times), name, (r.Time-a.times[0])/1e9)
		}
	}
	client := r.Conn.Addr[dissect.Client].Addr().String()
	c := failuresOf(w.clients, keyOf([]byte(client)))
	if c.add(r.Time, name); len(c.names) >= manyFailures && !c.told {
		c.told = true
		r.Note(passwordSpraying, "logins to %d accounts from %s have failed in %d s", len(c.names), client, (r.Time-c.times[0])/1e9)
	}
}

// succeeded forgets the failures of an account whose owner has got in.
func (w *guessing) succeeded(r *Row, name string) {
	if f, ok := w.accounts.get(accountKey(r, name)); ok {
		*f = failures{}
	}
}

func accountKey(r *Row, name string) key { return keyOf([]byte(r.server()), []byte(name)) }

func failuresOf(t *table[*failures], k key) *failures {
	f, ok := t.get(k)
	if !ok {
		f = &failures{}
		t.put(k, f)
	}
	return f
}

// add adds a failure, and forgets those that are too long ago.
func (f *failures) add(now int64, name string) {
	const most = 64
	for len(f.times) > 0 && now-f.times[0] > failureMemory || len(f.times) >= most {
		f.times = f.times[1:]
	}
	if len(f.times) == 0 {
		*f = failures{}
	}
	f.times = append(f.times, now)
	if name == "" || len(f.names) >= most {
		return
	}
	for _, n := range f.names {
		if n == name {
			return
		}
	}
	f.names = append(f.names, name)
}

// End implements watcher.
func (w *guessing) End(*Row) {}
