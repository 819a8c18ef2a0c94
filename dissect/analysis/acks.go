package analysis

import (
	"talktrace/dissect"
)

func init() {
	watch(match, func(a *Analysis) watcher {
		return &acks{a: a, sessions: newTable[*suspended](a, "sessions", 8192)}
	})
}

var (
	smHandledTooHigh = kind(Kind{
		ID: "sm-handled-too-high", Severity: dissect.Error, Title: "more stanzas acknowledged than were sent",
		Why:    "The counters of the two sides disagree; the server ends such a stream, and a resumption would lose stanzas.",
		Source: "XEP-0198 section 4",
	})
	smHandledBack = kind(Kind{
		ID: "sm-handled-back", Severity: dissect.Error, Title: "fewer stanzas acknowledged than before",
		Why:    "A count of handled stanzas never goes back; the counter is wrong.",
		Source: "XEP-0198 section 4",
	})
	smUnacknowledged = kind(Kind{
		ID: "sm-unacknowledged", Severity: dissect.Remark, Title: "stanzas that were not acknowledged when the connection ended",
		Why:    "Unless the session is resumed, nobody knows whether they arrived.",
		Source: "XEP-0198 section 5",
	})
)

var (
	smHandled  = need("xmpp.sm.h")
	smEnable   = need("xmpp.sm.enable")
	smEnabled  = need("xmpp.sm.enabled")
	smRequest  = need("xmpp.sm.resume_request")
	smResumed  = need("xmpp.sm.resumed")
	smFailed   = need("xmpp.sm.failed")
	smID       = need("xmpp.sm.id")
	smPrevious = need("xmpp.sm.previd")
)

// maxUnacked bounds the stanzas of a side of which the rows are remembered.
const maxUnacked = 4096

// acks counts what stream management counts, matches acknowledgements with the
// stanzas that they cover, and sessions with the connections on which they go on
// (XEP-0198).
type acks struct {
	a        *Analysis
	sessions *table[*suspended] // by id
}

// counted is what one side has sent since stream management began.
type counted struct {
	on    bool
	sent  uint32
	acked uint32
	rows  []stanza // those sent and not acknowledged, the oldest first
	lost  bool     // rows were forgotten, or bytes are missing: the count is not certain
	asked place    // the last request for an acknowledgement
}

// stanza is one that has been sent, and what was in it.
type stanza struct {
	place
	sum key
}

// management is what is kept of a connection.
type management struct {
	sides   [2]counted
	asked   place             // the request to begin or to resume
	id      string            // of the session that the client wants to resume
	handled uint32            // what the client says of it
	counts  bool              // whether it says so
	gone    bool              // the session goes on elsewhere
	since   int64             // when it was resumed
	from    int               // number of the connection it was resumed from
	again   [2]map[key]stanza // what each side should send again
}

func newManagement() *management { return &management{} }

// Row implements watcher.
func (w *acks) Row(r *Row) {
	switch r.Kind {
	case "message", "presence", "iq":
		if m, ok := r.Session.kept(w).(*management); ok {
			w.count(m, r)
		}
	case dissect.KindGap:
		if m, ok := r.Session.kept(w).(*management); ok {
			m.sides[r.Sender].lost = true
		}
	case "r", "a":
		if managed(r) {
			w.ack(r)
		}
	case "enable", "enabled", "resume", "resumed", "failed":
		if managed(r) {
			w.begin(r)
		}
	case "authenticate", "success": // XEP-0388: along with the login
		w.begin(r)
	}
}

func managed(r *Row) bool { return r.XMLNS == "urn:xmpp:sm:3" || r.XMLNS == "urn:xmpp:sm:2" }

// begin looks at what begins a session or takes one up again. Along with a login
// both may be asked for, and the one be refused and the other granted.
func (w *acks) begin(r *Row) {
	if smRequest.has(r) {
		m := keep(r.Session, w, newManagement)
		m.asked, m.id = r.place(), smPrevious.token(r)
		if h := smHandled.in(r); h != nil && !h.Odd {
			m.handled, m.counts = uint32(h.Number), true
		}
	}
	if smEnable.has(r) {
		m := keep(r.Session, w, newManagement)
		m.sides[r.Sender] = counted{on: true}
		m.asked = r.place()
	}
	if smFailed.has(r) {
		w.failed(keep(r.Session, w, newManagement), r)
	}
	if smEnabled.has(r) {
		w.enabled(keep(r.Session, w, newManagement), r)
	} else if smResumed.has(r) {
		w.resume(keep(r.Session, w, newManagement), r)
	}
}

// enabled takes in that a session has begun.
func (w *acks) enabled(m *management, r *Row) {
	if r.Kind == "success" { // the client counts from here on, too
		m.sides[r.Sender.Other()] = counted{on: true}
	}
	m.sides[r.Sender] = counted{on: true}
	w.answered(m, r)
	if id := smID.token(r); id != "" {
		w.sessions.put(keyOf([]byte(id)), &suspended{conn: r.Session, management: m})
	}
}

// answered says that the row answers the request to begin or to resume.
func (w *acks) answered(m *management, r *Row) {
	if m.asked.no != 0 && r.Request == 0 && r.Kind != "success" {
		r.pair(m.asked)
	}
	m.asked = place{}
}

func (w *acks) count(m *management, r *Row) {
	s := &m.sides[r.Sender]
	if !s.on {
		return
	}
	s.sent++
	if len(s.rows) == maxUnacked {
		s.rows = append(s.rows[:0], s.rows[maxUnacked/2:]...)
		w.a.Evicted["unacknowledged stanzas"] += maxUnacked / 2
	}
	sum := sumOf(r)
	s.rows = append(s.rows, stanza{r.place(), sum})
	delete(m.again[r.Sender], sum)
}

// ack takes in a request for an acknowledgement, or one.
func (w *acks) ack(r *Row) {
	m := keep(r.Session, w, newManagement)
	if r.Kind == "r" {
		m.sides[r.Sender].asked = r.place()
		return
	}
	s := &m.sides[r.Sender.Other()]
	f := smHandled.in(r)
	if f == nil || f.Odd || !s.on {
		return
	}
	s.handled(r, uint32(f.Number))
}

// handled takes in how many of a side's stanzas the other one has handled.
func (s *counted) handled(r *Row, h uint32) {
	pending, fresh := s.sent-s.acked, h-s.acked
	switch {
	case s.lost: // begin anew from what is said
		s.acked, s.sent, s.lost = h, max(s.sent, h), false
		s.rows = s.rows[:0]
	case fresh == 0:
		if s.asked.no != 0 && r.Kind == "a" {
			r.pair(s.asked)
		}
	case fresh <= pending:
		if at := len(s.rows) - int(pending-fresh); at > 0 {
			if r.Kind == "a" {
				r.pair(s.rows[at-1].place)
			}
			s.rows = append(s.rows[:0], s.rows[at:]...)
		}
		s.acked = h
	case fresh > 1<<31:
		r.Note(smHandledBack, "%d stanzas handled, after %d before", h, s.acked)
	default:
		r.Note(smHandledTooHigh, "%d stanzas handled, of %d that were sent", h, s.sent)
		s.acked, s.sent, s.rows = h, h, s.rows[:0]
	}
	s.asked = place{}
}

// End implements watcher.
func (w *acks) End(*Row) {
	for _, n := range w.a.numbers() {
		c := w.a.conns[n]
		m, ok := c.kept(w).(*management)
		if !ok {
			continue
		}
		w.missed(m, n)
		if m.gone || c.Closed[0] && c.Closed[1] {
			continue
		}
		for side := range m.sides {
			if s := &m.sides[side]; len(s.rows) > 0 && !s.lost {
				w.a.late(smUnacknowledged, s.rows[0].place, n, "%s of the %s not acknowledged, from row %d on",
					count(int64(len(s.rows)), "stanza", "stanzas"), dissect.Sender(side), s.rows[0].no)
			}
		}
	}
}
