package stanzalog

import (
	"math"
	"net/netip"

	"talktrace/capture"
)

// Said is something that was said on a connection.
type Said struct {
	Conn      int               // which connection
	Addr      [2]netip.AddrPort // of the client and of the server; made up where they are not valid
	Reply     bool              // the server said it
	Time      int64             // nanoseconds since 1970-01-01 UTC
	Precision int               // decimal digits of a second that Time has
	Lost      int64             // bytes that the same side had said before, and that are lost; some 2 GiB at most
	Data      []byte
	Comment   string // of its frames
}

// Composer makes frames of what was said, in the clear and without whatever it
// travelled in, as a Log does of what was logged. The zero value is ready.
type Composer struct {
	sessions map[int]*session
	segments []segment
	packet   []byte
	frames   int
}

// Say calls write for each frame that something is said in, and for those of the
// handshake before the first one of a connection. A frame is valid during the
// call. It returns the first error of write.
func (c *Composer) Say(u *Said, write func(*capture.Frame) error) error {
	e := entry{missing: min(u.Lost, math.MaxInt32), reply: u.Reply, data: u.Data, time: u.Time, digits: u.Precision, addr: u.Addr}
	s := c.sessions[u.Conn]
	if s == nil {
		if c.sessions == nil || len(c.sessions) >= maxSessions {
			c.sessions = make(map[int]*session)
		}
		s = newSession(0, u.Conn+1, &e)
		c.sessions[u.Conn] = s
	}
	c.segments = s.say(c.segments[:0], &e, 0)
	for i := range c.segments {
		c.packet = c.segments[i].append(c.packet[:0])
		c.frames++
		f := capture.Frame{
			Number: c.frames, Time: u.Time, Precision: u.Precision, Data: c.packet, Length: len(c.packet), Link: capture.LinkRaw, Comment: u.Comment,
		}
		if err := write(&f); err != nil {
			return err
		}
	}
	return nil
}
