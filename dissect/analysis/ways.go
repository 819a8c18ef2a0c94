package analysis

import "bytes"

func init() {
	watch(first, func(a *Analysis) watcher {
		a.ways = &ways{heard: newTable[*way](a, "domains", 16<<10)}
		return a.ways
	})
}

// ways remembers what has been heard from one domain to another. Between servers
// an answer comes on whichever connection goes that way, perhaps one that nobody
// can read: only where the way is open can it be said that there was none.
type ways struct{ heard *table[*way] }

// way is how stanzas last came from one domain to another.
type way struct {
	on   *Conn
	last int64
}

// Row implements watcher.
func (w *ways) Row(r *Row) {
	if !r.Session.Servers || r.From == nil || r.To == nil || r.Kind != "iq" && r.Kind != "message" && r.Kind != "presence" {
		return
	}
	k := wayOf(r.From, r.To)
	x, ok := w.heard.get(k)
	if !ok {
		x = &way{}
		w.heard.put(k, x)
	}
	x.on, x.last = r.Session, r.Time
}

// End implements watcher.
func (w *ways) End(*Row) {}

// open reports whether an answer that came this way after a time would have been
// seen: something else was, or the connection that the way leads over is open.
func (w *ways) open(k key, since int64) bool {
	x, ok := w.heard.get(k)
	return ok && !x.on.Lost && (x.last > since || !x.on.Errored && !x.on.Closed[0] && !x.on.Closed[1] && !x.on.Ended)
}

// wayOf names the way from one JID to another.
func wayOf(from, to []byte) key {
	return keyOf(bytes.ToLower(domainOf(from)), bytes.ToLower(domainOf(to)))
}

// domainOf returns the domain of a JID.
func domainOf(jid []byte) []byte {
	jid = bare(jid)
	return jid[bytes.IndexByte(jid, '@')+1:]
}
