package chat

import "talktrace/dissect"

// ticked takes in that a message arrived, or was shown (XEP-0184, XEP-0333).
func (w *Writer) ticked(s *stanza) bool {
	tick, id := unticked, ""
	if c := s.child(s.n, "urn:xmpp:receipts", "received"); c >= 0 {
		tick, id = received, attr(s.t, c, "id")
	}
	for _, m := range [...]struct {
		name string
		tick uint8
	}{{"received", received}, {"displayed", displayed}, {"acknowledged", displayed}} {
		if c := s.child(s.n, "urn:xmpp:chat-markers:", m.name); c >= 0 {
			tick, id = m.tick, attr(s.t, c, "id")
		}
	}
	if tick == unticked {
		return false
	}
	if body, _ := s.content("body"); body != "" {
		return false // the message itself says more
	}
	m, ok := w.said.get(bare(s.to) + "\x00" + id)
	if !ok || m.line.tick >= tick {
		return true
	}
	m.line.tick = tick
	if m.line.gone && (w.o.With == "" || m.line.talk == w.talk) {
		text := " has received "
		if tick == displayed {
			text = " has read "
		}
		l := &line{at: s.e.Time, talk: m.line.talk, who: bare(s.from), name: short(s.from, s.to), text: text + excerpt(m.text)}
		w.add(l, s.from, s.to)
	}
	return true
}

// maxCovered bounds the lines that are looked at for one acknowledgement.
const maxCovered = 256

// acknowledged takes in how many stanzas the server has (XEP-0198): all up to
// the row that the acknowledgement answers.
func (w *Writer) acknowledged(e *dissect.Event) {
	if e.Sender != dissect.Server || e.Request == 0 {
		return
	}
	for i := len(w.held) - 1; i >= max(0, len(w.held)-maxCovered); i-- {
		l := w.held[i]
		if l.byOwn && l.conn == e.Conn.Number && l.row != 0 && l.row <= e.Request {
			l.tick = max(l.tick, onServer)
		}
	}
}
