package traffic

import "strconv"

// ping asks whether the other end is still there (XEP-0199).
func (s *session) ping() {
	asks, asking, asked := client, s.full, host
	if s.src.chance(400) {
		asks, asking, asked = server, host, s.full
	}
	id, m := s.src.id(), s.begin(asks)
	s.unit(m, "iq", "type", "get", "from", asking, "to", asked, "id", id)
	m.empty("ping", "xmlns", "urn:xmpp:ping")
	m.close("iq")
	s.say()
	m = s.begin(1 - asks)
	s.emptyUnit(m, "iq", "type", "result", "from", asked, "to", asking, "id", id)
	s.say()
}

// getInfo asks what someone is capable of (XEP-0030).
func (s *session) getInfo(whom string) {
	id, m := s.src.id(), s.begin(client)
	s.unit(m, "iq", "type", "get", "to", whom, "id", id)
	m.empty("query", "xmlns", nsInfo)
	m.close("iq")
	s.say()

	m = s.begin(server)
	s.unit(m, "iq", "type", "result", "from", whom, "to", s.full, "id", id)
	m.open("query", "xmlns", nsInfo)
	m.empty("identity", "category", "client", "type", "pc", "name", s.src.pick(programs))
	for _, f := range features[s.src.rand.IntN(len(features)/2):] {
		m.empty("feature", "var", f)
	}
	m.close("query")
	m.close("iq")
	s.say()
}

// getCard asks for a vCard (XEP-0054), often with a picture of some kilobytes.
func (s *session) getCard() {
	friend, id, m := s.friend(), s.src.id(), s.begin(client)
	s.unit(m, "iq", "type", "get", "to", friend, "id", id)
	m.empty("vCard", "xmlns", "vcard-temp")
	m.close("iq")
	s.say()

	m = s.begin(server)
	if s.src.chance(200) {
		s.unit(m, "iq", "type", "error", "from", friend, "to", s.full, "id", id)
		m.open("error", "type", "cancel")
		m.empty("item-not-found", "xmlns", "urn:ietf:params:xml:ns:xmpp-stanzas")
		m.close("error")
	} else {
		s.unit(m, "iq", "type", "result", "from", friend, "to", s.full, "id", id)
		m.open("vCard", "xmlns", "vcard-temp")
		m.element("FN", s.src.pick(people))
		m.element("DESC", s.src.sentences())
		m.open("PHOTO")
		m.element("TYPE", "image/jpeg")
		m.element("BINVAL", s.src.base64(int(s.src.between(1000, 6000))))
		m.close("PHOTO")
		m.close("vCard")
	}
	m.close("iq")
	s.say()
}

// readArchive reads a page of what was said before (XEP-0313).
func (s *session) readArchive() {
	id, query, m := s.src.id(), s.src.id(), s.begin(client)
	s.unit(m, "iq", "type", "set", "id", id)
	m.open("query", "xmlns", nsArchive, "queryid", query)
	m.open("set", "xmlns", "http://jabber.org/protocol/rsm")
	m.element("max", "10")
	m.empty("before")
	m.close("set")
	m.close("query")
	m.close("iq")
	s.say()

	m = s.begin(server)
	n := 2 + s.src.rand.IntN(8)
	for range n {
		s.archived(m, query)
	}
	s.unit(m, "iq", "type", "result", "to", s.full, "id", id)
	m.open("fin", "xmlns", nsArchive, "complete", "true")
	m.open("set", "xmlns", "http://jabber.org/protocol/rsm")
	m.element("count", strconv.Itoa(n))
	m.close("set")
	m.close("fin")
	m.close("iq")
	s.say()
}

// archived writes a message out of the archive.
func (s *session) archived(m *markup, query string) {
	s.unit(m, "message", "to", s.full, "from", s.account)
	m.open("result", "xmlns", nsArchive, "queryid", query, "id", s.src.id())
	m.open("forwarded", "xmlns", nsForward)
	m.empty("delay", "xmlns", nsDelay, "stamp", stamp)
	m.open("message", "xmlns", "jabber:client", "from", s.friend(), "to", s.account, "type", "chat", "id", s.src.id())
	m.element("body", s.src.sentences())
	m.close("message")
	m.close("forwarded")
	m.close("result")
	m.close("message")
}
