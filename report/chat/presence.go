package chat

import (
	"slices"
	"strings"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
)

// presence takes in a presence.
func (w *Writer) presence(s *stanza) {
	s.delay(s.n)
	room := bare(s.from)
	if s.outgoing() {
		room = bare(s.to)
	}
	switch s.kind {
	case "", "unavailable":
		if x := s.child(s.n, "http://jabber.org/protocol/muc", "x"); x >= 0 {
			w.occupant(s, x)
			return
		}
		if _, ok := w.rooms.get(room); ok {
			w.occupant(s, -1)
			return
		}
		w.availability(s)
	case "subscribe", "subscribed", "unsubscribe", "unsubscribed":
		w.subscription(s)
	case "error":
		w.kept(s)
	}
}

var shows = map[string]string{"away": "away", "xa": "away for long", "dnd": "busy", "chat": "free to chat"}

// availability tells how somebody is reached, where that has changed.
func (w *Writer) availability(s *stanza) {
	if resource(s.from) == "" && s.kind == "" {
		return
	}
	status, _ := s.content("status")
	now := "offline"
	if s.kind == "" {
		show, _ := s.content("show")
		if now = shows[strings.TrimSpace(show)]; now == "" {
			now = "online"
		}
	}
	told := now
	if status != "" {
		told += ": “" + status + "”"
	}
	before, known := w.faces.get(s.from)
	if before == told || !known && s.kind != "" {
		return
	}
	w.faces.put(s.from, told)
	if s.kind != "" && !known {
		return
	}
	if strings.HasPrefix(before, "offline") && s.kind != "" {
		return
	}
	l := &line{at: s.e.Time, who: bare(s.from), name: bare(s.from), text: w.where(s.from) + " is " + told}
	w.add(l, s.from)
}

// where names the resource of those who are seen with more than one.
func (w *Writer) where(jid string) string {
	key := "\x00" + bare(jid)
	first, known := w.faces.get(key)
	if !known {
		w.faces.put(key, resource(jid))
		return ""
	}
	if r := resource(jid); r != first && r != "" {
		return " (" + r + ")"
	}
	return ""
}

// left takes in that a client closes its stream: it is gone then, whether it has
// said so or not.
func (w *Writer) left(e *dissect.Event) {
	jid := w.account(e)
	if before, known := w.faces.get(jid); jid != "" && known && !strings.HasPrefix(before, "offline") {
		w.faces.put(jid, "offline")
		w.add(&line{at: e.Time, who: bare(jid), name: bare(jid), text: w.where(jid) + " is offline", row: e.No}, jid)
	}
}

// subscription tells who wants to see whom, once.
func (w *Writer) subscription(s *stanza) {
	key := "wish\x00"
	if strings.HasSuffix(s.kind, "ed") {
		key = "grant\x00"
	}
	key += bare(s.from) + "\x00" + bare(s.to)
	before, _ := w.asked.get(key)
	if before == s.kind || s.outgoing() && s.own == "" && s.e.XMLNS == xmlstream.NSClient {
		return
	}
	w.asked.put(key, s.kind)
	to := bare(s.to)
	texts := map[string]string{
		"subscribe":    " asks to see when " + to + " is online",
		"subscribed":   " lets " + to + " see when they are online",
		"unsubscribe":  " no longer wants to see when " + to + " is online",
		"unsubscribed": " no longer lets " + to + " see when they are online",
	}
	w.add(&line{at: s.e.Time, who: bare(s.from), name: bare(s.from), text: texts[s.kind]}, s.from, s.to)
}

// room is a room that somebody is in.
type room struct {
	inside    map[string]bool // nicknames
	entering  map[int]*entry  // by connection
	nicks     map[int]string  // what clients are called there
	destroyed bool
}

// entry is a client on its way into a room.
type entry struct {
	nick  string
	found []string // who is there already
}

// maxOccupants bounds the occupants of a room that are known.
const maxOccupants = 4096

// room returns what is known of a room.
func (w *Writer) room(jid string) *room {
	if r, ok := w.rooms.get(jid); ok {
		return r
	}
	r := &room{inside: map[string]bool{}, entering: map[int]*entry{}, nicks: map[int]string{}}
	w.rooms.put(jid, r)
	return r
}

// occupant takes in who is in a room, or enters or leaves it; x is the element
// that says so, if any (XEP-0045 section 7).
func (w *Writer) occupant(s *stanza, x int32) {
	if s.outgoing() && s.e.XMLNS != "jabber:server" {
		r := w.room(bare(s.to))
		if len(r.entering) < maxOccupants && s.kind == "" && x >= 0 {
			r.entering[s.e.Conn.Number] = &entry{nick: resource(s.to)}
		}
		return
	}
	r, nick := w.room(bare(s.from)), resource(s.from)
	codes := s.codes(x)
	if x >= 0 && s.child(x, "", "destroy") >= 0 {
		if !r.destroyed {
			r.destroyed = true
			w.inRoom(s, "", "The room is destroyed")
		}
		clear(r.inside)
		return
	}
	if s.kind == "unavailable" {
		w.leaves(s, r, nick, x, codes)
		return
	}
	at := r.entering[s.e.Conn.Number]
	self := at != nil && (slices.Contains(codes, "110") || nick == at.nick)
	if self {
		delete(r.entering, s.e.Conn.Number)
		if len(r.nicks) < maxOccupants {
			r.nicks[s.e.Conn.Number] = nick
		}
	}
	if r.inside[nick] || len(r.inside) >= maxOccupants {
		return
	}
	r.inside[nick], r.destroyed = true, false
	switch {
	case self && len(at.found) > 0:
		w.inRoom(s, nick, " enters the room, where "+list(at.found)+" already")
	case self, at == nil:
		w.inRoom(s, nick, " enters the room")
	default:
		at.found = append(at.found, nick)
	}
}

// list names people that are somewhere.
func list(names []string) string {
	const most = 12
	verb := " are"
	if len(names) == 1 {
		verb = " is"
	}
	if len(names) > most {
		names = append(slices.Clone(names[:most]), "others")
	}
	return strings.Join(names, ", ") + verb
}

// leaves tells how somebody leaves a room, or changes their nickname.
func (w *Writer) leaves(s *stanza, r *room, nick string, x int32, codes []string) {
	if !r.inside[nick] {
		return
	}
	delete(r.inside, nick)
	switch {
	case slices.Contains(codes, "303"):
		now := ""
		if item := s.child(x, "", "item"); item >= 0 {
			now = attr(s.t, item, "nick")
		}
		r.inside[now] = true
		w.inRoom(s, nick, " is now known as "+now)
	case slices.Contains(codes, "307"):
		w.inRoom(s, nick, " is kicked out of the room")
	case slices.Contains(codes, "301"):
		w.inRoom(s, nick, " is banned from the room")
	case slices.Contains(codes, "333"):
		w.inRoom(s, nick, " leaves the room: connection lost")
	default:
		w.inRoom(s, nick, " leaves the room")
	}
}

// codes returns the status codes of an element.
func (s *stanza) codes(x int32) (all []string) {
	if x < 0 {
		return nil
	}
	for c := s.t.Nodes[x].Child; c >= 0; c = s.t.Nodes[c].Next {
		if string(s.t.Local(c)) == "status" {
			all = append(all, attr(s.t, c, "code"))
		}
	}
	return all
}

// inRoom adds a line on a room.
func (w *Writer) inRoom(s *stanza, nick, text string) {
	l := &line{at: s.e.Time, talk: "room " + bare(s.from), who: s.from, name: nick, text: text}
	w.add(l, s.from, s.to)
}

// kept tells that somebody was kept out of a room.
func (w *Writer) kept(s *stanza) {
	r, ok := w.rooms.get(bare(s.from))
	if !ok || s.outgoing() || r.entering[s.e.Conn.Number] == nil {
		return
	}
	delete(r.entering, s.e.Conn.Number)
	why := "error"
	if c := s.child(s.n, "", "error"); c >= 0 {
		if cond := s.child(c, "urn:ietf:params:xml:ns:xmpp-stanzas", ""); cond >= 0 {
			why = string(s.t.Local(cond))
		}
	}
	w.inRoom(s, resource(s.from), " cannot enter the room: "+why)
}
