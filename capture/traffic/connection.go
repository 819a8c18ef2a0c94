package traffic

// side is an end of a connection.
type side uint8

const (
	client side = iota
	server
)

// All times are in microseconds.
const (
	ackDelay   = 40_000  // after which a segment is acknowledged even if it stays the only one
	ackEvery   = 2       // segments that are acknowledged without delay
	wireTime   = 12      // between two segments of one write
	resendTime = 220_000 // after which a segment that nobody acknowledges is sent again
)

// endpoint is one end's state of a connection.
type endpoint struct {
	addr    [4]byte
	port    uint16
	card    byte // last byte of the hardware address
	hops    byte // left of the packets' time to live
	window  uint16
	packets uint16 // sent so far, the IPv4 identification
	next    uint32 // sequence number of the next byte it sends
	due     uint32 // sequence number of the next byte it expects
	owed    int    // segments that it has received and not acknowledged
	clock   uint32 // its timestamp at the epoch, in milliseconds
	heard   uint32 // the last timestamp that it has received
}

// connection is a TCP connection as the server's network card sees it.
type connection struct {
	src  *Source
	now  int64 // how far it has come
	rtt  int64 // from here to the client and back
	ends [2]endpoint
}

// newConnection returns the connection of client number n, not yet open.
func newConnection(src *Source, n int) connection {
	return connection{
		src: src,
		rtt: src.between(8_000, 120_000),
		ends: [2]endpoint{
			client: {
				addr: [4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}, port: uint16(src.between(32768, 61000)),
				card: 1, hops: byte(src.between(44, 60)), window: 501,
				next: src.rand.Uint32(), clock: src.rand.Uint32(),
			},
			server: {
				addr: [4]byte{192, 0, 2, 22}, port: 5222,
				card: 2, hops: 64, window: 509, next: src.rand.Uint32(), clock: 0x5e44e4,
			},
		},
	}
}

// emit lets a segment pass at a time. Where it carries an acknowledgement, the
// sender owes none any more.
func (c *connection) emit(from side, at int64, flags byte, seq uint32, payload []byte) {
	e, o := &c.ends[from], &c.ends[1-from]
	s := segment{
		from: e, to: o, flags: flags, seq: seq,
		time: e.clock + uint32(at/1000), heard: e.heard, payload: payload,
	}
	if flags&ack != 0 {
		s.ack, e.owed = e.due, 0
	}
	p := c.src.packet()
	p.fill(&s)
	o.heard = s.time
	c.src.queue.push(event{at: at, packet: p})
}

// open is the handshake.
func (c *connection) open() {
	cl, sv := &c.ends[client], &c.ends[server]
	c.emit(client, c.now, syn, cl.next, nil)
	cl.next++
	sv.due = cl.next
	c.now += 50
	c.emit(server, c.now, syn|ack, sv.next, nil)
	sv.next++
	cl.due = sv.next
	c.now += c.rtt
	c.emit(client, c.now, ack, cl.next, nil)
}

// close lets both ends close, the client first.
func (c *connection) close() {
	for _, from := range [...]side{client, server} {
		c.wait(c.reaction(from))
		c.emit(from, c.now, fin|ack, c.ends[from].next, nil)
		c.ends[from].next++
		c.ends[1-from].due = c.ends[from].next
	}
	c.now += c.rtt
	c.emit(client, c.now, ack, c.ends[client].next, nil)
}

// reaction is the time after which an end can answer what it has got.
func (c *connection) reaction(of side) int64 {
	if of == server {
		return c.src.between(200, 3000)
	}
	return c.rtt + c.src.between(300, 9000)
}

// wait lets time pass. Acknowledgements that are due in the meantime are sent.
func (c *connection) wait(d int64) {
	for s := range side(2) {
		delay := int64(ackDelay)
		if s == client {
			delay += c.rtt
		}
		if c.ends[s].owed > 0 && delay < d {
			c.emit(s, c.now+delay, ack, c.ends[s].next, nil)
		}
	}
	c.now += d
}

// write sends bytes from one end to the other: mostly as they should be sent,
// at times with an accident on the way.
func (c *connection) write(from side, b []byte) {
	switch {
	case !c.src.chance(4) || c.src.o.Orderly:
		c.send(from, c.cut(b, c.src.chance(15)))
	case from == server:
		c.sendTwice(c.cut(b, false))
	default:
		c.sendLate(c.cut(b, true))
	}
}

// cut divides bytes into segments. If apart is set there are two or more, cut
// anywhere; it takes more than one byte then.
func (c *connection) cut(b []byte, apart bool) [][]byte {
	parts := c.src.parts[:0]
	if apart && len(b) > 1 {
		n := int(c.src.between(1, int64(min(len(b), mss))))
		parts, b = append(parts, b[:n]), b[n:]
	}
	for len(b) > mss {
		parts, b = append(parts, b[:mss]), b[mss:]
	}
	parts = append(parts, b)
	c.src.parts = parts
	return parts
}

// send sends segments in order. The receiver acknowledges each second one at
// once.
func (c *connection) send(from side, parts [][]byte) {
	to, last := &c.ends[1-from], c.now
	for i, b := range parts {
		flags := byte(ack)
		if i == len(parts)-1 {
			flags |= psh
		}
		c.emit(from, c.now, flags, c.ends[from].next, b)
		c.ends[from].next += uint32(len(b))
		to.due = c.ends[from].next
		to.owed++
		if to.owed >= ackEvery {
			last = c.acknowledge(1 - from)
		}
		c.now += wireTime
	}
	c.now = max(c.now, last)
}

// acknowledge lets an end acknowledge what it has received by now, and returns
// when that passes the server's card.
func (c *connection) acknowledge(who side) int64 {
	at := c.now + 30
	if who == client {
		at = c.now + c.rtt
	}
	c.emit(who, at, ack, c.ends[who].next, nil)
	return at
}

// sendTwice sends segments from the server of which the client does not get
// the last, so that it is sent again.
func (c *connection) sendTwice(parts [][]byte) {
	sv, last := &c.ends[server], parts[len(parts)-1]
	c.send(server, parts[:len(parts)-1])
	for range 2 {
		c.emit(server, c.now, psh|ack, sv.next, last)
		c.now += resendTime
	}
	sv.next += uint32(len(last))
	c.ends[client].due = sv.next
	c.now = c.acknowledge(client)
}

// sendLate sends segments from the client of which the first comes last:
// because it took another way, or because it was lost and is sent again.
func (c *connection) sendLate(parts [][]byte) {
	cl, sv := &c.ends[client], &c.ends[server]
	first, seq := parts[0], cl.next
	cl.next += uint32(len(first))
	for _, b := range parts[1:] {
		c.emit(client, c.now, psh|ack, cl.next, b)
		cl.next += uint32(len(b))
		c.now = c.acknowledge(server) // still of what came before the hole
	}
	if c.src.chance(500) {
		c.now += c.rtt
	}
	c.emit(client, c.now, ack, seq, first)
	sv.due = cl.next
	c.now = c.acknowledge(server)
}
