package transcript

import (
	"slices"
	"strconv"
	"strings"

	"talktrace/dissect"
)

// A bond says which rows of its section a row cannot overtake. Rows that are
// bound to each other neither way race: their order is an accident of time.
//
// What one party says to another keeps its order (RFC 6120 section 10.1), an
// answer comes behind its request, and what tells of an id behind what made it
// up. Everything else that is said at the same time may come in any order: what
// the client sends and what the server sends, and what a server hands on from
// different people.
type bond struct {
	fixed bool // no row overtakes it, and it overtakes none
	needs []*bond
}

// ties finds the bonds of the rows of a section.
type ties struct {
	own   string // the client's bare address
	home  string // the domain of its server
	made  map[string]*bond
	asked [2]map[string]*bond // requests that have no answer yet, by id
	pings [2][]*bond          // requests for acks likewise
	said  [2][]*bond          // stanzas since acks are counted
	acked [2]bool             // whether they are
	all   [2]party            // everything a side has said
	from  [2]map[string]*party
	bye   *bond // the first close of a stream
}

// party is one source of rows: those that keep their place among all that it
// says, and those between them that only keep their place among themselves.
type party struct {
	last  *bond
	since map[string]*bond
}

// bind gives each row of the section its bond.
func (s *section) bind() {
	t := &ties{own: s.own(), home: s.to, made: map[string]*bond{}}
	for side := range 2 {
		t.asked[side], t.from[side] = map[string]*bond{}, map[string]*party{}
	}
	for _, r := range s.rows {
		r.bond = &bond{fixed: r.settles()}
		t.tie(r)
	}
}

// settles reports whether a row belongs to what two sides agree on step by step,
// so that its place says something in itself: all before a session is there, and
// all damage.
func (r *row) settles() bool {
	switch r.kind {
	case "message", "presence", "r", "a", "active", "inactive", "enable", "enabled", "/stream", "close", dissect.KindKeepalive:
		return false
	case "iq":
		return slices.ContainsFunc(r.cells, func(c cell) bool {
			return strings.HasPrefix(c.name, "xmpp.iq.bind") || strings.HasPrefix(c.name, "xmpp.iq.session") ||
				strings.HasPrefix(c.name, "xmpp.legacyauth") || strings.HasPrefix(c.name, "xmpp.register")
		})
	case dissect.KindTLS:
		return !strings.HasPrefix(r.info, "alert")
	}
	return true
}

// tie binds a row to those before it.
func (t *ties) tie(r *row) {
	b, me := r.bond, r.sender
	whole := &t.all[me]
	source, stream := t.source(r)
	p := t.from[me][source]
	if p == nil {
		p = &party{}
		t.from[me][source] = p
	}
	switch r.kind {
	case "message", "presence", "iq":
		t.need(b, whole.last)
		p.put(b, stream)
		whole.note(b, source+" "+stream)
	default:
		whole.put(b, "")
	}
	t.tieStanza(r, b)
	t.tieIDs(r, b)
}

func (t *ties) need(b, other *bond) {
	if other != nil && other != b && !slices.Contains(b.needs, other) {
		b.needs = append(b.needs, other)
	}
}

// put adds a row: one that keeps its place among all, where lane is empty, and
// otherwise one that does so among those of the lane.
func (p *party) put(b *bond, lane string) {
	if lane != "" {
		if before := p.since[lane]; before != nil {
			b.needs = append(b.needs, before)
		} else if p.last != nil {
			b.needs = append(b.needs, p.last)
		}
		p.note(b, lane)
		return
	}
	if p.last != nil {
		b.needs = append(b.needs, p.last)
	}
	for _, before := range p.since {
		b.needs = append(b.needs, before)
	}
	p.last = b
	clear(p.since)
}

// note has what is put next follow the row.
func (p *party) note(b *bond, lane string) {
	if p.since == nil {
		p.since = map[string]*bond{}
	}
	p.since[lane] = b
}

// source returns who says a stanza, without the resource, and what it is one of
// many of, if it is: the presences of one that is there, or what is published at
// one node. Answers of a client come when
// their requests came, whatever else it says.
func (t *ties) source(r *row) (source, stream string) {
	from, to, kind, self := "", "", "", false
	for i := range r.cells {
		switch c := &r.cells[i]; {
		case c.name == "xmpp.pubsub.node" && r.kind == "message":
			stream = "node " + c.text // what is published at different places
		case c.level > 1 && c.name != "xmpp.muc_user_status":
		case c.name == "xmpp.from" && from == "":
			from = c.text
		case c.name == "xmpp.to" && to == "":
			to = c.text
		case c.name == "xmpp.type" && kind == "":
			kind = c.text
		case c.name == "xmpp.muc_user_status" && c.text == "110":
			self = true // the last one of a list (XEP-0045 section 7.2.2)
		}
	}
	bare, _, _ := strings.Cut(from, "/")
	if bare == t.own || bare == t.home {
		bare = ""
	}
	if r.kind == "iq" && r.sender == dissect.Client && (kind == "result" || kind == "error") {
		to, _, _ = strings.Cut(to, "/")
		return "answers " + to, ""
	}
	if r.kind == "presence" && r.sender == dissect.Server && !self && from != "" {
		stream = from
	}
	return bare, stream
}

// tieStanza binds answers to their requests, and acks to what they are about
// (XEP-0198 section 4).
func (t *ties) tieStanza(r *row, b *bond) {
	me, peer := r.sender, r.sender.Other()
	switch r.kind {
	case "iq":
		id, kind := r.head("xmpp.id"), r.head("xmpp.type")
		if kind == "result" || kind == "error" {
			t.need(b, t.asked[peer][id])
			delete(t.asked[peer], id)
		} else {
			t.asked[me][id] = b
		}
	case "r":
		t.pings[me] = append(t.pings[me], b)
	case "a":
		if open := t.pings[peer]; len(open) > 0 {
			t.need(b, open[0])
			t.pings[peer] = open[1:]
		}
		h, err := strconv.Atoi(r.head("xmpp.sm.h"))
		if said := t.said[peer]; err == nil && h > 0 && h <= len(said) {
			t.need(b, said[h-1])
		}
	case "enable", "enabled":
		t.acked[me] = true
		if r.kind == "enabled" {
			t.need(b, t.all[peer].last)
		}
	case "/stream", "close":
		t.need(b, t.bye)
		t.bye = b
	}
	if t.acked[me] && (r.kind == "iq" || r.kind == "message" || r.kind == "presence") {
		t.said[me] = append(t.said[me], b)
	}
}

// head returns the value of a field of the stanza itself.
func (r *row) head(name string) string {
	for i := range r.cells {
		if c := &r.cells[i]; c.name == name && c.level <= 1 {
			return c.text
		}
	}
	return ""
}

// tieIDs binds a row to those that made up the values in it.
func (t *ties) tieIDs(r *row, b *bond) {
	for i := range r.cells {
		c := &r.cells[i]
		if len(c.text) < least || !c.changes() || c.meaning == meansPort || c.meaning == meansResource || c.meaning == meansVersion {
			continue
		}
		if first := t.made[c.text]; first != nil {
			t.need(b, first)
		} else {
			t.made[c.text] = b
		}
	}
}
