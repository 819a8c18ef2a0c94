package analysis

import (
	"talktrace/dissect"
)

func init() {
	watch(match, func(a *Analysis) watcher {
		return &transit{sent: newTable[passage](a, "stanzas in transit", 16<<10)}
	})
}

var (
	messageBody = need("xmpp.message.body")
	chatState   = need("xmpp.message.chatstate")
)

// transit finds a stanza again that came to the server on one connection and
// left it on another. Servers keep its id and put in who it is from.
type transit struct {
	sent *table[passage]
}

type passage struct {
	place
	conn int
}

// Row implements watcher.
func (w *transit) Row(r *Row) {
	if r.Kind != "message" && r.Kind != "presence" && r.Kind != "iq" {
		return
	}
	from := bare(r.From)
	if r.Sender == dissect.Client {
		if r.Session.JID != "" { // what the client says of itself does not count
			from = bare([]byte(r.Session.JID))
		}
		if to := bare(r.To); r.ID != nil && (r.Type == "groupchat" || r.Session.visits(to)) {
			from = to // a room passes things on under its own name (XEP-0045)
		}
		if len(from) > 0 {
			w.sent.put(w.key(r, from), passage{r.place(), r.Conn.Number})
		}
		return
	}
	if len(from) == 0 {
		return
	}
	p, ok := w.sent.get(w.key(r, from))
	if ok && p.conn != r.Conn.Number && p.time <= r.Time {
		r.Sent, r.Transit = p.no, r.Time-p.time
	}
}

// key names a stanza by what stays the same on its way: its kind, type, id and
// sender, and what was said. A stanza without an id is named by the last alone.
func (w *transit) key(r *Row, from []byte) key {
	return keyOf([]byte(r.Kind), []byte(r.Type), r.ID, from, messageBody.text(r), chatState.text(r))
}

// End implements watcher.
func (w *transit) End(*Row) {}
