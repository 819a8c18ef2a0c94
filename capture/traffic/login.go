package traffic

import "strconv"

// logIn opens the connection and the streams, authenticates, and does what
// clients do first. It takes fewer than MinStanzas stanzas.
func (s *session) logIn() {
	s.open()
	if s.src.o.TLS != 0 {
		s.secure()
	}
	s.header(func(m *markup) {
		m.open("mechanisms", "xmlns", nsSASL)
		m.element("mechanism", "SCRAM-SHA-1")
		m.element("mechanism", "PLAIN")
		m.close("mechanisms")
		m.empty("register", "xmlns", "http://jabber.org/features/iq-register")
	})
	s.authenticate()
	s.header(func(m *markup) {
		m.empty("bind", "xmlns", "urn:ietf:params:xml:ns:xmpp-bind")
		m.empty("sm", "xmlns", nsManaged)
		m.empty("c", "xmlns", nsCaps, "hash", "sha-1", "node", "https://im.example/server", "ver", "PbWf2b9fbRLKhSvYYJ3HTBr5Xqc=")
		m.empty("ver", "xmlns", "urn:xmpp:features:rosterver")
		m.empty("csi", "xmlns", "urn:xmpp:csi:0")
	})
	s.bind()
	if s.managed {
		s.manage()
	}
	s.getRoster()
	s.getInfo(host)
	s.getCarbons()
	s.appear()
	s.presences(8)
}

// header exchanges stream headers, the server's with its features in the same
// write.
func (s *session) header(features func(*markup)) {
	m := s.begin(client)
	if s.number%2 == 0 {
		m.text("<?xml version='1.0'?>")
	}
	s.unit(m, "stream:stream", "to", host, "version", "1.0", "xml:lang", "en",
		"xmlns", "jabber:client", "xmlns:stream", "http://etherx.jabber.org/streams")
	s.say()

	m = s.begin(server)
	m.text("<?xml version='1.0'?>")
	s.unit(m, "stream:stream", "xmlns", "jabber:client", "xmlns:stream", "http://etherx.jabber.org/streams",
		"id", s.src.id(), "from", host, "version", "1.0", "xml:lang", "en")
	s.unit(m, "stream:features")
	features(m)
	m.close("stream:features")
	s.say()
}

// authenticate plays SASL (RFC 6120 section 6): SCRAM-SHA-1 or PLAIN, with
// payloads of the right size that hold nothing.
func (s *session) authenticate() {
	if s.number%4 == 0 {
		s.step(client, "auth", s.src.base64(28), "mechanism", "PLAIN", "xmlns", nsSASL)
		s.step(server, "success", "", "xmlns", nsSASL)
		return
	}
	s.step(client, "auth", s.src.base64(44), "mechanism", "SCRAM-SHA-1", "xmlns", nsSASL)
	s.step(server, "challenge", s.src.base64(128), "xmlns", nsSASL)
	s.step(client, "response", s.src.base64(136), "xmlns", nsSASL)
	s.step(server, "success", s.src.base64(40), "xmlns", nsSASL)
}

// step sends an element that holds no more than text.
func (s *session) step(from side, name, text string, attributes ...string) {
	m := s.begin(from)
	s.unit(m, name, attributes...)
	m.text(text)
	m.close(name)
	s.say()
}

func (s *session) bind() {
	id, m := s.src.id(), s.begin(client)
	s.unit(m, "iq", "type", "set", "id", id)
	m.open("bind", "xmlns", "urn:ietf:params:xml:ns:xmpp-bind")
	m.element("resource", resource(s.number))
	m.close("bind")
	m.close("iq")
	s.say()

	m = s.begin(server)
	s.unit(m, "iq", "type", "result", "id", id)
	m.open("bind", "xmlns", "urn:ietf:params:xml:ns:xmpp-bind")
	m.element("jid", s.full)
	m.close("bind")
	m.close("iq")
	s.say()
}

// manage turns stream management on (XEP-0198).
func (s *session) manage() {
	m := s.begin(client)
	s.handled = 0
	s.emptyUnit(m, "enable", "xmlns", nsManaged, "resume", "true")
	s.say()
	m = s.begin(server)
	s.emptyUnit(m, "enabled", "xmlns", nsManaged, "id", s.src.base64(24), "resume", "true", "max", "600")
	s.say()
}

func (s *session) getRoster() {
	id, m := s.src.id(), s.begin(client)
	s.unit(m, "iq", "type", "get", "id", id)
	m.empty("query", "xmlns", nsRoster, "ver", "0")
	m.close("iq")
	s.say()

	m = s.begin(server)
	s.unit(m, "iq", "type", "result", "id", id, "to", s.full)
	m.open("query", "xmlns", nsRoster, "ver", strconv.Itoa(s.number))
	for i := range s.src.between(4, 40) {
		n := (s.number + 1 + int(i)*17) % s.src.size
		m.open("item", "jid", account(n), "name", people[n%len(people)], "subscription", "both")
		if i%3 == 0 {
			m.element("group", groups[n%len(groups)])
		}
		m.close("item")
	}
	m.close("query")
	m.close("iq")
	s.say()
}

// getCarbons turns message carbons on (XEP-0280).
func (s *session) getCarbons() {
	id, m := s.src.id(), s.begin(client)
	s.unit(m, "iq", "type", "set", "id", id)
	m.empty("enable", "xmlns", "urn:xmpp:carbons:2")
	m.close("iq")
	s.say()
	m = s.begin(server)
	s.emptyUnit(m, "iq", "type", "result", "id", id, "from", s.account, "to", s.full)
	s.say()
}

// leave closes the streams and the connection.
func (s *session) leave() {
	for _, from := range [...]side{client, server} {
		m := s.begin(from)
		s.count("/stream")
		m.close("stream:stream")
		s.say()
	}
	if s.channel != nil {
		for _, from := range [...]side{client, server} {
			s.utter(from, s.channel.seal(from, alert, []byte{1, 0})) // close_notify
		}
	}
	s.close()
}
