package traffic

import "strconv"

// mostInExchange is the number of stanzas that no exchange exceeds.
const mostInExchange = 12

// exchanges are what goes on once a session has begun, and how often it does,
// in shares of their sum.
var exchanges = [...]struct {
	share int
	play  func(*session)
}{
	{240, (*session).chat},
	{200, (*session).chatted},
	{120, (*session).typing},
	{160, (*session).crowd},
	{110, func(s *session) { s.presences(4) }},
	{20, (*session).appear},
	{45, (*session).ping},
	{12, func(s *session) { s.getInfo(s.friend()) }},
	{7, (*session).getCard},
	{14, (*session).readArchive},
	{30, (*session).carbon},
	{20, (*session).event},
	{15, (*session).keepAlive},
}

// exchange plays one of the exchanges. Near the end there is only room for the
// shortest of them, and then for a farewell.
func (s *session) exchange() {
	switch {
	case s.left == 1:
		m := s.begin(client)
		s.emptyUnit(m, "presence", "type", "unavailable")
		s.say()
	case s.left <= mostInExchange:
		s.typing()
	default:
		s.choose()
	}
}

func (s *session) choose() {
	total := 0
	for _, e := range exchanges {
		total += e.share
	}
	n := s.src.rand.IntN(total)
	for _, e := range exchanges {
		if n -= e.share; n < 0 {
			e.play(s)
			return
		}
	}
}

// chat is a message from the client, at times with a request for an
// acknowledgement behind it in the same write.
func (s *session) chat() {
	id, m := s.src.id(), s.begin(client)
	s.unit(m, "message", "to", s.friend(), "type", "chat", "id", id)
	m.element("body", s.src.sentences())
	m.empty("active", "xmlns", nsStates)
	m.empty("request", "xmlns", nsReceipt)
	m.empty("markable", "xmlns", nsMarkers)
	m.empty("origin-id", "xmlns", nsID, "id", id)
	m.close("message")
	if !s.managed || !s.src.chance(150) {
		s.say()
		return
	}
	s.emptyUnit(m, "r", "xmlns", nsManaged)
	s.say()
	m = s.begin(server)
	s.emptyUnit(m, "a", "xmlns", nsManaged, "h", strconv.Itoa(s.handled))
	s.say()
}

// chatted is a message or two to the client, which says that they have come.
func (s *session) chatted() {
	friend, m := s.friend(), s.begin(server)
	ids := [2]string{s.src.id(), s.src.id()}
	n := 1 + int(s.src.between(0, 2))
	for _, id := range ids[:n] {
		s.received(m, friend, id, s.src.sentences())
	}
	s.say()
	if s.src.chance(500) {
		return
	}
	m = s.begin(client)
	for _, id := range ids[:n] {
		s.unit(m, "message", "to", friend, "type", "chat", "id", s.src.id())
		m.empty("received", "xmlns", nsReceipt, "id", id)
		m.empty("store", "xmlns", "urn:xmpp:hints")
		m.close("message")
	}
	s.say()
}

// received writes a chat message as the server passes it on.
func (s *session) received(m *markup, from, id, body string) {
	s.unit(m, "message", "xml:lang", "en", "from", from, "to", s.full, "type", "chat", "id", id)
	m.element("body", body)
	m.empty("active", "xmlns", nsStates)
	m.empty("request", "xmlns", nsReceipt)
	m.empty("origin-id", "xmlns", nsID, "id", id)
	m.empty("stanza-id", "xmlns", nsID, "by", s.account, "id", s.src.id())
	m.close("message")
}

// typing is a chat state (XEP-0085), from either end.
func (s *session) typing() {
	from, sender, recipient := client, "", s.friend()
	if s.src.chance(500) {
		from, sender, recipient = server, recipient, s.full
	}
	m := s.begin(from)
	s.unit(m, "message", "from", sender, "to", recipient, "type", "chat", "id", s.src.id())
	m.empty(s.src.pick(states), "xmlns", nsStates)
	m.empty("no-store", "xmlns", "urn:xmpp:hints")
	m.close("message")
	s.say()
}

// crowd is what is said in a room: now and then by the client, mostly by
// others.
func (s *session) crowd() {
	room := s.room()
	if s.src.chance(200) {
		id, m := s.src.id(), s.begin(client)
		s.unit(m, "message", "to", room, "type", "groupchat", "id", id)
		m.element("body", s.src.sentences())
		m.empty("origin-id", "xmlns", nsID, "id", id)
		m.close("message")
		s.say()
	}
	m := s.begin(server)
	for range 1 + s.src.between(0, 5) {
		id := s.src.id()
		s.unit(m, "message", "from", room+"/"+s.src.pick(people), "to", s.full, "type", "groupchat", "id", id)
		m.element("body", s.src.sentences())
		m.empty("stanza-id", "xmlns", nsID, "by", room, "id", s.src.id())
		m.close("message")
	}
	s.say()
}

// presences are up to most presences of others, in one write.
func (s *session) presences(most int64) {
	m := s.begin(server)
	for range 1 + s.src.between(0, most) {
		if s.src.chance(150) {
			s.emptyUnit(m, "presence", "from", s.friend(), "to", s.full, "type", "unavailable")
			continue
		}
		s.unit(m, "presence", "xml:lang", "en", "from", s.friend(), "to", s.full, "id", s.src.id())
		s.availability(m)
		if s.src.chance(200) {
			m.empty("delay", "xmlns", nsDelay, "from", host, "stamp", stamp)
		}
		m.close("presence")
	}
	s.say()
}

// appear is a presence of the client.
func (s *session) appear() {
	m := s.begin(client)
	s.unit(m, "presence", "id", s.src.id())
	s.availability(m)
	m.close("presence")
	s.say()
}

// availability writes what an available presence holds.
func (s *session) availability(m *markup) {
	if s.src.chance(500) {
		m.element("show", s.src.pick(shows))
	}
	if s.src.chance(350) {
		m.element("status", s.src.pick(sayings))
	}
	m.element("priority", strconv.Itoa(s.src.rand.IntN(60)))
	m.empty("c", "xmlns", nsCaps, "hash", "sha-1", "node", s.src.pick(nodes), "ver", s.src.pick(versions))
	m.open("x", "xmlns", "vcard-temp:x:update")
	m.empty("photo")
	m.close("x")
}

// carbon is a copy of a message of another of the user's clients (XEP-0280).
func (s *session) carbon() {
	m, id := s.begin(server), s.src.id()
	s.unit(m, "message", "from", s.account, "to", s.full, "type", "chat")
	m.open("sent", "xmlns", "urn:xmpp:carbons:2")
	m.open("forwarded", "xmlns", nsForward)
	m.open("message", "xmlns", "jabber:client", "from", s.account+"/other", "to", s.friend(), "type", "chat", "id", id)
	m.element("body", s.src.sentences())
	m.empty("active", "xmlns", nsStates)
	m.close("message")
	m.close("forwarded")
	m.close("sent")
	m.close("message")
	s.say()
}

// event is a notification of what a friend is listening to (XEP-0118).
func (s *session) event() {
	m := s.begin(server)
	s.unit(m, "message", "from", s.friend(), "to", s.full, "type", "headline", "id", s.src.id())
	m.open("event", "xmlns", "http://jabber.org/protocol/pubsub#event")
	m.open("items", "node", "http://jabber.org/protocol/tune")
	m.open("item", "id", "current")
	m.open("tune", "xmlns", "http://jabber.org/protocol/tune")
	m.element("artist", s.src.pick(people))
	m.element("title", s.src.pick(sayings))
	m.element("length", strconv.Itoa(120+s.src.rand.IntN(400)))
	m.close("tune")
	m.close("item")
	m.close("items")
	m.close("event")
	m.close("message")
	s.say()
}

// keepAlive is a space. Two in a row would be one run of white space.
func (s *session) keepAlive() {
	if s.spaced {
		return
	}
	s.count("keepalive")
	s.begin(client).text(" ")
	s.say()
	s.spaced = true
}
