package engine

import "talktrace/dissect"

// What a worker finds in a batch comes to the merger in one part, as a rule. But
// compressed bytes may hold a thousand times as many rows as they are long, so
// that a worker hands over what it has when it is much, within an item if need
// be, and waits when the merger is two such parts behind.

// partBytes is the size of its events' text from which on a worker hands over.
const partBytes = 8 << 20

// spareParts is how many parts there are beside those of the batches.
const spareParts = 2

// part is what a worker found in a batch, or some of it.
type part struct {
	*result
	last bool // the rest of what it found; result is the batch's own
}

// parts is what the parts of one worker travel through.
type parts struct {
	full  chan part    // to the merger, with room for all there are
	empty chan *result // and back; those of the batches go back with them
}

func newParts() parts {
	p := parts{full: make(chan part, batches+spareParts), empty: make(chan *result, spareParts)}
	for range spareParts {
		p.empty <- &result{}
	}
	return p
}

// underway is what a worker is at.
type underway struct {
	index []int32 // of the events so far, as in result
	place int32   // the index of the item of the batch
	conn  *conn   // of item
	item  *item   // what is being looked at: that item, or one that was held until now
	from  int     // the first event that came of it
}

// indexed notes of which item the events came.
func (w *worker) indexed() {
	for len(w.under.index) < len(w.ctx.Events) {
		w.under.index = append(w.under.index, w.under.place)
	}
}

// finish completes the events that came of the item being looked at.
func (w *worker) finish() {
	u := &w.under
	rows := w.ctx.Events[u.from:]
	w.complete(u.conn, u.item, rows)
	if u.item.op != opConflict && len(rows) > 0 {
		u.conn.tellConflicts(&rows[0])
	}
	u.from = len(w.ctx.Events)
}

// handOver gives the events so far to the merger. Their text stays where it is,
// for a layer may be in the middle of it, and is left to the garbage collector.
// Once the trace has been stopped nobody wants them.
func (w *worker) handOver(stopped <-chan struct{}) {
	if w.under.item != nil {
		w.finish()
	}
	w.indexed()
	select {
	case r := <-w.parts.empty:
		r.arena, w.ctx.Arena = w.ctx.Arena, dissect.Arena{}
		r.events, w.ctx.Events = w.ctx.Events, r.events[:0]
		r.index, w.under.index = w.under.index, r.index[:0]
		w.parts.full <- part{result: r}
	case <-stopped:
		w.ctx.Arena, w.ctx.Events, w.under.index = dissect.Arena{}, w.ctx.Events[:0], w.under.index[:0]
	}
	w.under.from = 0
}

// cursor is how far the merger is in what a worker found in a batch.
type cursor struct {
	events []dissect.Event
	index  []int32
	n      int     // the event that comes next
	last   bool    // there is no further part
	part   *result // to be given back; nil where it goes back with the batch
}

// advance goes on to the next part. The merger has done with the one before.
func (c *cursor) advance(p parts) {
	if r := c.part; r != nil {
		clear(r.events)
		r.events, r.index, r.arena = r.events[:0], r.index[:0], dissect.Arena{}
		p.empty <- r
	}
	next := <-p.full
	*c = cursor{events: next.events, index: next.index, last: next.last}
	if !next.last {
		c.part = next.result
	}
}
