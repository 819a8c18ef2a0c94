package analysis

import (
	"bytes"
)

func init() {
	watch(match, func(a *Analysis) watcher { return &receipts{sent: newTable[place](a, "messages", 8192)} })
}

var (
	receiptFor = need("xmpp.receipt.received.id")
	markerFor  = need("xmpp.marker.id")
)

// receipts matches receipts and markers with the messages they are about
// (XEP-0184, XEP-0333).
type receipts struct {
	sent *table[place] // messages by id and the two bare addresses
}

// Row implements watcher.
func (w *receipts) Row(r *Row) {
	if r.Kind != "message" {
		return
	}
	about := receiptFor.ownText(r)
	if about == nil {
		about = markerFor.ownText(r)
	}
	if about != nil {
		if p, ok := w.sent.get(w.key(r, about, true)); ok {
			r.pair(p)
		}
		return
	}
	if r.ID != nil {
		w.sent.put(w.key(r, r.ID, false), r.place())
	}
}

// key names a message by its id and the bare addresses of the two; one of them
// is the client's own, which it leaves out. Back is for a message the other way.
func (w *receipts) key(r *Row, id []byte, back bool) key {
	from, to := bare(r.From), bare(r.To)
	own := bare([]byte(r.Session.JID))
	if len(from) == 0 {
		from = own
	}
	if len(to) == 0 {
		to = own
	}
	sender := r.Sender
	if back { // the message came from where the receipt goes
		from, to, sender = to, from, sender.Other()
	}
	return keyOf([]byte{byte(sender)}, id, from, to)
}

// bare returns a JID without its resource.
func bare(jid []byte) []byte {
	if i := bytes.IndexByte(jid, '/'); i >= 0 {
		return jid[:i]
	}
	return jid
}

// End implements watcher.
func (w *receipts) End(*Row) {}
