package analysis

import (
	"talktrace/dissect"
)

func init() {
	watch(judge, func(a *Analysis) watcher {
		return &reconnects{
			accounts: newTable[*returns](a, "accounts", 32<<10),
			servers:  newTable[*wave](a, "servers", 1024),
		}
	})
}

var (
	reconnectStorm = kind(Kind{
		ID: "reconnect-storm", Severity: dissect.Warning, Title: "many accounts come back to a server at once",
		Why:    "Logins cost a server far more than what follows; clients should wait for a random time before they connect again.",
		Source: "RFC 6120 section 3.3",
	})
	reconnectLoop = kind(Kind{
		ID: "reconnect-loop", Severity: dissect.Warning, Title: "an account that connects again and again",
		Why:    "Each time it loses the connection soon; what ends it, and whether the client waits between the attempts, is worth a look.",
		Source: "RFC 6120 section 3.3",
	})
	conflictLoop = kind(Kind{
		ID: "conflict-loop", Severity: dissect.Warning, Title: "two clients that drive each other out",
		Why:    "Both have the same resource and reconnect by themselves: neither will ever stay. One of them needs a resource of its own.",
		Source: "RFC 6120 section 7.7.2.2",
	})
)

const (
	loopTime  = 5 * 60e9 // nanoseconds
	loopEnds  = 5        // logins of one account from one address within loopTime, each after an end
	conflicts = 3        // within loopTime

	stormTime = 10e9 // nanoseconds
	storm     = 20   // accounts that come back within stormTime
)

// reconnects looks at who comes back, and how soon.
type reconnects struct {
	accounts *table[*returns] // by account and address of the client; for conflicts by full JID
	servers  *table[*wave]    // by name
}

// returns are the latest logins of an address.
type returns struct {
	times     []int64 // of those that came after an end
	conflicts []int64
	on        int // connections that are open
	told      [2]bool
}

// wave are the accounts that have come back to a server lately.
type wave struct {
	times []int64
	told  int64 // when it was last told
}

// tenure is who is logged in on a connection.
type tenure struct {
	jid string
	who *returns
}

func newTenure() *tenure { return &tenure{} }

// Row implements watcher.
func (w *reconnects) Row(r *Row) {
	c := r.Session
	if c.JID == "" {
		return
	}
	t := keep(c, w, newTenure)
	if t.jid != c.JID && (t.jid == "" || r.Kind == "iq") {
		t.jid = c.JID
		w.login(t, r)
	}
	switch {
	case r.Kind == "error" && r.XMLNS == "http://etherx.jabber.org/streams" && streamCondition.is(r, "conflict"):
		w.conflict(t, r)
	case r.Kind == dissect.KindEnd, r.Kind == dissect.KindStreamClose:
		if t.who != nil {
			t.who.on--
			t.who = nil
		}
	}
}

// login takes in that somebody has logged in.
func (w *reconnects) login(t *tenure, r *Row) {
	// What a server makes up as a resource is another one each time.
	k := keyOf(bare([]byte(r.Session.JID)), []byte(r.Conn.Addr[dissect.Client].Addr().String()))
	a, known := w.accounts.get(k)
	if !known {
		a = &returns{}
		w.accounts.put(k, a)
	}
	t.who = a
	a.on++
	if !known || a.on > 1 {
		return
	}
	a.times = recent(a.times, r.Time, loopTime)
	if len(a.times) >= loopEnds && !a.told[0] {
		a.told[0] = true
		r.Note(reconnectLoop, "%.60q has lost its connection and come back %d times in %d s", r.Session.Bare(), len(a.times), (r.Time-a.times[0])/1e9)
	}
	s, ok := w.servers.get(keyOf([]byte(r.server())))
	if !ok {
		s = &wave{}
		w.servers.put(keyOf([]byte(r.server())), s)
	}
	s.times = recent(s.times, r.Time, stormTime)
	if len(s.times) >= storm && (s.told == 0 || r.Time-s.told > loopTime) {
		s.told = r.Time
		r.Note(reconnectStorm, "%d clients have come back to %.60q within %.1f s", len(s.times), r.server(), float64(r.Time-s.times[0])/1e9)
	}
}

// conflict takes in that somebody was driven out by another connection.
func (w *reconnects) conflict(t *tenure, r *Row) {
	a, ok := w.accounts.get(keyOf([]byte(t.jid)))
	if !ok {
		a = &returns{}
		w.accounts.put(keyOf([]byte(t.jid)), a)
	}
	a.conflicts = recent(a.conflicts, r.Time, loopTime)
	if len(a.conflicts) >= conflicts && !a.told[1] {
		a.told[1] = true
		r.Note(conflictLoop, "%.60q was driven out %d times in %d s", t.jid, len(a.conflicts), (r.Time-a.conflicts[0])/1e9)
	}
}

// recent adds a time, and forgets those that are too long ago.
func recent(times []int64, now, within int64) []int64 {
	const most = 256
	first := 0
	for first < len(times) && now-times[first] > within {
		first++
	}
	if len(times)-first >= most {
		first++
	}
	return append(append(times[:0], times[first:]...), now)
}

// End implements watcher.
func (w *reconnects) End(*Row) {}
