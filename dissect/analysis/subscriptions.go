package analysis

import (
	"talktrace/dissect"
)

func init() {
	watch(match, func(a *Analysis) watcher { return &subscriptions{asked: newTable[place](a, "subscriptions", 8192)} })
}

// subscriptions matches who may see whose presence with who has asked for it
// (RFC 6121 section 3).
type subscriptions struct {
	asked *table[place]
}

// Row implements watcher.
func (w *subscriptions) Row(r *Row) {
	if r.Kind != "presence" {
		return
	}
	peer := r.To
	if r.Sender == dissect.Server {
		peer = r.From
	}
	switch r.Type {
	case "subscribe", "unsubscribe":
		w.asked.put(w.key(r, r.Sender, r.Type, peer), r.place())
	case "subscribed":
		w.answer(r, peer, "subscribe")
	case "unsubscribed":
		if !w.answer(r, peer, "unsubscribe") {
			w.answer(r, peer, "subscribe")
		}
	}
}

// answer matches the row with what the other side has asked for.
func (w *subscriptions) answer(r *Row, peer []byte, what string) bool {
	p, ok := w.asked.get(w.key(r, r.Sender.Other(), what, peer))
	if ok {
		r.pair(p)
	}
	return ok
}

// key names a request by who made it and who is meant.
func (w *subscriptions) key(r *Row, by dissect.Sender, what string, peer []byte) key {
	return keyOf([]byte(what), []byte{byte(by)}, r.number(), bare(peer))
}

// End implements watcher.
func (w *subscriptions) End(*Row) {}
