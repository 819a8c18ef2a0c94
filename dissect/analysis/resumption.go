package analysis

import (
	"talktrace/dissect"
)

var (
	smResumeFailed = kind(Kind{
		ID: "sm-resume-failed", Severity: dissect.Warning, Title: "a session could not be resumed",
		Why:    "What was under way when the connection broke is lost, unless an archive has it, and the client has to begin anew.",
		Source: "XEP-0198 section 5",
	})
	smStanzasLost = kind(Kind{
		ID: "sm-stanzas-lost", Severity: dissect.Error, Title: "stanzas that were lost when a session was resumed",
		Why:    "What the other side had not handled has to be sent again after a resumption; this was not.",
		Source: "XEP-0198 section 5",
	})
)

// suspended is a session that can be taken up again.
type suspended struct {
	conn *Conn
	*management
}

// resume takes in that a session goes on, on another connection than before.
func (w *acks) resume(m *management, r *Row) {
	w.answered(m, r)
	r.Session.Resumed = true
	old, ok := w.sessions.get(keyOf([]byte(m.id)))
	if !ok || old.management == m { // it began before the capture
		m.sides = [2]counted{{on: true, lost: true}, {on: true, lost: true}}
		return
	}
	c := r.Session
	if c.JID == "" || old.conn.Bare() == c.Bare() {
		c.JID = old.conn.JID
	}
	c.before, old.conn.before = old.conn, nil
	c.From = old.conn.Number
	m.sides, m.since, m.from, old.gone = old.sides, r.Time, old.conn.Number, true
	old.sides = [2]counted{}
	if h := smHandled.in(r); h != nil && !h.Odd {
		m.takeUp(r, dissect.Client, uint32(h.Number))
	}
	if m.counts {
		m.takeUp(r, dissect.Server, m.handled)
	}
	old.conn, old.management = c, m
	w.sessions.put(keyOf([]byte(m.id)), old)
}

// takeUp goes on with a side's count: what the other one has not handled has to
// come again, and is counted when it comes.
func (m *management) takeUp(r *Row, side dissect.Sender, h uint32) {
	s := &m.sides[side]
	s.handled(r, h)
	if len(s.rows) > 0 && !s.lost {
		m.again[side] = make(map[key]stanza, len(s.rows))
		for _, x := range s.rows {
			m.again[side][x.sum] = x
		}
	}
	s.sent, s.acked, s.rows = h, h, nil
}

// sendAgain is how long it may take, in nanoseconds, until all is sent again.
const sendAgain = 5e9

// missed tells what one side should have sent again and did not.
func (w *acks) missed(m *management, conn int) {
	c := w.a.conns[conn]
	if c.Lost || c.Last.time-m.since < sendAgain && !c.Closed[0] && !c.Closed[1] {
		return
	}
	for side, again := range m.again {
		if len(again) == 0 || m.sides[side].lost {
			continue
		}
		var first stanza
		for _, x := range again {
			if first.no == 0 || x.no < first.no {
				first = x
			}
		}
		w.a.late(smStanzasLost, first.place, m.from, "%s of the %s neither handled nor sent again, from row %d on",
			count(int64(len(again)), "stanza", "stanzas"), dissect.Sender(side), first.no)
	}
}

// failed takes in that a session could not be resumed.
func (w *acks) failed(m *management, r *Row) {
	w.answered(m, r)
	if m.id == "" { // it was to begin
		return
	}
	m.id = ""
	why := smCondition.text(r)
	if why == nil {
		why = []byte("for no reason that is told")
	}
	r.Note(smResumeFailed, "the session could not be resumed: %.60s", why)
}

var (
	smCondition = need("xmpp.sm.failed.condition")
	presenceIs  = need("xmpp.presence.show")
)

// sumOf is what tells stanzas apart by what is in them, as far as it stays the
// same when they are sent again.
func sumOf(r *Row) key {
	return keyOf([]byte(r.Kind), []byte(r.Type), r.ID, r.From, r.To, messageBody.ownText(r), chatState.ownText(r), presenceIs.ownText(r))
}
