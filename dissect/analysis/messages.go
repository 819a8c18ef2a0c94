package analysis

import (
	"talktrace/dissect"
)

func init() {
	watch(judge, func(a *Analysis) watcher {
		return &messages{seen: newTable[delivery](a, "delivered messages", 32<<10)}
	})
}

var (
	messageNoID = kind(Kind{
		ID: "message-without-id", Severity: dissect.Chat, Title: "a message without an id",
		Why:    "Errors, receipts, corrections and reactions need the id to say which message they are about.",
		Source: "RFC 6120 section 8.1.3",
	})
	messageTwice = kind(Kind{
		ID: "message-delivered-twice", Severity: dissect.Warning, Title: "the same message was delivered twice",
		Why:    "It was sent again although it had arrived, or is delivered by two ways; people see it twice.",
		Source: "XEP-0359 section 3",
	})
)

// messages looks at messages that people read.
type messages struct {
	seen *table[delivery]
}

// delivery is a message that was delivered.
type delivery struct {
	place
	conn int
}

// Row implements watcher.
func (w *messages) Row(r *Row) {
	if r.Kind != "message" || r.Type == "error" {
		return
	}
	body := messageBody.ownText(r)
	if body == nil {
		return
	}
	if r.ID == nil {
		r.once(messageNoID, "")
		return
	}
	if r.Sender != dissect.Server || archived.has(r) || copyReceived.has(r) || copySent.has(r) {
		return
	}
	k := w.key(r, body)
	late := delayElement.own(r) != nil
	p, ok := w.seen.get(k)
	if !ok {
		w.seen.put(k, delivery{r.place(), r.Conn.Number})
		return
	}
	// A room that is entered again tells its history again; and on another
	// connection a message without a delay has been sent again.
	if r.Type == "groupchat" && late || p.conn != r.Conn.Number && !late {
		return
	}
	r.Note(messageTwice, "row %d is the same message", p.no)
}

// key names a message that somebody gets: on whichever connection, if the client
// has an address by which to know it again.
func (w *messages) key(r *Row, body []byte) key {
	to := []byte(r.Session.JID)
	if len(to) == 0 || r.Session.Servers {
		to = r.number()
	}
	return keyOf(to, r.To, r.From, r.ID, body)
}

// End implements watcher.
func (w *messages) End(*Row) {}
