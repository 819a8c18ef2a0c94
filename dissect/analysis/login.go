package analysis

import (
	"talktrace/dissect"
)

// Phase is a part of a login.
type Phase uint8

// The phases of a login, in their order. Each is the time from a request to its
// answer, but for two: TCP lasts from the SYN to what the client sends upon the
// SYN-ACK, a round trip wherever it was captured, and Presence from the
// beginning of the attempt to the client's first presence.
const (
	TCP Phase = iota
	TLS
	SASL // or what stands for it: XEP-0078, dialback, a component's handshake
	Bind
	SessionRequest // RFC 3921 section 3
	Roster
	FirstPresence
	Phases // how many there are
)

func (p Phase) String() string {
	return [...]string{"tcp", "tls", "sasl", "bind", "session", "roster", "presence"}[p]
}

// Absent is the duration of a phase that there was not, or that was not seen.
const Absent int64 = -1

// Login is an attempt to log in.
type Login struct {
	Conn      *dissect.Conn
	Attempt   int // from 1, on its connection
	Row       int // its first row
	Time      int64
	Kind      string // who logs in: client, server or component
	Account   string // as far as it is known
	Domain    string // that is logged in to
	Mechanism string
	TLS       string // the protocol's name, empty without TLS
	Took      [Phases]int64
	Total     int64 // from the beginning to the point from where stanzas flow; Absent where that was not reached
	OK        bool
	Result    string // in words
}

// loginAttempt is a login under way.
type loginAttempt struct {
	Login
	since [Phases]int64  // when the phase began, 0 for not under way
	ids   [Phases]string // of the request, where it is an iq
	done  bool
}

// loginState is what is known of the logins of a connection.
type loginState struct {
	at    *loginAttempt // nil before the first
	count int
	alert string // the last one that TLS gave
	// opened is set where rows come from inside TLS.
	opened bool
}

func newLoginState() *loginState { return &loginState{} }

// begin makes an attempt.
func (s *loginState) begin(r *Row) *loginAttempt {
	s.count++
	at := &loginAttempt{Login: Login{Conn: r.Conn, Attempt: s.count, Row: r.No, Time: r.Time, Kind: "client", Total: Absent}}
	for p := range at.Took {
		at.Took[p] = Absent
	}
	if opened := r.Conn.Opened; s.count == 1 && opened[0] != 0 {
		at.Time = opened[0]
		if opened[1] != 0 && opened[2] >= opened[0] {
			at.Took[TCP] = opened[2] - opened[0]
			r.Phase, r.Lasted = TCP.String(), at.Took[TCP]
		}
	}
	s.at = at
	return at
}

// start begins a phase.
func (at *loginAttempt) start(p Phase, r *Row) {
	at.since[p], at.ids[p] = r.Time, string(r.ID)
}

// stop ends a phase, if it is under way.
func (at *loginAttempt) stop(p Phase, r *Row) {
	if at.since[p] == 0 {
		return
	}
	at.Took[p] = r.Time - at.since[p]
	at.since[p] = 0
	r.Phase, r.Lasted = p.String(), at.Took[p]
}

// answers reports whether the row answers the request that began a phase.
func (at *loginAttempt) answers(p Phase, r *Row) bool {
	return at.since[p] != 0 && at.ids[p] == string(r.ID)
}

// ready says that stanzas may flow from here on.
func (at *loginAttempt) ready(r *Row, result string) {
	if at.OK {
		return
	}
	at.OK, at.Result, at.Total = true, result, r.Time-at.Time
}
