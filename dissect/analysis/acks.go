package analysis

import (
	"talktrace/dissect"
)

func init() {
	watch(match, func(a *Analysis) watcher { return &acks{a: a} })
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

var smHandled = need("xmpp.sm.h")

// maxUnacked bounds the stanzas of a side of which the rows are remembered.
const maxUnacked = 4096

// acks counts what stream management counts, and matches acknowledgements with
// the stanzas that they cover (XEP-0198).
type acks struct{ a *Analysis }

// counted is what one side has sent since stream management began.
type counted struct {
	on    bool
	sent  uint32
	acked uint32
	rows  []place // of the stanzas sent and not acknowledged, the oldest first
	lost  bool    // rows were forgotten, or bytes are missing: the count is not certain
	asked place   // the last request for an acknowledgement
}

type management struct{ sides [2]counted }

func newManagement() *management { return &management{} }

// Row implements watcher.
func (w *acks) Row(r *Row) {
	switch r.Kind {
	case "message", "presence", "iq":
		if m, ok := r.Session.state[w].(*management); ok {
			w.count(&m.sides[r.Sender], r)
		}
	case dissect.KindGap:
		if m, ok := r.Session.state[w].(*management); ok {
			m.sides[r.Sender].lost = true
		}
	case "enable", "enabled":
		if managed(r) {
			keep(r.Session, w, newManagement).sides[r.Sender] = counted{on: true}
		}
	case "r", "a":
		if managed(r) {
			w.ack(r)
		}
	case "resumed": // what was counted before is another connection's
		if managed(r) {
			m := keep(r.Session, w, newManagement)
			m.sides = [2]counted{{on: true, lost: true}, {on: true, lost: true}}
		}
	}
}

func managed(r *Row) bool { return r.XMLNS == "urn:xmpp:sm:3" || r.XMLNS == "urn:xmpp:sm:2" }

func (w *acks) count(s *counted, r *Row) {
	if !s.on {
		return
	}
	s.sent++
	if len(s.rows) == maxUnacked {
		s.rows = append(s.rows[:0], s.rows[maxUnacked/2:]...)
		w.a.Evicted["unacknowledged stanzas"] += maxUnacked / 2
	}
	s.rows = append(s.rows, r.place())
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
	h := uint32(f.Number)
	pending, fresh := s.sent-s.acked, h-s.acked
	switch {
	case s.lost: // begin anew from what is said
		s.acked, s.sent, s.lost = h, max(s.sent, h), false
		s.rows = s.rows[:0]
	case fresh == 0:
		if s.asked.no != 0 {
			r.pair(s.asked)
		}
	case fresh <= pending:
		at := len(s.rows) - int(pending-fresh)
		if at > 0 {
			r.pair(s.rows[at-1])
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
		m, ok := c.state[w].(*management)
		if !ok || c.Closed[0] && c.Closed[1] {
			continue
		}
		for side := range m.sides {
			if s := &m.sides[side]; len(s.rows) > 0 && !s.lost {
				w.a.late(smUnacknowledged, s.rows[0], n, "%d of the %s's stanzas were not acknowledged, from row %d on",
					len(s.rows), dissect.Sender(side), s.rows[0].no)
			}
		}
	}
}
