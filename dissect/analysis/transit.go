package analysis

import (
	"hash/maphash"
	"strconv"

	"talktrace/dissect"
)

func init() {
	watch(match, func(a *Analysis) watcher {
		return &transit{sent: newTable[passage](a, "stanzas in transit", 16<<10), seed: maphash.MakeSeed()}
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
	seed maphash.Seed
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
	from := bare(string(r.From))
	if r.Sender == dissect.Client {
		if r.Session.JID != "" { // what the client says of itself does not count
			from = r.Session.Bare()
		}
		if from != "" {
			w.sent.put(w.key(r, from), passage{r.place(), r.Conn.Number})
		}
		return
	}
	if from == "" {
		return
	}
	p, ok := w.sent.get(w.key(r, from))
	if ok && p.conn != r.Conn.Number && p.time <= r.Time {
		r.Sent, r.Transit = p.no, r.Time-p.time
	}
}

// key names a stanza by what stays the same on its way: its kind, type, id and
// sender, and what was said. A stanza without an id is named by the last alone.
func (w *transit) key(r *Row, from string) string {
	var h maphash.Hash
	h.SetSeed(w.seed)
	h.Write(messageBody.text(r))
	h.WriteByte(0)
	h.Write(chatState.text(r))
	return r.Kind + "\x00" + r.Type + "\x00" + string(r.ID) + "\x00" + from + "\x00" + strconv.FormatUint(h.Sum64(), 36)
}

// End implements watcher.
func (w *transit) End(*Row) {}
