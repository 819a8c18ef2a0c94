package bosh

import (
	"math"
	"strconv"

	"talktrace/dissect"
)

// What may wait for its turn in a direction of a session.
const (
	maxWaiting      = 16
	maxWaitingBytes = 256 << 10
)

// order puts the messages of one direction of a session in the order of their
// rids, whichever connections they came over, and finds those that were sent
// again.
type order struct {
	next    uint64     // the rid whose turn it is; 0 before the first
	done    uint64     // bit i: next-1-i was dealt with
	waiting []*message // by rid, all beyond next
	size    int        // of their bytes
	skipped uint64     // rids that did not come, and have not been told of
}

// verdict says what to do with a message.
type verdict uint8

const (
	now    verdict = iota // it is its turn
	later                 // others come before it
	repeat                // it was there before
)

// judge says what to do with the message of a rid.
func (o *order) judge(rid uint64) verdict {
	switch {
	case o.next == 0 || rid == o.next:
		return now
	case rid > o.next:
		for _, m := range o.waiting {
			if m.rid == rid {
				return repeat
			}
		}
		return later
	case o.next-1-rid < 64 && o.done&(1<<(o.next-1-rid)) == 0:
		return now // one that was thought lost
	}
	return repeat
}

// passed notes that the message of a rid is dealt with.
func (o *order) passed(rid uint64) {
	if rid >= o.next {
		if o.next > 0 {
			o.skipped += rid - o.next
		}
		o.advance(rid + 1)
	}
	if back := o.next - 1 - rid; back < 64 {
		o.done |= 1 << back
	}
}

// advance says whose turn it is.
func (o *order) advance(next uint64) {
	o.done <<= min(next-o.next, 64)
	o.next = next
}

// hold keeps a message until its turn.
func (o *order) hold(m *message) {
	m.keep()
	i := len(o.waiting)
	o.waiting = append(o.waiting, m)
	for ; i > 0 && o.waiting[i-1].rid > m.rid; i-- {
		o.waiting[i-1], o.waiting[i] = o.waiting[i], o.waiting[i-1]
	}
	o.size += len(m.raw)
}

// full reports whether too much waits.
func (o *order) full() bool { return len(o.waiting) > maxWaiting || o.size > maxWaitingBytes }

// take returns the next of the messages that wait whose turn it is when nothing
// more is expected up to rid limit, nil if there is none.
func (o *order) take(limit uint64) *message {
	first := uint64(math.MaxUint64)
	if len(o.waiting) > 0 {
		first = o.waiting[0].rid
	}
	if first > limit && limit >= o.next && o.next > 0 {
		o.skipped += limit + 1 - o.next
		o.advance(limit + 1)
	}
	if first > max(o.next, limit) {
		return nil
	}
	m := o.waiting[0]
	o.waiting = o.waiting[1:]
	o.size -= len(m.raw)
	o.passed(m.rid)
	return m
}

// remarks says that messages before the next one are missing.
func (o *order) remarks() []dissect.Note {
	if o.skipped == 0 {
		return nil
	}
	text := strconv.FormatUint(o.skipped, 10) + " bodies before this one are missing"
	if o.skipped == 1 {
		text = "a body before this one is missing"
	}
	o.skipped = 0
	return []dissect.Note{{Severity: dissect.Remark, ID: "bosh-rid-gap", Text: text}}
}
