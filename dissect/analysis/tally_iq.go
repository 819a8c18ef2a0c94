package analysis

import (
	"slices"

	"talktrace/dissect"
)

// roundTrips measures how long requests wait for their answers, by what was
// asked and by who asked: what a server takes to answer is not what a client
// takes, with the network between them.
type roundTrips struct {
	t    *Tally
	tops *top[roundTrip]
}

// roundTrip is requests with one payload.
type roundTrip struct {
	space, by  string
	times      Histogram
	errors     int64
	unanswered int64
	unknown    int64 // the capture does not tell whether they were answered
}

// asked is a request that is open.
type asked struct {
	space  string
	by     string
	time   int64
	conn   int
	counts bool // it is one of the rows that are counted
	back   key  // between servers, the way of the answer
}

// maxAsked bounds the requests that are open.
const maxAsked = 1 << 16

func newRoundTrips(t *Tally) *roundTrips {
	return &roundTrips{t: t, tops: newTop(maxKeys,
		func(r *roundTrip) int64 { return r.all() },
		func(into, from *roundTrip) {
			into.times.Merge(&from.times)
			into.errors += from.errors
			into.unanswered += from.unanswered
			into.unknown += from.unknown
		})}
}

func (r *roundTrip) all() int64 { return r.times.N() + r.unanswered + r.unknown }

// by says who asks.
func by(r *tallied) string {
	if r.Session.Servers {
		return "another server"
	}
	return r.Sender.String()
}

// remember keeps requests until they are answered.
func (t *Tally) remember(r *tallied, counts bool) {
	if !r.isStanza() || r.Kind != "iq" {
		return
	}
	switch {
	case r.Request != 0:
		delete(t.asked, r.Request)
	case r.ID != nil && (r.Type == "get" || r.Type == "set"):
		if len(t.asked) >= maxAsked {
			t.giveUp(r.Time)
		}
		q := &asked{space: clip(r.Payload.Space), by: by(r), time: r.Time, conn: r.Conn.Number, counts: counts}
		if r.Session.Servers {
			q.back = wayOf(r.To, r.From)
		}
		t.asked[r.No] = q
	}
}

// giveUp lets go of the requests that have waited too long, or of all.
func (t *Tally) giveUp(now int64) {
	for no, q := range t.asked {
		if now-q.time > patience {
			t.roundTrips().unanswered(q, true)
			delete(t.asked, no)
		}
	}
	if len(t.asked) >= maxAsked {
		for _, q := range t.asked {
			t.roundTrips().unanswered(q, false)
		}
		t.a.Evicted["requests"] += len(t.asked)
		clear(t.asked)
	}
}

func (t *Tally) roundTrips() *roundTrips {
	for _, c := range t.counters {
		if x, ok := c.(*roundTrips); ok {
			return x
		}
	}
	return nil
}

func (x *roundTrips) at(q *asked) *roundTrip {
	r := x.tops.at(q.by + "\x00" + q.space)
	r.space, r.by = q.space, q.by
	return r
}

func (x *roundTrips) count(r *tallied) {
	if r.request == nil || r.Kind != "iq" || r.Type != "result" && r.Type != "error" {
		return
	}
	q := x.at(r.request)
	q.times.Add(r.RTT)
	if r.Type == "error" {
		q.errors++
	}
}

// unanswered counts a request that was not answered, or of which nobody knows.
func (x *roundTrips) unanswered(q *asked, certain bool) {
	switch {
	case !q.counts:
	case certain:
		x.at(q).unanswered++
	default:
		x.at(q).unknown++
	}
}

// settle decides what became of the requests that are still open. One that was
// made shortly before the end, or on a connection of which bytes are missing, may
// have been answered all the same.
func (x *roundTrips) settle() {
	var end int64
	for _, c := range x.t.a.conns {
		end = max(end, c.Last.time)
	}
	for _, q := range x.t.asked {
		c := x.t.a.conns[q.conn]
		if c != nil && c.Servers {
			x.unanswered(q, end-q.time > patience && x.t.a.ways.open(q.back, q.time))
			continue
		}
		over := c != nil && c.Closed[dissect.Client] && c.Closed[dissect.Server]
		x.unanswered(q, c != nil && !c.Lost && (over || end-q.time > patience))
	}
	clear(x.t.asked)
}

func (x *roundTrips) table() *Table {
	x.settle()
	table := &Table{
		Name: "iq", Title: "Requests, and how long their answers took", Unseen: x.t.coverage.noStanzas("requests"),
		Columns: []Column{
			{Name: "payload", Title: "Asked for"},
			{Name: "namespace", Title: "", Script: true},
			{Name: "asked_by", Title: "by"},
			{Name: "answered", Title: "Answered"},
			{Name: "errors", Title: "by error"},
			{Name: "unanswered", Title: "Never"},
			{Name: "unknown", Title: "Not seen"},
			{Name: "rtt", Title: "Time to the answer"},
		},
	}
	var all, answered, never, unknown int64
	add := func(name string, r *roundTrip) {
		all, answered, never = all+r.all(), answered+r.times.N(), never+r.unanswered
		unknown += r.unknown
		table.Rows = append(table.Rows, []Cell{
			words(name), words(r.space), words(r.by), number(r.times.N()), number(r.errors),
			number(r.unanswered), number(r.unknown), times(&r.times),
		})
	}
	x.tops.shrink(x.t.o.Top)
	var spaces []string
	for _, r := range x.tops.known {
		spaces = append(spaces, r.space)
	}
	slices.Sort(spaces)
	names := distinct(spaces, spaceName)
	for _, key := range x.tops.keys() {
		r := x.tops.known[key]
		add(names[r.space], r)
	}
	if x.tops.left > 0 {
		add("others", &x.tops.others)
	}
	if all > 0 {
		sum := several(answered, "answer") + " to " + several(all, "request") + "; " + percent(never, all) + " were never answered."
		if unknown > 0 {
			sum += " Of those not seen, the capture does not show whether they were."
		}
		table.Notes = append(table.Notes, sum,
			"Times are as seen where the capture was made: what a client asks is answered by the server behind it, what a server asks by the client, with its network.",
			x.t.coverage.note())
	}
	return table
}
