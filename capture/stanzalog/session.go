package stanzalog

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// The ends of a connection, in the order of their addresses.
const (
	client = iota
	server
)

// The flags of a TCP segment (RFC 9293 section 3.1).
const (
	flagSYN = 0x02
	flagPSH = 0x08
	flagACK = 0x10
)

// longest is what a segment holds at most.
const longest = 60000

// session is a connection that a log tells of.
type session struct {
	addr  [2]netip.AddrPort
	first uint32    // sequence number of the handshake
	next  [2]uint32 // of the next byte
	begun bool      // it has frames
	// announced is set where the log has said that the connection begins.
	announced bool
	entries   int
	turned    bool // what the log calls sent was sent by the one who connected
	// restart is set where the next header of the client is not that of another
	// connection: STARTTLS, SASL and compression begin the stream again.
	restart bool
	torn    [2]bool // of what was said last the log does not have all
}

// segment is a frame to be made.
type segment struct {
	from, to netip.AddrPort
	seq, ack uint32
	flags    byte
	payload  []byte // of the record
	time     int64
	digits   int
	line     int
}

// newSession returns the session that an entry belongs to, of a number among those
// of a log, from 1, and of a log's number. Where a server has
// logged it, and speaks first, it is the one who connected.
func newSession(log, number int, e *entry) *session {
	// Where the log has the addresses they may come again: another connection is
	// told from the one before by where its sequence numbers begin.
	const apart = 0x9e3779b1
	first := (uint32(number-1) + uint32(log)<<16) * apart
	s := &session{addr: e.addr, first: first, next: [2]uint32{first + 1, first + 1}}
	if s.addr[server].IsValid() && !speaks(s.addr[server].Port()) && !bytes.Contains(begun(e.data), []byte("<stream:stream")) {
		// What came by WebSocket or BOSH is now without it.
		s.addr[server] = netip.AddrPortFrom(s.addr[server].Addr(), 5222)
	}
	s.turned = e.turned || e.reply && asks(e.data) && !e.addr[client].IsValid()
	if !s.addr[client].IsValid() {
		n := number - 1
		s.addr[client] = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(n%254 + 1)}), uint16(49152+n/254%16384))
	}
	if !s.addr[server].IsValid() {
		port := uint16(5222)
		if s.turned || bytes.Contains(e.data, []byte("jabber:server")) || bytes.HasPrefix([]byte(e.key), []byte("s2s")) {
			port = 5269
		}
		s.addr[server] = netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 51, 100, byte(log%254 + 1)}), port)
		if s.addr[client].Addr().Is6() {
			s.addr[server] = netip.AddrPortFrom(netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8, 14: byte(log >> 8), 15: byte(log + 1)}), port)
		}
	}
	return s
}

// speaks reports whether a port is one that servers have for XMPP itself.
func speaks(port uint16) bool {
	switch port {
	case 5222, 5223, 5269, 5270, 5275, 5276, 5347:
		return true
	}
	return false
}

// asks reports whether bytes are the header by which somebody who has connected
// begins a stream: that of an answer has an id (RFC 6120 section 4.7.3).
func asks(data []byte) bool {
	data = data[:min(len(data), 1024)]
	return bytes.Contains(data, []byte("<stream:stream")) && !bytes.Contains(data, []byte(" id="))
}

// anew reports whether an entry begins a stream where none can begin, so that it
// is of another connection.
func (s *session) anew(e *entry) bool {
	if !s.begun || s.sender(e) != client || !asks(e.data) {
		return false
	}
	restart := s.restart
	s.restart = false
	return !restart
}

// heard takes in what an entry means for anew.
func (s *session) heard(e *entry) {
	head := e.data[:min(len(e.data), 4096)]
	switch {
	case s.sender(e) == server:
		for _, word := range [...]string{"<proceed", "<success", "<compressed"} {
			s.restart = s.restart || bytes.Contains(head, []byte(word))
		}
	case bytes.HasPrefix(head, []byte("<?xml")):
		s.restart = !bytes.Contains(head, []byte("<stream:stream")) // which comes by itself
	}
}

// sender returns which end has said an entry.
func (s *session) sender(e *entry) int {
	if e.reply != s.turned {
		return server
	}
	return client
}

// say appends the segments that an entry is made of, and those of the handshake
// before the first one.
func (s *session) say(to []segment, e *entry, line int) []segment {
	made := segment{time: e.time, digits: e.digits, line: line}
	if !s.begun && (len(e.data) > 0 || e.missing > 0) {
		s.begun = true
		for _, step := range [...]struct {
			from     int
			seq, ack uint32
			flags    byte
		}{{client, 0, 0, flagSYN}, {server, 0, 1, flagSYN | flagACK}, {client, 1, 1, flagACK}} {
			made.from, made.to = s.addr[step.from], s.addr[1-step.from]
			made.seq, made.ack, made.flags = s.first+step.seq, step.ack, step.flags
			if step.ack > 0 {
				made.ack += s.first
			}
			to = append(to, made)
		}
	}
	from := s.sender(e)
	s.next[from] += uint32(e.missing)
	if s.torn[from] && len(e.data) > 0 {
		s.torn[from] = false
		s.next[from]++ // a hole, for nobody knows how many bytes
	}
	s.torn[from] = s.torn[from] || e.torn
	for data := e.data; len(data) > 0; {
		n := min(len(data), longest)
		made.from, made.to = s.addr[from], s.addr[1-from]
		made.seq, made.ack, made.flags = s.next[from], s.next[1-from], flagPSH|flagACK
		made.payload, data = data[:n], data[n:]
		s.next[from] += uint32(n)
		to = append(to, made)
	}
	return to
}

// append appends the IP packet of the segment, with its checksums.
func (s *segment) append(b []byte) []byte {
	const tcp = 20
	from, to := s.from.Addr(), s.to.Addr()
	var pseudo uint32
	if from.Is4() {
		b = append(b, 0x45, 0) // RFC 791
		b = binary.BigEndian.AppendUint16(b, uint16(20+tcp+len(s.payload)))
		b = append(b, 0, 0, 0x40, 0, 64, 6, 0, 0)
		b = append(append(b, from.AsSlice()...), to.AsSlice()...)
		binary.BigEndian.PutUint16(b[10:], fold(sum(b)))
		pseudo = sum(b[12:])
	} else {
		b = append(b, 0x60, 0, 0, 0) // RFC 8200
		b = binary.BigEndian.AppendUint16(b, uint16(tcp+len(s.payload)))
		b = append(b, 6, 64)
		b = append(append(b, from.AsSlice()...), to.AsSlice()...)
		pseudo = sum(b[8:])
	}
	at := len(b)
	b = binary.BigEndian.AppendUint16(b, s.from.Port())
	b = binary.BigEndian.AppendUint16(b, s.to.Port())
	b = binary.BigEndian.AppendUint32(b, s.seq)
	b = binary.BigEndian.AppendUint32(b, s.ack)
	b = append(b, 5<<4, s.flags, 0xff, 0xff, 0, 0, 0, 0)
	b = append(b, s.payload...)
	binary.BigEndian.PutUint16(b[at+16:], fold(pseudo+6+uint32(len(b)-at)+sum(b[at:])))
	return b
}

// sum adds up the words of the checksum (RFC 1071).
func sum(b []byte) (total uint32) {
	for ; len(b) > 1; b = b[2:] {
		total += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) > 0 {
		total += uint32(b[0]) << 8
	}
	return total
}

func fold(total uint32) uint16 {
	for total > 0xffff {
		total = total>>16 + total&0xffff
	}
	return ^uint16(total)
}
