package analysis

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
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
	iqClientAnswers = kind(Kind{
		ID: "iq-answered-by-client", Severity: dissect.Remark, Title: "a client answers what its account was asked",
		Why:    "The server should answer for an account; of a room, it would be one of the occupants that answers in its place.",
		Source: "RFC 6121 section 8.5.2.1.3",
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
	iqOrphan = kind(Kind{
		ID: "iq-answer-to-nothing", Severity: dissect.Remark, Title: "an answer to something that nobody has asked",
		Why:    "Its id is wrong, so that whoever did ask still waits; or somebody tries to be taken for who was asked.",
		Source: "RFC 6120 section 8.2.3",
	})
	rosterUnanswered = kind(Kind{
		ID: "roster-push-unanswered", Severity: dissect.Remark, Title: "a change of the roster was not acknowledged",
		Why:    "Clients have to answer, as any other request; many do not.",
		Source: "RFC 6121 section 2.1.6",
	})
	uploadRefused = kind(Kind{
		ID: "upload-refused", Severity: dissect.Remark, Title: "a file may not be uploaded",
		Why:    "It is too large, or the quota is used up; the user sees that a picture cannot be sent.",
		Source: "XEP-0363 section 5",
	})
)

var (
	rosterState   = need("xmpp.query.item.subscription")
	uploadRequest = need("xmpp.upload.request")
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
	to       string
	answered bool
	push     bool     // it tells of a change of the roster
	upload   bool     // it asks for a place for a file
	older    *request // another one with the same id, which was open when this one came
	depth    int      // how many older ones there are
	// Between servers:
	conn int
	from string
	back key // the way of the answer
}

// maxSameID bounds the open requests with one id.
const maxSameID = 16

// oldest returns the first of the requests with the same id that is still open,
// or the request itself.
func (q *request) oldest() *request {
	o := q
	for p := q; p != nil; p = p.older {
		if !p.answered {
			o = p
		}
	}
	return o
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
	q := &request{
		place: r.place(), to: nameOf(r.To), upload: uploadRequest.own(r) != nil,
		push: r.Sender == dissect.Server && r.Type == "set" && rosterState.has(r),
	}
	if r.Session.Servers {
		if len(w.servers) >= maxServers {
			w.forgetServers()
		}
		q.conn, q.from, q.back = r.Conn.Number, nameOf(r.From), wayOf(r.To, r.From)
		w.servers[betweenServers(r.From, r.To, r.ID)] = q
		return
	}
	o := keep(r.Session, w, newOpen)
	side, id := o.sides[r.Sender], named(r, r.Sender, r.From)
	if known := side[id]; known != nil && !known.oldest().answered {
		r.Note(iqSameID, "the request in row %d has the same id and is still open", known.oldest().no)
		if known.depth < maxSameID {
			q.older, q.depth = known, known.depth+1
		}
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
		return nameOf(r.ID)
	}
	return nameOf(r.ID) + "\x00" + nameOf(author)
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
	return nameOf(from) + "\x00" + nameOf(to) + "\x00" + nameOf(id)
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
	q := w.find(r)
	switch {
	case q == nil:
		if c := r.Session; !c.Lost && (c.Whole && !c.Resumed || r.Time-c.Begun.time > patience) && w.a.Evicted["requests"] == 0 {
			r.Note(iqOrphan, "nobody has asked for anything with the id %.40q", r.ID)
		}
	case !q.answered && ofAccount(q, r):
		q.answered = true
		r.pair(q.place)
		r.Note(iqClientAnswers, "row %d asked the account, and %.60s answers", q.no, r.From)
	case !expected(q, r):
		r.Note(iqWrongParty, "row %d asked %s, and %s answers", q.no, someone(q.to), someone(string(r.From)))
	case q.answered:
		r.Note(iqAnsweredTwice, "the request in row %d has been answered already", q.no)
	default:
		q.answered = true
		r.pair(q.place)
		if q.upload && r.Type == "error" {
			r.Note(uploadRefused, "the file may not be uploaded: %.60s", reason(r))
		}
	}
}

// find returns the request that the row seems to answer, nil if there is none.
// It may have been made on the connection that this one goes on from.
func (w *requests) find(r *Row) *request {
	asker := r.Sender.Other()
	id := named(r, asker, r.To)
	q := keep(r.Session, w, newOpen).sides[asker][id]
	if q != nil {
		return q.oldest()
	}
	if before := r.Session.before; before != nil {
		if o, ok := before.kept(w).(*open); ok && o.sides[asker][id] != nil {
			return o.sides[asker][id].oldest()
		}
	}
	return nil
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

// whom names who was asked by a side.
func whom(jid string, by dissect.Sender) string {
	if jid == "" && by == dissect.Server {
		return "the client"
	}
	return someone(jid)
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
		return strings.EqualFold(string(from), q.to) || len(from) == 0 && c.JID == ""
	}
	return len(from) == 0 || c.JID == "" ||
		string(from) == c.JID || string(from) == c.Bare() || string(from) == c.Domain ||
		bytes.HasSuffix([]byte(c.Bare()), append([]byte("@"), from...))
}

// ofAccount reports whether an answer comes from a client of the account that
// was asked.
func ofAccount(q *request, r *Row) bool {
	return r.Sender == dissect.Server && len(r.From) > len(q.to) && strings.IndexByte(q.to, '@') > 0 &&
		bytes.EqualFold(bare(r.From), []byte(q.to)) && q.to != r.Session.Bare()
}

// End implements watcher. Requests that were made shortly before the end may
// have been answered behind it.
func (w *requests) End(at *Row) {
	end := w.a.latest()
	w.endServers(end)
	for _, n := range w.a.numbers() {
		c := w.a.conns[n]
		o, ok := c.kept(w).(*open)
		if !ok || c.Lost {
			continue
		}
		for side := range o.order {
			for _, id := range o.order[side] {
				for q := o.sides[side][id]; q != nil; q = q.older {
					if !q.answered && end-q.time > patience {
						q.answered = true
						w.unanswered(q, n, dissect.Sender(side), id, end)
					}
				}
			}
		}
	}
}

// endServers tells of the requests between servers that have waited in vain.
func (w *requests) endServers(end int64) {
	open := slices.SortedFunc(maps.Values(w.servers), func(a, b *request) int { return cmp.Compare(a.no, b.no) })
	for _, q := range open {
		if end-q.time > patience && w.a.ways.open(q.back, q.time) {
			w.a.late(iqUnanswered, q.place, q.conn, "the request of %s to %s was not answered in the %d s that followed",
				someone(q.from), someone(q.to), (end-q.time)/1e9)
		}
	}
}

// unanswered tells of a request that has waited in vain.
func (w *requests) unanswered(q *request, conn int, by dissect.Sender, id string, end int64) {
	k := iqUnanswered
	if q.push {
		k = rosterUnanswered
	}
	id, _, _ = strings.Cut(id, "\x00")
	w.a.late(k, q.place, conn, "the %s's request with id %.40q to %s was not answered in the %d s that followed",
		by, id, whom(q.to, by), (end-q.time)/1e9)
}
