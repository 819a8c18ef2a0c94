package chat

import (
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"talktrace/dissect"
)

// said is a message that others may speak of.
type said struct {
	line *line // which may have been written
	text string
}

// sightings are the places where the same message was seen.
type sightings struct{ places []place }

type place struct {
	conn    int
	sender  dissect.Sender
	wrapped string
}

// maxPlaces bounds the places at which a message is seen; a room has more
// occupants, but then it has an id.
const maxPlaces = 64

// again reports whether a message has been seen before. One without an id that
// comes to the same place twice has been said twice.
func (w *Writer) again(s *stanza, what string) bool {
	h := fnv.New64a()
	_, _ = h.Write([]byte(what))
	from, to := bare(s.from), bare(s.to)
	switch {
	case s.kind == "groupchat":
		from, to = s.from, ""
	case s.room != "": // who they are is not the same on both sides of the room
		from, to = s.room, ""
	}
	key := s.id + "\x00" + from + "\x00" + to + "\x00" + strconv.FormatUint(h.Sum64(), 36)
	at := place{s.e.Conn.Number, s.e.Sender, s.wrapped}
	seen, known := w.seen.get(key)
	if !known {
		w.seen.put(key, &sightings{[]place{at}})
		return false
	}
	for _, p := range seen.places {
		if p == at && s.id == "" {
			seen.places = append(seen.places[:0], at)
			return false
		}
	}
	if len(seen.places) < maxPlaces {
		seen.places = append(seen.places, at)
	}
	return true
}

// message takes in a message.
func (w *Writer) message(s *stanza) {
	if s = w.unwrap(s); s == nil {
		return
	}
	s.delay(s.n)
	if l := w.byRow[s.e.Sent]; l != nil && s.e.Sent != 0 {
		l.tick = max(l.tick, onServer)
	}
	switch {
	case s.kind == "error":
		w.refused(s)
	case s.kind == "groupchat":
		if s.wrapped == "" && s.outgoing() && s.e.XMLNS != "jabber:server" {
			w.toRoom(s) // which is to send it to all, to this one too
			return
		}
		w.room(bare(s.from))
		w.speech(s, "room "+bare(s.from), resource(s.from), s.from)
	case w.invited(s), w.ticked(s), w.called(s):
	default:
		talk, who, name := s.talk(), bare(s.from), short(s.from, s.to)
		if jid := w.privately(s); jid != "" {
			talk, s.room = "room "+jid+", in private", jid
			if who == jid {
				who, name = s.from, resource(s.from)
			} else if nick := w.room(jid).nicks[s.e.Conn.Number]; nick != "" {
				who, name = jid+"/"+nick, nick
			}
		}
		w.speech(s, talk, name, who)
	}
}

// unwrap returns the message that a copy or an archive holds, where it comes from
// the own account or a room's archive: anybody else may have made it up
// (XEP-0280 section 11, XEP-0313 section 8).
func (w *Writer) unwrap(s *stanza) *stanza {
	result := s.child(s.n, "urn:xmpp:mam:", "result")
	wrapped := "archive"
	if result < 0 {
		wrapped = "carbon"
		if result = s.child(s.n, "urn:xmpp:carbons:", "sent"); result < 0 {
			result = s.child(s.n, "urn:xmpp:carbons:", "received")
		}
	}
	if result < 0 {
		return s
	}
	_, isRoom := w.rooms.get(bare(s.from))
	if s.outgoing() || bare(s.from) != bare(s.own) && (wrapped == "carbon" || !isRoom) {
		return nil
	}
	forwarded := s.child(result, "urn:xmpp:forward:", "forwarded")
	if forwarded < 0 {
		return nil
	}
	m := s.child(forwarded, "", "message")
	if m < 0 {
		return nil
	}
	inner := w.stanza(s.e, s.t, m)
	inner.wrapped = wrapped
	if inner.to == "" {
		inner.to = bare(s.own)
	}
	if wrapped == "archive" {
		inner.delay(forwarded)
	}
	return inner
}

// privately returns the room in which somebody talks to one of its occupants.
func (w *Writer) privately(s *stanza) string {
	for _, jid := range [...]string{s.from, s.to} {
		if _, ok := w.rooms.get(bare(jid)); ok && resource(jid) != "" {
			return bare(jid)
		}
	}
	return ""
}

// speech takes in what somebody says or does in a conversation.
func (w *Writer) speech(s *stanza, talk, name, who string) {
	body, hasBody := s.content("body")
	l := &line{at: s.e.Time, talk: talk, who: who, name: name, row: s.e.No, conn: s.e.Conn.Number, byOwn: s.outgoing()}
	key := who
	if s.kind == "groupchat" {
		key = bare(who) // a room has one space of ids
	}
	t := w.told(s, body, hasBody)
	if t.text == "" {
		w.state(s, l)
		return
	}
	w.typing.put(talk+"\x00"+who, false)
	if w.again(s, t.text) {
		if first, ok := w.said.get(key + "\x00" + s.id); ok && s.id != "" && !s.outgoing() && s.wrapped == "" && !first.line.gone && first.line.byOwn {
			first.line.tick = max(first.line.tick, onServer)
		}
		return
	}
	l.text = clip(t.text, maxText)
	if t.refers != "" {
		l.text += w.referring(s, t, body)
	}
	if s.stamp != 0 {
		l.text += time.Unix(0, s.stamp).In(w.o.Zone).Format(" (sent 2006-01-02 15:04:05)")
	}
	w.add(l, s.from, s.to)
	w.remember(s, key, &said{l, clip(body, maxExcerpt)})
}

// referring returns how a message speaks of an earlier one.
func (w *Writer) referring(s *stanza, t telling, body string) string {
	old := w.find(s, t.refers)
	switch {
	case t.edit && old != nil:
		text := " (edited; before: " + excerpt(old.text) + ")"
		if !w.hidden {
			old.text = clip(body, maxExcerpt)
		}
		return text
	case t.edit:
		return " (edited)"
	case old != nil:
		return " " + excerpt(old.text)
	}
	return " an earlier message"
}

// remember keeps a message under the ids by which it may be spoken of.
func (w *Writer) remember(s *stanza, key string, m *said) {
	if s.id != "" {
		w.said.put(key+"\x00"+s.id, m)
	}
	for c := s.t.Nodes[s.n].Child; c >= 0; c = s.t.Nodes[c].Next {
		if x := &s.t.Nodes[c]; strings.HasPrefix(x.Space, "urn:xmpp:sid:") {
			if id := attr(s.t, c, "id"); id != "" {
				w.said.put(key+"\x00"+id, m)
			}
		}
	}
}

// find returns the message that one of the conversation speaks of.
func (w *Writer) find(s *stanza, id string) *said {
	for _, author := range [...]string{bare(s.from), bare(s.to)} {
		if m, ok := w.said.get(author + "\x00" + id); ok {
			return m
		}
	}
	return nil
}

// state takes in what somebody is doing (XEP-0085, XEP-0022).
func (w *Writer) state(s *stanza, l *line) {
	if s.e.Sent != 0 || s.stamp != 0 || s.wrapped == "archive" {
		return
	}
	key := l.talk + "\x00" + l.who
	composing := s.child(s.n, "http://jabber.org/protocol/chatstates", "composing") >= 0
	if x := s.child(s.n, "jabber:x:event", "x"); x >= 0 && s.child(x, "jabber:x:event", "id") >= 0 {
		composing = s.child(x, "jabber:x:event", "composing") >= 0
	}
	l.row, l.byOwn = 0, false // it gets no ticks
	if composing && !w.again(s, "composing") {
		if on, _ := w.typing.get(key); !on {
			w.typing.put(key, true)
			l.text = " is typing…"
			w.add(l, s.from, s.to)
		}
	}
	if s.child(s.n, "http://jabber.org/protocol/chatstates", "gone") >= 0 && !w.again(s, "gone") {
		l.text = " leaves the conversation"
		w.add(l, s.from, s.to)
	}
}

// toRoom remembers what somebody wants to say in a room, which may refuse it.
func (w *Writer) toRoom(s *stanza) {
	body, _ := s.content("body")
	if body == "" {
		body, _ = s.content("subject")
	}
	if body != "" && s.id != "" {
		w.said.put(bare(s.from)+"\x00"+s.id, &said{&line{gone: true, tick: displayed}, clip(body, maxExcerpt)})
	}
}

// refused tells of a message that was not delivered.
func (w *Writer) refused(s *stanza) {
	why := "error"
	if c := s.t.Find(s.n, s.t.Nodes[s.n].Space, "error"); c >= 0 {
		if cond := s.child(c, "urn:ietf:params:xml:ns:xmpp-stanzas", ""); cond >= 0 {
			why = string(s.t.Local(cond))
		}
	}
	text, _ := s.content("body")
	if m, ok := w.said.get(bare(s.to) + "\x00" + s.id); ok && s.id != "" {
		text = m.text
	}
	if text == "" || w.again(s, why) { // no more than a chat state, or a receipt
		return
	}
	l := &line{at: s.e.Time, talk: s.talk(), who: bare(s.to), name: short(s.to, s.from)}
	if _, ok := w.rooms.get(bare(s.from)); ok {
		l.talk = "room " + bare(s.from)
	}
	l.text = "’s message " + excerpt(text) + " was not delivered: " + why
	w.add(l, s.from, s.to)
}

// invited takes in an invitation to a room, by way of the room or not (XEP-0045
// section 7.8, XEP-0249).
func (w *Writer) invited(s *stanza) bool {
	room, by, whom := "", bare(s.from), bare(s.to)
	if x := s.child(s.n, "http://jabber.org/protocol/muc#user", "x"); x >= 0 {
		i := s.child(x, "http://jabber.org/protocol/muc#user", "invite")
		if i < 0 {
			return false
		}
		if to := attr(s.t, i, "to"); to != "" {
			room, whom = bare(s.to), bare(to)
		} else {
			room, by = bare(s.from), bare(attr(s.t, i, "from"))
		}
	} else if x := s.child(s.n, "jabber:x:conference", "x"); x >= 0 {
		room = bare(attr(s.t, x, "jid"))
	}
	if room == "" {
		return false
	}
	key := "invitation\x00" + whom + "\x00" + room
	if before, told := w.asked.get(key); !told || before != by && by != room {
		w.asked.put(key, by)
		l := &line{at: s.e.Time, who: by, name: by, text: " invites " + whom + " into the room " + room}
		w.add(l, by, whom, room)
	}
	return true
}
