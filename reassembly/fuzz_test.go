package reassembly

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"talktrace/capture"
)

// links are the link types that FuzzFrame goes through.
var links = []capture.LinkType{
	capture.LinkNull, capture.LinkEthernet, capture.LinkPPP, capture.LinkPPPHDLC, capture.LinkPPPoE,
	capture.LinkRawBSD, capture.LinkRaw, capture.LinkCHDLC, capture.LinkLoop, capture.LinkLinuxSLL,
	capture.LinkIPv6, capture.LinkLinuxSLL2, 999,
}

// checked is a Handler that holds the assembler to its promises whatever the
// frames are.
type checked struct {
	journal
	told   map[*Conn]int64 // bytes and losses together
	ending map[*Conn]int
}

func newChecked(t testing.TB) *checked {
	return &checked{journal: *newJournal(t), told: map[*Conn]int64{}, ending: map[*Conn]int{}}
}

func (c *checked) Chunk(conn *Conn, ch Chunk) {
	c.journal.Chunk(conn, ch)
	c.told[conn] += int64(len(ch.Data)) + ch.Missed
}

// consistent checks that the assembler's lists and sums agree.
func consistent(t testing.TB, a *Assembler) {
	held, waiting := 0, 0
	for k, c := range a.conns {
		held += c.held()
		if c.waiting {
			waiting++
		}
		if c.key() != k || c.waiting != (c.half[0].gap != nil || c.half[1].gap != nil) {
			t.Errorf("connection %d is out of place", c.Number)
		}
		for side := range c.half {
			h := &c.half[side]
			if h.gap == nil {
				continue
			}
			at, bytes := h.next+1, 0
			for _, p := range h.gap.pieces {
				if p.at < at || p.end <= p.at || p.data != nil && p.end-p.at != int64(len(p.data)) {
					t.Errorf("connection %d: a piece from %d to %d behind %d", c.Number, p.at, p.end, at)
				}
				at, bytes = p.end, bytes+p.cost()
			}
			if bytes != h.gap.bytes {
				t.Errorf("connection %d holds %d bytes, not %d", c.Number, bytes, h.gap.bytes)
			}
		}
	}
	if held != a.buffered || waiting != a.waiting.len || a.open.len+a.closed.len != len(a.conns) {
		t.Errorf("%d bytes are held, not %d; %d wait, not %d; %d of %d connections are listed",
			held, a.buffered, waiting, a.waiting.len, a.open.len+a.closed.len, len(a.conns))
	}
	if a.sweeping != nil && !a.sweeping.waiting {
		t.Error("the sweep is at a connection that does not wait")
	}
}

// whole checks, when all is over, that every connection was ended and freed,
// and that nothing is left.
func (c *checked) whole(t testing.TB, a *Assembler) {
	s := a.Stats()
	if len(c.freed) != s.Connections {
		t.Errorf("%d connections, %d freed", s.Connections, len(c.freed))
	}
	if a.buffered != 0 || len(a.conns) != 0 || a.waiting.len+a.open.len+a.closed.len != 0 || a.fragments.bytes != 0 {
		t.Errorf("something is left: %d bytes, %d connections, %d waiting, %d bytes of fragments",
			a.buffered, len(a.conns), a.waiting.len, a.fragments.bytes)
	}
	told := int64(0)
	for _, n := range c.told {
		told += n
	}
	if told < s.Missed {
		t.Errorf("%d bytes told, %d missed", told, s.Missed)
	}
}

// FuzzFrame takes any bytes on any link type. The input is a byte that chooses
// the link type, then frames, each behind its length in two bytes.
func FuzzFrame(f *testing.F) {
	framed := func(link byte, frames ...[]byte) []byte {
		b := []byte{link}
		for _, f := range frames {
			b = binary.BigEndian.AppendUint16(b, uint16(len(f)))
			b = append(b, f...)
		}
		return b
	}
	f.Add(framed(6, hello4(), hello4()))
	f.Add(framed(6, hello6("00", "2b00 000000000000 3c00 000000000000 0601 000000000000 0000000000000000")))
	f.Add(framed(6, piece4(long(100), 1, 48, 72), piece4(long(100), 1, 0, 48)))
	f.Add(framed(1, join(macs+"8100 0064 8847 00010140", hello4())))
	f.Add(framed(1, join(macs+"8864 1100 0001 002f 0021", hello4())))
	f.Add(framed(6, inIPv4(47, join("1000 22eb 00000001 2001 0001 00000000 0000 0001 0000000000000000"+macs+"0800", hello4()))))
	f.Add(framed(6, inUDP(2152, join("34ff 003d 00000001 0000 00 85 010000c0 0200000000000000", hello4()))))
	f.Add(framed(6, inUDP(4789, join("08000000 00000100"+macs+"0800", hello4()))))
	f.Add(framed(2, join("ff03 0281 00010140", hello4())))
	f.Fuzz(func(t *testing.T, input []byte) {
		if len(input) == 0 {
			return
		}
		c := newChecked(t)
		a := New(c, Limits{Connections: 3, ConnBuffered: 500, TotalBuffered: 800})
		a.history = smallHistory()
		a.OnUDP(func(_ *capture.Frame, _, _ netip.AddrPort, _ []byte) {})
		link := links[int(input[0])%len(links)]
		input = input[1:]
		for n := 1; len(input) > 2; n++ {
			size := min(int(binary.BigEndian.Uint16(input)), len(input)-2)
			frame := bytes.Clone(input[2 : 2+size])
			a.Frame(&capture.Frame{Number: n, Time: int64(n) * 1e7, Data: frame, Length: size + int(input[0]>>6), Link: link})
			clear(frame)
			consistent(t, a)
			input = input[2+size:]
		}
		a.Close()
		c.whole(t, a)
	})
}

// FuzzSegments takes segments between two endpoints, eight bytes each: side
// and ports, flags, where in the stream, how the acknowledgement moves, size,
// cut, wait and what the bytes are.
func FuzzSegments(f *testing.F) {
	f.Add([]byte("\x00\x02\x00\x00\x00\x00\x00\x00\x01\x12\x00\x00\x00\x00\x00\x00\x00\x10\x01\x00\x05\x00\x00a"))
	f.Add([]byte(strings.Repeat("\x00\x10\x08\x00\x05\x00\x00a\x01\x10\x00\x10\x00\x00\x05a", 8)))
	f.Add([]byte("\x00\x10\x00\x00\x05\x02\x00a\x00\x10\xff\x00\x09\x00\x00b\x01\x14\x00\x00\x00\x00\x00\x00\x00\x11\x20\x00\x05\x00\xffc"))
	f.Fuzz(func(t *testing.T, input []byte) {
		first := playSegments(t, input)
		if playSegments(t, input) != first {
			t.Error("the same segments gave something else")
		}
	})
}

func playSegments(t *testing.T, input []byte) string {
	c := newChecked(t)
	a := New(c, Limits{Connections: 2, ConnBuffered: 700, TotalBuffered: 900})
	a.history = smallHistory()
	now := int64(0)
	base := [2]uint32{1<<32 - 50, 7}
	for n := 1; len(input) >= 8; n++ {
		in := input[:8]
		input = input[8:]
		side := int(in[0] & 1)
		far := func(b byte) uint32 { // mostly near, sometimes anywhere
			if b&0xc0 == 0xc0 {
				return uint32(b) << 24
			}
			return uint32(b)
		}
		seq, ack := base[side]+far(in[2])-4, base[1-side]+far(in[3])-4
		now += int64(in[6]) * int64(in[6]) * 1e6
		frame := segmentFrame(nil, n, uint16(in[0]>>6), side == 1, in[1], seq, ack, bytes.Repeat(in[7:], int(in[4]&0x3f)))
		frame.Time = now
		cut := int(in[5] & 0x1f)
		binary.BigEndian.PutUint16(frame.Data[2:], uint16(len(frame.Data)+cut))
		frame.Length += cut
		if in[0]&2 != 0 { // the stream goes on from here
			base[side] = seq + uint32(in[4]&0x3f)
		}
		a.Frame(frame)
		clear(frame.Data)
		consistent(t, a)
		if a.buffered > 900 {
			t.Fatalf("%d bytes are held", a.buffered)
		}
	}
	a.Close()
	c.whole(t, a)
	return strings.Join(c.lines, "\n")
}
