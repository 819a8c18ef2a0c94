package traffic

import (
	"strconv"
	"strings"
)

const (
	host  = "im.example"
	rooms = "rooms.im.example"
)

// session is one client's, from its first segment to its last.
type session struct {
	connection
	channel  *channel // TLS, once it has begun
	number   int
	spelling spelling // the client's
	account  string   // its bare address
	full     string   // the same with the resource
	managed  bool     // uses XEP-0198
	handled  int      // stanzas from the client since that began
	spaced   bool     // the last that the client sent is white space
	left     int      // stanzas still to come
	begun    bool     // has logged in
	writer   side     // of what is being written
}

func newSession(src *Source, number, stanzas int) *session {
	s := &session{
		connection: newConnection(src, number),
		number:     number,
		spelling:   spellings[number%len(spellings)],
		account:    account(number),
		managed:    number%3 == 0,
		left:       stanzas,
	}
	s.full = s.account + "/" + resource(number)
	return s
}

// account returns the bare address of a client.
func account(number int) string {
	return people[number%len(people)] + strconv.Itoa(number/len(people)) + "@" + host
}

// resource returns what a client calls itself.
func resource(number int) string {
	return programs[number/7%len(programs)] + "." + strconv.Itoa(number*31%9973)
}

// friend returns the full address of someone else that the client knows; all
// know some fifty.
func (s *session) friend() string {
	n := (s.number + 1 + int(s.src.between(0, 50))*17) % s.src.size
	return account(n) + "/" + resource(n)
}

// room returns the address of one of the rooms that the client is in.
func (s *session) room() string {
	return "room-" + strconv.Itoa(s.number%40+s.src.rand.IntN(3)) + "@" + rooms
}

// play is the session's turn: it goes on from a time and says when it will be
// its turn again, unless it is over.
func (s *session) play(at int64) {
	s.now = at
	if !s.begun {
		s.logIn()
		s.begun = true
	} else {
		s.exchange()
	}
	if s.left == 0 {
		s.leave()
		return
	}
	s.src.queue.push(event{at: s.now + s.src.between(100_000, 2_500_000), turn: s})
}

// begin starts what one end writes next.
func (s *session) begin(from side) *markup {
	m := &s.src.text
	m.b, m.spelling, s.writer = m.b[:0], spellings[0], from
	if from == client {
		m.spelling = s.spelling
	}
	return m
}

// unit opens a first-level element and counts it.
func (s *session) unit(m *markup, name string, attributes ...string) {
	s.count(name)
	m.open(name, attributes...)
}

// emptyUnit writes a first-level element without content and counts it.
func (s *session) emptyUnit(m *markup, name string, attributes ...string) {
	s.count(name)
	m.empty(name, attributes...)
}

// count counts a unit by its local name.
func (s *session) count(name string) {
	kind := name[strings.IndexByte(name, ':')+1:]
	s.src.counts[kind]++
	if kind != "message" && kind != "presence" && kind != "iq" {
		return
	}
	s.left--
	if s.writer == client {
		s.handled++
	}
}

// say sends what has been written since begin, after the time it takes to
// think of it.
func (s *session) say() {
	s.wait(s.reaction(s.writer))
	b := s.src.text.b
	if s.channel != nil {
		b = s.channel.seal(s.writer, applicationData, b)
	}
	s.write(s.writer, b)
	s.spaced = s.spaced && s.writer == server
}

// The namespaces that come up in more than one place.
const (
	nsCaps    = "http://jabber.org/protocol/caps"
	nsInfo    = "http://jabber.org/protocol/disco#info"
	nsStates  = "http://jabber.org/protocol/chatstates"
	nsRoster  = "jabber:iq:roster"
	nsSASL    = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsTLS     = "urn:ietf:params:xml:ns:xmpp-tls"
	nsManaged = "urn:xmpp:sm:3"
	nsForward = "urn:xmpp:forward:0"
	nsID      = "urn:xmpp:sid:0"
	nsReceipt = "urn:xmpp:receipts"
	nsArchive = "urn:xmpp:mam:2"
	nsDelay   = "urn:xmpp:delay"
	nsMarkers = "urn:xmpp:chat-markers:0"
)
