package analysis

import (
	"bytes"
	"strings"

	"talktrace/dissect"
)

func init() {
	watch(match, func(a *Analysis) watcher {
		return &requests{a: a, servers: map[string]*request{}}
	})
}

var (
	iqUnanswered = kind(Kind{
		ID: "iq-unanswered", Severity: dissect.Warning, Title: "a request that was never answered",
		Why:    "Every get and set has to be answered; whoever asked waits, or gives the connection up.",
		Source: "RFC 6120 section 8.2.3",
	})
	iqAnsweredTwice = kind(Kind{
		ID: "iq-answered-twice", Severity: dissect.Warning, Title: "a second answer to the same request",
		Why:    "A request has one answer; a second one is a fault of who answers, or somebody else's attempt to answer.",
		Source: "RFC 6120 section 8.2.3",
	})
	iqWrongParty = kind(Kind{
		ID: "iq-answered-by-another", Severity: dissect.Error, Title: "an answer from somebody who was not asked",
		Why:    "A client that matches answers by id alone can be made to believe what a stranger sends.",
		Source: "RFC 6120 section 8.1.2.1",
	})
	iqNoID = kind(Kind{
		ID: "iq-without-id", Severity: dissect.Warning, Title: "an iq without an id",
		Why:    "Without an id the answer cannot be told from others.",
		Source: "RFC 6120 section 8.1.3",
	})
	iqSameID = kind(Kind{
		ID: "iq-id-in-use", Severity: dissect.Remark, Title: "an id that another open request has",
		Why:    "Two open requests with one id cannot be told apart by their answers.",
		Source: "RFC 6120 section 8.1.3",
	})
)

const (
	maxRequests = 1024 // open ones of a side of a connection
	maxServers  = 1 << 14
	// patience is how long a request may stay open, in nanoseconds.
	patience = 30e9
)

// requests matches answers with what was asked (RFC 6120 section 8.2.3).
type requests struct {
	a       *Analysis
	servers map[string]*request // open ones between servers, by domains, id and addresses
}

// request is an iq of type get or set.
type request struct {
	place
	conn     int
	to       string
	answered bool
	open     int // earlier ones with the same id that have not been answered
}

// open are the requests of one connection.
type open struct {
	sides [2]map[string]*request
	order [2][]string // ids, the oldest first
}

// Row implements watcher.
func (w *requests) Row(r *Row) {
	if r.Kind != "iq" {
		return
	}
	if r.ID == nil {
		r.Note(iqNoID, "")
		return
	}
	switch r.Type {
	case "get", "set":
		w.ask(r)
	case "result", "error":
		w.answer(r)
	}
}

func newOpen() *open {
	return &open{sides: [2]map[string]*request{{}, {}}}
}

// ask notes a request.
func (w *requests) ask(r *Row) {
	q := &request{place: r.place(), conn: r.Conn.Number, to: string(r.To)}
	if r.Session.Servers {
		if len(w.servers) >= maxServers {
			w.forgetServers()
		}
		w.servers[betweenServers(r.From, r.To, r.ID)] = q
		return
	}
	o := keep(r.Session, w, newOpen)
	side, id := o.sides[r.Sender], named(r, r.Sender, r.From)
	if known := side[id]; known != nil && !known.answered {
		r.Note(iqSameID, "the request in row %d has the same id and is still open", known.no)
		q.open = known.open + 1
	}
	if len(o.order[r.Sender]) >= maxRequests {
		w.evict(o, r.Sender)
	}
	side[id] = q
	o.order[r.Sender] = append(o.order[r.Sender], id)
}

// named is the name of a request by one side among those of its connection.
// What a server passes on has the ids of many authors, so they belong to it.
func named(r *Row, by dissect.Sender, author []byte) string {
	if by == dissect.Client {
		return string(r.ID)
	}
	return string(r.ID) + "\x00" + string(author)
}

// evict forgets the oldest half of a side's requests.
func (w *requests) evict(o *open, side dissect.Sender) {
	half := o.order[side][:maxRequests/2]
	for _, id := range half {
		if q := o.sides[side][id]; q != nil {
			if !q.answered {
				w.a.Evicted["requests"]++
			}
			delete(o.sides[side], id)
		}
	}
	o.order[side] = append([]string(nil), o.order[side][maxRequests/2:]...)
}

// forgetServers forgets the requests between servers that have waited longest.
func (w *requests) forgetServers() {
	var newest int64
	for _, q := range w.servers {
		newest = max(newest, q.time)
	}
	for key, q := range w.servers {
		if newest-q.time > patience {
			delete(w.servers, key)
			w.a.Evicted["requests"]++
		}
	}
	if len(w.servers) >= maxServers {
		w.a.Evicted["requests"] += len(w.servers)
		clear(w.servers)
	}
}

// betweenServers is the key of a request between servers, whose answer comes on
// another connection.
func betweenServers(from, to, id []byte) string {
	return string(from) + "\x00" + string(to) + "\x00" + string(id)
}

// answer looks for the request that the row answers.
func (w *requests) answer(r *Row) {
	if r.Session.Servers {
		key := betweenServers(r.To, r.From, r.ID)
		if q := w.servers[key]; q != nil {
			r.pair(q.place)
			delete(w.servers, key)
		}
		return
	}
	o := keep(r.Session, w, newOpen)
	q := o.sides[r.Sender.Other()][named(r, r.Sender.Other(), r.To)]
	switch {
	case q == nil: // asked before the capture, or an id that nobody used
	case !expected(q, r):
		r.Note(iqWrongParty, "row %d asked %s, and %s answers", q.no, someone(q.to), someone(string(r.From)))
	case q.answered && q.open > 0: // the answer to an earlier one
		q.open--
	case q.answered:
		r.Note(iqAnsweredTwice, "the request in row %d has been answered already", q.no)
	default:
		q.answered = true
		r.pair(q.place)
	}
}

// pair says that the row answers an earlier one.
func (r *Row) pair(with place) {
	r.Request, r.RTT = with.no, r.Time-with.time
}

func someone(jid string) string {
	if jid == "" {
		return "the server"
	}
	return jid
}

// expected reports whether the sender of an answer is the one who was asked. A
// request without addressee is the server's to answer, which may speak for the
// account, with or without resource, for itself, or leave its name out.
func expected(q *request, r *Row) bool {
	if r.Sender == dissect.Client { // the server stamps it
		return true
	}
	from, c := r.From, r.Session
	if q.to != "" && q.to != c.Bare() && q.to != c.Domain && q.to != c.JID {
		return strings.EqualFold(string(from), q.to) || len(from) == 0 && c.JID == "" ||
			bytes.EqualFold(bare(from), []byte(q.to)) // as with Google Talk, where clients answer for their account
	}
	return len(from) == 0 || c.JID == "" ||
		string(from) == c.JID || string(from) == c.Bare() || string(from) == c.Domain ||
		bytes.HasSuffix([]byte(c.Bare()), append([]byte("@"), from...))
}

// End implements watcher. Requests that were made shortly before the end may
// have been answered behind it.
func (w *requests) End(at *Row) {
	var end int64
	for _, c := range w.a.conns {
		end = max(end, c.Last.time)
	}
	for _, n := range w.a.numbers() {
		c := w.a.conns[n]
		o, ok := c.state[w].(*open)
		if !ok || c.Lost {
			continue
		}
		for side := range o.order {
			for _, id := range o.order[side] {
				if q := o.sides[side][id]; q != nil && !q.answered && end-q.time > patience {
					q.answered = true
					id, _, _ = strings.Cut(id, "\x00")
					w.a.late(iqUnanswered, q.place, n, "the %s's request with id %.40q to %s was not answered in the %d s that followed",
						dissect.Sender(side), id, someone(q.to), (end-q.time)/1e9)
				}
			}
		}
	}
}
