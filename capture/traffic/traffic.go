// Package traffic makes up what a busy XMPP server's network card sees: a
// capture.Source without a capture, for tests and benchmarks that need more of
// it, or more connections, than anyone wants to keep in a file.
//
// Clients connect to port 5222, log in, get their rosters and then talk until
// their share of stanzas is used up; then they close their streams and
// connections. The server answers in its spelling, each client asks in its
// own. Connections go on at once and are interleaved by time, some segments
// come twice, late or in the wrong order, and yet nothing is lost: whoever
// reassembles the frames finds each unit once, and Counts says how many.
//
// The frames are a function of the Options alone. They are made as they are
// asked for, so memory grows with the connections and not with the stanzas.
package traffic

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"maps"
	"math/rand/v2"
	"strings"

	"talktrace/capture"
)

// Options says how much traffic there is.
type Options struct {
	Stanzas     int    // messages, presences and iqs, of all connections together
	Connections int    // at least 1; fewer than MinStanzas for each is rounded up to that
	AtOnce      int    // connections that go on at a time, the next ones when all of these have ended; 0 is all
	Seed        uint64 // another seed, another conversation
	Orderly     bool   // no segment comes twice, late or in the wrong order

	TLS    uint16    // the cipher suite of TLS 1.3 within which clients talk, by its number; 0 is in the clear
	KeyLog io.Writer // to which the secrets of TLS are written, as an NSS key log; none is written if it is nil
}

// MinStanzas is the number of stanzas below which no session makes sense: what
// it takes to log in, to say something and to leave.
const MinStanzas = 32

// MaxConnections is the number of client addresses that there are.
const MaxConnections = 1 << 24

// epoch is the time of the first frame's second, in nanoseconds since 1970.
const epoch = 1_790_000_000e9

// Source is the made-up capture. It implements capture.Source.
type Source struct {
	rand   *rand.Rand
	queue  queue
	o      Options
	size   int   // connections
	begun  int   // of them
	now    int64 // microseconds since the epoch
	frames int
	counts map[string]int
	failed error // of writing the key log

	text  markup    // of the write being made up
	parts [][]byte  // of the write being sent
	last  *packet   // the one handed out, to be used again
	spare []*packet // for use again
}

var _ capture.Source = (*Source)(nil)

// New returns a source of traffic.
func New(o Options) *Source {
	n := min(max(o.Connections, 1), MaxConnections)
	return &Source{
		rand:   rand.New(rand.NewPCG(o.Seed, 5222)),
		o:      o,
		size:   n,
		counts: make(map[string]int),
	}
}

// begin begins as many sessions as are to go on at a time.
func (s *Source) begin() {
	for n := 0; s.begun < s.size && (n < s.o.AtOnce || s.o.AtOnce <= 0); n++ {
		share := s.o.Stanzas / s.size
		if s.begun < s.o.Stanzas%s.size {
			share++
		}
		s.queue.push(event{at: s.now + s.between(0, 20e6), turn: newSession(s, s.begun, max(share, MinStanzas))})
		s.begun++
	}
}

// Next implements capture.Source. The frame's data is valid until the next call.
func (s *Source) Next(f *capture.Frame) error {
	if s.last != nil {
		s.spare = append(s.spare, s.last)
		s.last = nil
	}
	for {
		if s.failed != nil {
			return s.failed
		}
		if s.queue.len() == 0 {
			if s.begin(); s.queue.len() == 0 {
				return io.EOF
			}
		}
		e := s.queue.pop()
		s.now = e.at
		if e.packet == nil {
			e.turn.play(e.at)
			continue
		}
		s.last = e.packet
		s.frames++
		*f = capture.Frame{
			Number: s.frames, Time: epoch + e.at*1000, Precision: 6,
			Data: e.packet.data, Length: len(e.packet.data), Link: capture.LinkEthernet,
		}
		return nil
	}
}

// Close implements capture.Source; there is nothing to close.
func (s *Source) Close() error { return nil }

// Counts returns how many first-level units of each kind have been made up so
// far, by the kinds of talktrace's rows: "message", "stream", "/stream",
// "keepalive" and so on. The records of TLS are not counted. It is complete once
// Next has returned io.EOF.
func (s *Source) Counts() map[string]int { return maps.Clone(s.counts) }

// packet returns a packet to be filled.
func (s *Source) packet() *packet {
	if n := len(s.spare); n > 0 {
		p := s.spare[n-1]
		s.spare = s.spare[:n-1]
		return p
	}
	return &packet{data: make([]byte, 0, maxPacket)}
}

// between returns a number from low up to, but not including, high.
func (s *Source) between(low, high int64) int64 { return low + s.rand.Int64N(high-low) }

// chance is true so many times in a thousand.
func (s *Source) chance(perMille int) bool { return s.rand.IntN(1000) < perMille }

// pick returns one of the choices.
func (s *Source) pick(from []string) string { return from[s.rand.IntN(len(from))] }

// id returns an identifier as programs make them: a UUID, or something short.
func (s *Source) id() string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:], s.rand.Uint64())
	binary.BigEndian.PutUint64(raw[8:], s.rand.Uint64())
	var b [36]byte
	if s.chance(600) {
		return string(hex.AppendEncode(b[:0], raw[:5]))
	}
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80 // version 4, RFC 9562 section 5.4
	u := hex.AppendEncode(b[:0], raw[:4])
	for i := 4; i < 10; i += 2 {
		u = hex.AppendEncode(append(u, '-'), raw[i:i+2])
	}
	return string(hex.AppendEncode(append(u, '-'), raw[10:]))
}

// base64 returns n characters that look encoded.
func (s *Source) base64(n int) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var b strings.Builder
	for b.Len() < n {
		for r, i := s.rand.Uint64(), 0; i < 10 && b.Len() < n; r, i = r>>6, i+1 {
			b.WriteByte(digits[r&63])
		}
	}
	return b.String()
}
