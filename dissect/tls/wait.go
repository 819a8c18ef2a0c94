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
	awaits  bool // Poll will be called
	ends    []waitingEnd
}

// waitingEnd is the end of a side whose records wait.
type waitingEnd struct {
	from  dissect.Sender
	how   dissect.End
	frame int
	time  int64
}

type waitingRecord struct {
	from         dissect.Sender
	rec          []byte
	first, frame int
	time         int64
}

// Records wait within these bounds, and no longer than until bytes are lost or
// the capture ends. With one record more than the size allows, a connection
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
	if !l.isBehindWaiting(from) && !l.mayGetKey(c, from, rec) {
		return false
	}
	w.records = append(w.records, waitingRecord{from, slices.Clone(rec), frame, c.Frame, c.Time})
	w.size += len(rec)
	l.resume(c, false)
	if n := len(w.records); n > maxWaiting || w.size > maxWaitingSize || w.isLate(c.Time) {
		l.resume(c, true)
		w.over = true
	}
	if len(w.records) > 0 && !w.awaits && l.options.Keys.isGrowing() {
		w.awaits = true
		c.Await(l)
	}
	return true
}

// isLate reports whether records have waited for too long at a time.
func (w *waiting) isLate(now int64) bool {
	return len(w.records) > 0 && now-w.records[0].time > maxPatience
}

var _ dissect.Waiter = (*Layer)(nil)

// Poll implements dissect.Waiter: a key may come when all packets have.
func (l *Layer) Poll(c *dissect.Context, last bool) bool {
	w := &l.waiting
	if len(w.records) > 0 {
		late := w.isLate(c.Time)
		w.over = w.over || late
		l.resume(c, last || late)
	}
	w.awaits = len(w.records) > 0
	return w.awaits
}

// endsLater reports whether the end of a side has to wait for the records before
// it. The end of a capture does not wait.
func (l *Layer) endsLater(c *dissect.Context, from dissect.Sender, how dissect.End) bool {
	w := &l.waiting
	if !w.awaits || len(w.records) == 0 || how != dissect.EndFIN && !how.IsReset() {
		return false
	}
	w.ends = append(w.ends, waitingEnd{from, how, c.Frame, c.Time})
	return true
}

// isBehindWaiting reports whether a record of a side has to wait for the sake of
// order alone: rows are in the order of their records, whenever the keys come.
// Only what the server says before its hello is known overtakes, for that is
// what the client's records wait for.
func (l *Layer) isBehindWaiting(from dissect.Sender) bool {
	w := &l.waiting
	if l.server != nil {
		return len(w.records) > 0
	}
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

// resume takes the waiting records in their order, up to the first whose key has
// not come; all of them if forced.
func (l *Layer) resume(c *dissect.Context, force bool) {
	w := &l.waiting
	for len(w.records) > 0 {
		r := w.records[0]
		if !force && l.mayGetKey(c, r.from, r.rec) {
			return
		}
		w.records[0], w.records = waitingRecord{}, w.records[1:]
		w.size -= len(r.rec)
		at(c, r.frame, r.time, func() { l.take(c, r.from, r.rec, r.first) })
	}
	ends := w.ends
	w.records, w.ends = nil, nil
	for _, e := range ends {
		at(c, e.frame, e.time, func() { l.End(c, e.from, e.how) })
	}
}

// stopWaiting takes whatever waits: there is no time for more of it.
func (l *Layer) stopWaiting(c *dissect.Context) {
	if len(l.waiting.records) > 0 {
		l.resume(c, true)
	}
}
