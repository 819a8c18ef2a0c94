package scrub

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"talktrace/capture"
	"talktrace/reassembly"
)

// maxStreams bounds the bytes of all conversations of a capture, and what those that
// are compressed become. They are held in memory, for a while some five times over.
const maxStreams = 512 << 20

const tooMuch = "the conversations of the capture are longer than can be held in memory; split it first"

// window is how far from where a direction stands a segment may be to count.
const window = 1 << 28

// talk is what the trace knows of a connection.
type talk struct {
	server netip.AddrPort
	layers map[string]bool // the names in the Layers column of its rows
}

// conversation is a TCP connection that has rows.
type conversation struct {
	*talk
	number    int
	addr      [2]netip.AddrPort // by who sent the first frame
	handshake bool
	sides     [2]side
	room      *int // bytes that may still be held, of all conversations

	connects bool // a proxy was asked for a connection, by HTTP, and has not granted it
	files    bool // what goes through the proxy are files
	bits     int  // of the window that WebSocket's messages are compressed with; 0 where nobody says
}

// side is one direction of a conversation.
type side struct {
	base     uint32 // sequence number of position 0
	front    int64  // the furthest position so far
	started  bool
	segments []segment // in the order of their frames
	runs     []run     // in the order of the stream

	cuts      []int64 // where segments begin or end; nil before that is asked for
	parts     []part  // of the runs, that are no XML
	texts     []*text // what is inside of what is said
	run0      int     // the run in which XML begins, if it is there at all
	begin     int     // and where in it
	carried   bool    // all of it is in parts and texts
	zipped    bool    // one of which was found to be compressed
	stretched bool    // what is said has become of another length
}

// segment is what a frame brought of a direction. It may bring nothing, and only
// say what has arrived.
type segment struct {
	frame int
	at    int   // where in the frame
	pos   int64 // in the stream; astray where it is of no place
	ack   int64 // how far the other direction has arrived; astray where that is not said
	data  []byte
	probe bool // a byte that had arrived before, to see whether somebody is there (RFC 9293 section 3.8.4)

	parts []segment // those of a segment in fragments, in the one that holds its header; pos is theirs
}

// astray is the position of a segment that belongs nowhere.
const astray = -1 << 62

// run is bytes of a direction that follow each other, up to a hole or the end.
type run struct {
	pos  int64
	data []byte
	new  []byte // what takes their place; nil where all stay
	open int    // so many of them are readable; what follows is encrypted

	pack  func(new []byte) // puts new where it came from, if it came from inside something
	edits []edit           // what takes their place with another length, until it is put in
	marks []mark           // where that has moved what
	shift int64            // and by how much those of the runs before this one
}

// collector gathers the segments of conversations. It is the assembler's handler,
// and makes of the capture what the trace makes of it.
type collector struct {
	wanted map[int]*talk // the connections to gather
	all    map[int]*conversation
	order  []*conversation
	room   int // bytes that may still be held

	locator reassembly.Locator
	frame   *capture.Frame
	place   place
	pieces  map[int]piece // by their frames
	waiting int           // bytes of these
	found   bool          // the frame has brought a segment
	err     error
}

var _ reassembly.Handler = (*collector)(nil)

// Chunk implements reassembly.Handler.
func (c *collector) Chunk(*reassembly.Conn, reassembly.Chunk) {}

// End implements reassembly.Handler.
func (c *collector) End(*reassembly.Conn, reassembly.Side, reassembly.EndReason, int, int64) {}

// Free implements reassembly.Handler.
func (c *collector) Free(*reassembly.Conn) {}

// collect gathers the streams of the wanted connections of a capture.
func collect(src capture.Source, wanted map[int]*talk) ([]*conversation, error) {
	c := &collector{wanted: wanted, all: make(map[int]*conversation), pieces: make(map[int]piece), room: maxStreams}
	asm := reassembly.New(c, reassembly.Limits{})
	asm.OnSegment(c.segment)
	var f capture.Frame
	for {
		if err := src.Next(&f); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		c.frame, c.place, c.found = &f, locate(&c.locator, &f), false
		if c.place.piece {
			c.keep()
		}
		asm.Frame(&f)
		if c.err != nil {
			return nil, c.err
		}
	}
	asm.Close()
	for _, v := range c.order {
		for i := range v.sides {
			v.sides[i].assemble()
		}
	}
	return c.order, nil
}

// segment takes a TCP segment, which the frame at hand has completed.
func (c *collector) segment(g reassembly.Segment) {
	f, p, rc := c.frame, &c.place, g.Conn
	if c.err != nil || c.wanted[rc.Number] == nil {
		return
	}
	v := c.all[rc.Number]
	if v == nil {
		v = &conversation{talk: c.wanted[rc.Number], number: rc.Number, addr: rc.Addr, room: &c.room}
		c.all[rc.Number] = v
		c.order = append(c.order, v)
	}
	v.handshake = v.handshake || rc.Handshake
	var parts []segment
	var header []byte
	switch {
	case len(g.Frames) > 1:
		header, parts = c.join(g.Frames)
	case p.tcp:
		header = f.Data[p.header:p.payload]
		parts = []segment{{frame: f.Number, at: p.payload, data: slices.Clone(f.Data[p.payload:p.end])}}
	case !c.found: // the capture has cut its header
		return
	}
	if header == nil || c.found {
		c.err = refuse(f.Number, "a TCP segment comes in a way in which it cannot be rewritten; --open writes what was said in plain TCP")
		return
	}
	c.found = true
	from, to := p.ends(f.Data, header)
	switch {
	case from == v.addr[0] && to == v.addr[1]:
		c.take(v, 0, header, parts)
	case from == v.addr[1] && to == v.addr[0]:
		c.take(v, 1, header, parts)
	default:
		c.err = refuse(f.Number, "a TCP segment of other ends than those of its connection cannot be rewritten; --open writes what was said in plain TCP")
	}
}

// take takes a segment of a side in its parts, of which there is one where it has
// come in one packet.
func (c *collector) take(v *conversation, which int, header []byte, parts []segment) {
	v.handshake = v.handshake || header[13]&flagSYN != 0
	s, other, ack := &v.sides[which], &v.sides[1-which], int64(astray)
	if other.started && header[13]&flagACK != 0 {
		ack = other.near(binary.BigEndian.Uint32(header[8:]))
	}
	seq := binary.BigEndian.Uint32(header[4:])
	for i := range parts {
		seg := &parts[i]
		if c.room -= len(seg.data) + 64; c.room < 0 {
			c.err = refuse(seg.frame, tooMuch)
			return
		}
		seg.ack = ack
		s.add(seg, seq, header[13]&flagSYN != 0)
		seq += uint32(len(seg.data))
	}
	if len(parts) > 1 {
		s.segments[len(s.segments)-len(parts)].parts = parts
	}
}

const (
	flagSYN = 2
	flagACK = 16
)

// add takes a segment.
func (s *side) add(g *segment, seq uint32, syn bool) {
	if syn {
		seq++
	}
	if !s.started {
		s.started, s.base, s.front = true, seq, 0
	}
	if g.pos = s.near(seq); g.pos != astray {
		g.probe = len(g.data) == 1 && g.pos+1 == s.front
		s.front = max(s.front, g.pos+int64(len(g.data)))
	}
	s.segments = append(s.segments, *g)
}

// near returns the position of a sequence number, astray where it is far from
// where the direction stands.
func (s *side) near(seq uint32) int64 {
	d := int64(int32(seq - s.base - uint32(s.front)))
	if d < -window || d > window {
		return astray
	}
	return s.front + d
}

// assemble makes runs of the segments. Where two copies of a byte differ, the
// one captured first stands.
func (s *side) assemble() {
	sorted := make([]*segment, 0, len(s.segments))
	for i := range s.segments {
		if s.segments[i].pos != astray && len(s.segments[i].data) > 0 {
			sorted = append(sorted, &s.segments[i])
		}
	}
	slices.SortStableFunc(sorted, func(a, b *segment) int { return cmp.Compare(a.pos, b.pos) })
	for i := 0; i < len(sorted); {
		from, end, j := sorted[i].pos, sorted[i].end(), i+1
		for j < len(sorted) && sorted[j].pos <= end {
			end = max(end, sorted[j].end())
			j++
		}
		s.runs = append(s.runs, run{pos: from, data: make([]byte, end-from)})
		i = j
	}
	for i := len(s.segments) - 1; i >= 0; i-- {
		if g := &s.segments[i]; g.pos != astray && len(g.data) > 0 {
			r := s.run(g.pos)
			copy(r.data[g.pos-r.pos:], g.data)
		}
	}
}

func (g *segment) end() int64 { return g.pos + int64(len(g.data)) }

// run returns the run that holds a position.
func (s *side) run(pos int64) *run {
	i, found := slices.BinarySearchFunc(s.runs, pos, func(r run, pos int64) int { return cmp.Compare(r.pos, pos) })
	if !found {
		i--
	}
	return &s.runs[i]
}

// frame returns the frame that brought the byte at a position.
func (s *side) frame(pos int64) int {
	for i := range s.segments {
		if g := &s.segments[i]; g.pos <= pos && pos < g.end() {
			return g.frame
		}
	}
	return 0
}

// RefusedError says that a capture was not scrubbed, and because of which frame.
type RefusedError struct {
	Frame  int // 0 where it is not about a single one
	Reason string
}

func (e *RefusedError) Error() string {
	if e.Frame == 0 {
		return "not scrubbed: " + e.Reason
	}
	return fmt.Sprintf("not scrubbed, because of frame %d: %s", e.Frame, e.Reason)
}

func refuse(frame int, format string, args ...any) error {
	return &RefusedError{Frame: frame, Reason: fmt.Sprintf(format, args...)}
}
