package analysis

import (
	"bytes"

	"talktrace/dissect"
)

func init() {
	watch(match, func(a *Analysis) watcher { return &receipts{a: a, sent: newTable[letter](a, "messages", 8192)} })
}

var receiptMissing = kind(Kind{
	ID: "receipt-missing", Severity: dissect.Remark, Title: "receipts were asked for and did not come",
	Why:    "The messages may not have arrived; or the other client does not tell, or not to everybody.",
	Source: "XEP-0184 section 5",
})

var (
	receiptAsked = need("xmpp.receipt.request")
	receiptFor   = need("xmpp.receipt.received.id")
	markerFor    = need("xmpp.marker.id")
)

// maxLetters bounds the messages of a side of a connection that wait for a
// receipt.
const maxLetters = 1024

// receipts matches receipts and markers with the messages they are about
// (XEP-0184, XEP-0333).
type receipts struct {
	a    *Analysis
	sent *table[letter] // messages by id and the two bare addresses
}

// letter is a message.
type letter struct {
	place
	receipt *receipt // nil where it asks for none
}

// receipt is what a message asks for.
type receipt struct {
	place
	came bool
}

// letters are the messages of a connection that ask for a receipt.
type letters struct {
	sides [2][]*receipt
	asked [2]int
}

func newLetters() *letters { return &letters{} }

// Row implements watcher.
func (w *receipts) Row(r *Row) {
	if r.Kind != "message" {
		return
	}
	about := receiptFor.ownText(r)
	if about == nil {
		about = markerFor.ownText(r)
	}
	switch {
	case about != nil:
		w.arrived(r, about)
	case r.Type == "error": // it is told that it did not arrive
		w.arrived(r, r.ID)
	case r.ID != nil:
		w.wait(r)
	}
}

// arrived matches the row with the message that it is about.
func (w *receipts) arrived(r *Row, id []byte) {
	m, ok := w.sent.get(w.key(r, id, true))
	if !ok {
		return
	}
	if m.receipt != nil {
		m.receipt.came = true
	}
	r.pair(m.place)
}

// wait keeps a message until it is known to have arrived.
func (w *receipts) wait(r *Row) {
	m := letter{place: r.place()}
	if receiptAsked.own(r) != nil && r.Type != "groupchat" {
		m.receipt = &receipt{place: m.place}
		w.expect(keep(r.Session, w, newLetters), r.Sender, m.receipt)
	}
	w.sent.put(w.key(r, r.ID, false), m)
}

// expect keeps a receipt that one side asks for.
func (w *receipts) expect(l *letters, side dissect.Sender, m *receipt) {
	list := l.sides[side]
	if len(list) >= maxLetters {
		list = pending(list)
	}
	if len(list) >= maxLetters {
		w.a.Evicted["receipts"] += len(list) / 2
		list = append(list[:0], list[len(list)/2:]...)
	}
	l.sides[side] = append(list, m)
	l.asked[side]++
}

// pending leaves out the receipts that have come.
func pending(list []*receipt) []*receipt {
	kept := list[:0]
	for _, m := range list {
		if !m.came {
			kept = append(kept, m)
		}
	}
	return kept
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
func (w *receipts) End(*Row) {
	end := w.a.latest()
	for _, n := range w.a.numbers() {
		c := w.a.conns[n]
		l, ok := c.kept(w).(*letters)
		if !ok || c.Lost {
			continue
		}
		for side := range l.sides {
			list := pending(l.sides[side])
			for len(list) > 0 && end-list[len(list)-1].time <= patience {
				list = list[:len(list)-1]
			}
			if len(list) > 0 {
				w.a.late(receiptMissing, list[0].place, n, "%d of the %s of the %s that asked for a receipt got none, from row %d on",
					len(list), count(int64(l.asked[side]), "message", "messages"), dissect.Sender(side), list[0].no)
			}
		}
	}
}
