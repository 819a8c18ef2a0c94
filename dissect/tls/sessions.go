package tls

import (
	"crypto/sha256"
	"slices"

	"talktrace/dissect"
)

// sessions are the master secrets that two hosts have agreed on, by session id
// or by the hash of a ticket, so that a resumed session can be opened although
// no key log has it.
type sessions struct {
	secrets map[string][]byte
	order   []string // oldest first
}

// maxSessions bounds the sessions of two hosts that are remembered.
const maxSessions = 64

func (s *sessions) remember(name string, master []byte) {
	if _, known := s.secrets[name]; !known {
		if len(s.order) >= maxSessions {
			delete(s.secrets, s.order[0])
			s.order = slices.Delete(s.order, 0, 1)
		}
		s.order = append(s.order, name)
	}
	s.secrets[name] = master
}

// sessions returns those of the connection's two hosts.
func (l *Layer) sessions(c *dissect.Context) *sessions {
	key := "tls " + c.Conn.Addr[dissect.Client].Addr().String() + " " + c.Conn.Addr[dissect.Server].Addr().String()
	return c.Shared(key, func() any { return &sessions{secrets: make(map[string][]byte)} }).(*sessions)
}

// rememberSession remembers the master secret under the session id that the
// server gave it.
func (l *Layer) rememberSession(c *dissect.Context) {
	if id := l.server.SessionID; len(id) > 0 && l.exchange.master != nil {
		l.sessions(c).remember("id "+string(id), l.exchange.master)
	}
}

// rememberTicket remembers the master secret under a ticket (RFC 5077).
func (l *Layer) rememberTicket(c *dissect.Context, ticket []byte) {
	if master := l.master(c); master != nil && len(ticket) > 0 {
		l.sessions(c).remember(ticketName(ticket), master)
	}
}

func ticketName(ticket []byte) string {
	sum := sha256.Sum256(ticket)
	return "ticket " + string(sum[:])
}

// resumedMaster returns the master secret of the session that the hellos
// resume, or nil.
func (l *Layer) resumedMaster(c *dissect.Context) []byte {
	known := l.sessions(c)
	if id := l.server.SessionID; len(id) > 0 {
		if master := known.secrets["id "+string(id)]; master != nil {
			return master
		}
	}
	return known.secrets[l.hello.ticket]
}
