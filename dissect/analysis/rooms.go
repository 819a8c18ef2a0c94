package analysis

import (
	"maps"
	"slices"

	"talktrace/dissect"
)

func init() {
	watch(match, func(a *Analysis) watcher { return &rooms{a: a} })
}

var (
	roomUnanswered = kind(Kind{
		ID: "room-join-unanswered", Severity: dissect.Warning, Title: "a room was entered and did not say so",
		Why:    "A room tells whoever enters who is there, and at last of themselves; until then the client does not know whether it is in.",
		Source: "XEP-0045 section 7.1",
	})
	roomRefused = kind(Kind{
		ID: "room-join-refused", Severity: dissect.Remark, Title: "a room does not let somebody in",
		Why:    "The nickname is taken, a password is missing, or the room is for members only or full.",
		Source: "XEP-0045 section 7.2",
	})
	roomRemoved = kind(Kind{
		ID: "room-removed", Severity: dissect.Remark, Title: "somebody was removed from a room",
		Why:    "What is sent to the room afterwards does not arrive.",
		Source: "XEP-0045 section 8.2",
	})
)

var (
	roomJoin   = need("xmpp.muc-x")
	roomStatus = need("xmpp.muc_user_status")
	originID   = need("xmpp.origin-id.id")
)

const (
	maxRooms = 1024 // of a connection
	maxOwn   = 4096 // messages to rooms of a connection
)

// rooms matches what a room answers with who enters, and what it sends to all
// with whoever said it (XEP-0045).
type rooms struct{ a *Analysis }

// visits are the rooms that a client has entered, or wants to.
type visits struct {
	joins map[string]place // by room; those that were answered have no number
	said  map[string]place // own messages by room and id
}

// visitsKey is the key under which they are kept.
type visitsKey struct{}

// visits reports whether the client is in a room, or wants to be.
func (c *Conn) visits(room []byte) bool {
	v, ok := c.kept(visitsKey{}).(*visits)
	if !ok {
		return false
	}
	_, ok = v.joins[nameOf(room)]
	return ok
}

func newVisits() *visits { return &visits{joins: map[string]place{}, said: map[string]place{}} }

// Row implements watcher.
func (w *rooms) Row(r *Row) {
	switch {
	case r.Kind == "presence" && r.Sender == dissect.Client:
		if roomJoin.own(r) != nil {
			w.join(r)
		}
	case r.Kind == "presence":
		if v, ok := r.Session.kept(visitsKey{}).(*visits); ok {
			w.presence(v, r)
		}
	case r.Kind == "message" && (r.Type == "groupchat" || r.Type == "error"):
		w.message(r)
	}
}

func (w *rooms) join(r *Row) {
	v := keep(r.Session, visitsKey{}, newVisits)
	if len(v.joins) >= maxRooms {
		w.a.Evicted["rooms"] += len(v.joins)
		clear(v.joins)
	}
	v.joins[nameOf(bare(r.To))] = r.place()
}

// The status codes of what a room tells (XEP-0045 section 15.6).
const (
	statusSelf   = "110"
	statusBanned = "301"
	statusKicked = "307"
)

// presence looks at what a room says of an occupant.
func (w *rooms) presence(v *visits, r *Row) {
	room := nameOf(bare(r.From))
	p, ok := v.joins[room]
	if !ok {
		return
	}
	switch {
	case r.Type == "error" && p.no != 0:
		r.pair(p)
		delete(v.joins, room)
		r.Note(roomRefused, "the room %.60q does not let the client in: %.60s", room, reason(r))
	case !roomStatus.is(r, statusSelf):
	case r.Type == "unavailable":
		switch {
		case roomStatus.is(r, statusBanned):
			r.Note(roomRemoved, "the client was banned from the room %.60q", room)
		case roomStatus.is(r, statusKicked):
			r.Note(roomRemoved, "the client was kicked out of the room %.60q", room)
		}
	case p.no != 0:
		r.pair(p)
		v.joins[room] = place{}
	}
}

// reason is the condition of an error.
func reason(r *Row) []byte {
	if c := stanzaFailure.text(r); c != nil {
		return c
	}
	return []byte("no reason is given")
}

// message matches what comes back from a room with what was sent to it.
func (w *rooms) message(r *Row) {
	id := originID.ownText(r)
	if id == nil {
		id = r.ID
	}
	if id == nil {
		return
	}
	if r.Sender == dissect.Client {
		if r.Type != "groupchat" {
			return
		}
		v := keep(r.Session, visitsKey{}, newVisits)
		if len(v.said) >= maxOwn {
			w.a.Evicted["messages to rooms"] += len(v.said)
			clear(v.said)
		}
		v.said[nameOf(bare(r.To))+"\x00"+nameOf(id)] = r.place()
		return
	}
	v, ok := r.Session.kept(visitsKey{}).(*visits)
	if !ok {
		return
	}
	key := nameOf(bare(r.From)) + "\x00" + nameOf(id)
	if p, ok := v.said[key]; ok {
		r.pair(p)
		delete(v.said, key)
	}
}

// End implements watcher.
func (w *rooms) End(*Row) {
	end := w.a.latest()
	for _, n := range w.a.numbers() {
		c := w.a.conns[n]
		v, ok := c.kept(visitsKey{}).(*visits)
		if !ok || c.Lost {
			continue
		}
		for _, room := range slices.Sorted(maps.Keys(v.joins)) {
			if p := v.joins[room]; p.no != 0 && min(end, c.Last.time+patience)-p.time >= patience && c.Last.time > p.time {
				w.a.late(roomUnanswered, p, n, "the room %.60q did not say that the client is in it", room)
			}
		}
	}
}
