package tls

import (
	"slices"

	"talktrace/dissect"
)

// waiting are sealed records, of both sides and in their order, whose key is not
// known yet but may be soon: the endpoint writes it into its key log while its
// packets are captured, or the ServerHello that says how to use it is captured
// behind the client's records.
type waiting struct {
	records []waitingRecord
	size    int
	over    bool // waited long enough; nothing waits any more
}

type waitingRecord struct {
	from         dissect.Sender
	rec          []byte
	first, frame int
	time         int64
}

// Records wait within these bounds, and no longer than until bytes are lost or
// the connection ends. With one record more than the size allows, a connection
// still takes less than 40 KiB.
const (
	maxWaiting     = 256
	maxWaitingSize = 20 << 10
	maxPatience    = 5e9 // nanoseconds of capture time
)

// waits takes a record that has to wait, and reports whether it has.
func (l *Layer) waits(c *dissect.Context, from dissect.Sender, rec []byte, frame int) bool {
	w := &l.waiting
	if len(w.records) == 0 && l.sides[from].seal.opener != nil {
		return false
	}
	if !w.holds(from) && !l.mayGetKey(c, from, rec) {
		return false
	}
	w.records = append(w.records, waitingRecord{from, slices.Clone(rec), frame, c.Frame, c.Time})
	w.size += len(rec)
	l.resume(c, false)
	if n := len(w.records); n > 0 && (n > maxWaiting || w.size > maxWaitingSize || c.Time-w.records[0].time > maxPatience) {
		l.resume(c, true)
		w.over = true
	}
	return true
}

// holds reports whether records of a side are waiting.
func (w *waiting) holds(from dissect.Sender) bool {
	return slices.ContainsFunc(w.records, func(r waitingRecord) bool { return r.from == from })
}

// mayGetKey reports whether a record is sealed, with a key that is not there but
// may be soon.
func (l *Layer) mayGetKey(c *dissect.Context, from dissect.Sender, rec []byte) bool {
	s := &l.sides[from].seal
	if l.waiting.over || s.opener != nil || s.dead || l.hello == nil || !l.isSealed(from, rec) {
		return false
	}
	if s.stage == stageEarly && l.early.suite == 0 {
		l.guessEarlySuite(c, rec)
	}
	if l.server == nil {
		return s.stage != stageEarly && l.options.Keys.find(&l.hello.Random, clientHandshakeSecret, c.Frame) != nil
	}
	if l.findKey(c, from) || s.dead || !l.options.Keys.grow() {
		return false
	}
	return !l.findKey(c, from) && !s.dead
}

// resume takes the waiting records whose key has come, all of them if forced.
func (l *Layer) resume(c *dissect.Context, force bool) {
	w := &l.waiting
	var stuck [2]bool // by side
	for i := 0; i < len(w.records); {
		r := w.records[i]
		if !force && !stuck[r.from] {
			stuck[r.from] = l.mayGetKey(c, r.from, r.rec)
		}
		if stuck[r.from] {
			i++
			continue
		}
		w.records = slices.Delete(w.records, i, i+1)
		w.size -= len(r.rec)
		at(c, r.frame, r.time, func() { l.take(c, r.from, r.rec, r.first) })
		if stuck[r.from.Other()] { // it may have brought what that side waits for
			i, stuck = 0, [2]bool{}
		}
	}
	if len(w.records) == 0 {
		w.records = nil
	}
}

// stopWaiting takes whatever waits: there is no time for more of it.
func (l *Layer) stopWaiting(c *dissect.Context) {
	if len(l.waiting.records) > 0 {
		l.resume(c, true)
	}
}
