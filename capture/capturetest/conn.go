package capturetest

import (
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// Side is an end of a connection.
type Side int

// The two ends.
const (
	Client Side = iota
	Server
)

// DefaultMSS is how many bytes a segment may hold where nobody says otherwise.
const DefaultMSS = 1400

// Conn is a TCP connection of a Capture. Whatever was sent, captured or not,
// has arrived by the time the other side sends next, and is acknowledged then;
// what is held back has not.
type Conn struct {
	MSS int // longer payloads are cut into segments of this size

	capture *Capture
	addr    [2]netip.AddrPort
	next    [2]uint32 // sequence number of the next byte
	last    [2]segment
	held    []segment
}

// segment is a TCP segment as its sender made it.
type segment struct {
	from  Side
	seq   uint32
	data  string
	flags flags
}

// flags are those of a segment that it does not have by default.
type flags struct{ syn, fin, rst, noACK bool }

// Connect returns a connection between two addresses, of which no frame has
// been captured yet: as it is, it is one whose beginning was missed. Malformed
// addresses make the capture fail.
func (c *Capture) Connect(client, server string) *Conn {
	conn := &Conn{capture: c, MSS: DefaultMSS, next: [2]uint32{1000, 5000}}
	for i, text := range [...]string{client, server} {
		addr, err := netip.ParseAddrPort(text)
		if err != nil && c.err == nil {
			c.err = err
		}
		conn.addr[i] = addr
	}
	return conn
}

// Sequence sets the sequence number of the next byte of a side.
func (c *Conn) Sequence(from Side, seq uint32) { c.next[from] = seq }

// Open appends the handshake: three frames.
func (c *Conn) Open() {
	c.emit(segment{from: Client, seq: c.next[Client], flags: flags{syn: true, noACK: true}})
	c.next[Client]++
	c.emit(segment{from: Server, seq: c.next[Server], flags: flags{syn: true}})
	c.next[Server]++
	c.Ack(Client)
}

// Send appends data in one segment, or in as many as it needs.
func (c *Conn) Send(from Side, data string) {
	for _, s := range c.take(from, data) {
		c.emit(s)
	}
}

// Lose sends data that the capture missed.
func (c *Conn) Lose(from Side, data string) { c.take(from, data) }

// Hold sends data that is captured later, with Release.
func (c *Conn) Hold(from Side, data string) { c.held = append(c.held, c.take(from, data)...) }

// Release appends the segments that were held back, in the order in which they
// were sent.
func (c *Conn) Release() {
	held := c.held
	c.held = nil
	for _, s := range held {
		c.emit(s)
	}
}

// Again appends the last segment of a side once more.
func (c *Conn) Again(from Side) { c.emit(c.last[from]) }

// Back appends a segment that begins so many bytes before the next one due, as
// retransmissions with other borders do. It may bring new bytes at its end.
func (c *Conn) Back(from Side, n int, data string) {
	seq := c.next[from] - uint32(n)
	if fresh := len(data) - n; fresh > 0 {
		c.next[from] += uint32(fresh)
	}
	c.emit(segment{from: from, seq: seq, data: data})
}

// Ack appends a segment without data.
func (c *Conn) Ack(from Side) { c.emit(segment{from: from, seq: c.next[from]}) }

// Close appends a FIN.
func (c *Conn) Close(from Side) {
	c.emit(segment{from: from, seq: c.next[from], flags: flags{fin: true}})
	c.next[from]++
}

// Reset appends a RST.
func (c *Conn) Reset(from Side) {
	c.emit(segment{from: from, seq: c.next[from], flags: flags{rst: true}})
}

// take cuts data into segments and counts them as sent.
func (c *Conn) take(from Side, data string) []segment {
	var all []segment
	for len(data) > 0 {
		n := min(len(data), max(c.MSS, 1))
		s := segment{from: from, seq: c.next[from], data: data[:n]}
		c.next[from] += uint32(n)
		c.last[from] = s
		all = append(all, s)
		data = data[n:]
	}
	return all
}

// arrived returns what a side acknowledges: everything up to the first byte
// that is still held back.
func (c *Conn) arrived(at Side) uint32 {
	for _, s := range c.held {
		if s.from != at {
			return s.seq
		}
	}
	return c.next[1-at]
}

// emit appends the frame of a segment.
func (c *Conn) emit(s segment) {
	src, dst := c.addr[s.from], c.addr[1-s.from]
	tcp := &layers.TCP{
		SrcPort: layers.TCPPort(src.Port()), DstPort: layers.TCPPort(dst.Port()), Seq: s.seq, Window: 65535,
		SYN: s.flags.syn, FIN: s.flags.fin, RST: s.flags.rst, PSH: len(s.data) > 0,
	}
	if !s.flags.noACK {
		tcp.ACK, tcp.Ack = true, c.arrived(s.from)
	}
	c.capture.packet(src.Addr(), dst.Addr(), layers.IPProtocolTCP, tcp, gopacket.Payload(s.data))
}
