package analysis

import (
	"talktrace/dissect"
)

func init() { watch(judge, func(a *Analysis) watcher { return &ends{a} }) }

var (
	streamNotClosed = kind(Kind{
		ID: "stream-not-closed", Severity: dissect.Remark, Title: "a connection ended without the stream being closed",
		Why:    "The other side takes it for a broken network: it keeps the session for a while, and what is sent in it may be lost.",
		Source: "RFC 6120 section 4.4",
	})
	connectionForgotten = kind(Kind{
		ID: "connection-forgotten", Severity: dissect.Warning, Title: "a connection was dead after a long silence",
		Why:    "Something between the two, such as address translation, forgets connections on which nothing is said; keepalives have to come more often.",
		Source: "RFC 6120 section 4.6.1",
	})
	peerSilent = kind(Kind{
		ID: "peer-silent", Severity: dissect.Warning, Title: "one side was asked and never heard of again",
		Why:    "It is gone and the connection does not know: what is sent on it is lost, or waits for a resumption.",
		Source: "XEP-0199 section 4.1",
	})
)

const (
	silence = 15 * 60e9 // longer than address translation remembers, in nanoseconds
	dying   = 2 * 60e9  // how soon a dead connection is given up once it is used
)

// ends looks at how connections end.
type ends struct{ a *Analysis }

// exchange is who spoke last on a connection.
type exchange struct {
	asked  [2]place // the first question by each side since the other one spoke
	silent int64    // how long the latest long silence was
	from   int64    // when it ended
	spoke  [2]bool  // who has spoken since
	ended  bool
}

func newExchange() *exchange { return &exchange{} }

// Row implements watcher.
func (w *ends) Row(r *Row) {
	x := keep(r.Session, w, newExchange)
	if gap := r.Time - r.Session.Last.time; r.Session.Last.no != 0 && gap > silence {
		x.silent, x.from, x.spoke = gap, r.Time, [2]bool{}
	}
	if r.Kind == dissect.KindEnd {
		w.end(x, r)
		return
	}
	x.spoke[r.Sender] = true
	x.asked[r.Sender.Other()] = place{}
	// Between servers, requests are answered on another connection.
	asks := r.Kind == "iq" && (r.Type == "get" || r.Type == "set") && !r.Session.Servers
	if x.asked[r.Sender].no == 0 && (asks || r.Kind == "r") {
		x.asked[r.Sender] = r.place()
	}
}

// end looks at a connection of which the stream is still open.
func (w *ends) end(x *exchange, r *Row) {
	x.ended = true
	if x.silent > 0 && r.Time-x.from < dying && !(x.spoke[0] && x.spoke[1]) {
		r.Note(connectionForgotten, "nothing was said for %d minutes, and then the connection was dead", x.silent/60e9)
	}
	if !r.Session.Errored {
		r.Note(streamNotClosed, "the %s ended the connection without closing its stream", r.Sender)
	}
	w.silent(x, r.Conn.Number, r.Time)
}

// silent tells of questions after which nothing came any more.
func (w *ends) silent(x *exchange, conn int, now int64) {
	for side := range x.asked {
		if p := x.asked[side]; p.no != 0 && now-p.time > patience {
			w.a.late(peerSilent, p, conn, "the %s asked, and nothing came from the %s in the %d s that followed",
				dissect.Sender(side), dissect.Sender(side).Other(), (now-p.time)/1e9)
		}
	}
}

// End implements watcher.
func (w *ends) End(*Row) {
	end := w.a.latest()
	for _, n := range w.a.numbers() {
		c := w.a.conns[n]
		if x, ok := c.kept(w).(*exchange); ok && !x.ended && !c.Lost && !c.Closed[0] && !c.Closed[1] {
			w.silent(x, n, end)
		}
	}
}

// latest is the time of the latest row.
func (a *Analysis) latest() int64 {
	var end int64
	for _, c := range a.conns {
		end = max(end, c.Last.time)
	}
	return end
}
