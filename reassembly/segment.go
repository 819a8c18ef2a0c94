package reassembly

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// endpoint is an address and a port.
type endpoint [18]byte

func (e *endpoint) set(addr *[16]byte, port []byte) {
	copy(e[:16], addr[:])
	copy(e[16:], port)
}

func (e *endpoint) addrPort() netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom16([16]byte(e[:16])).Unmap(), binary.BigEndian.Uint16(e[16:]))
}

// key names a connection, whichever way a segment goes: its lower endpoint
// comes first.
type key [2]endpoint

// The control bits of a TCP segment (RFC 9293, section 3.1).
const (
	flagFIN = 1 << iota
	flagSYN
	flagRST
	_
	flagACK
)

// segment is a TCP segment.
type segment struct {
	key   key
	from  int // which endpoint of key sent it
	seq   uint32
	ack   uint32
	flags uint8
	data  []byte // the payload as far as it was captured
	size  int    // bytes that the payload had, at least len(data)
}

func (s *segment) has(flags uint8) bool { return s.flags&flags != 0 }

// tcp looks into a TCP segment. Where the capture cut it within its header,
// what matters may still be there.
func (a *Assembler) tcp(v view) {
	const shortest, flags = 20, 13
	if v.wire < shortest {
		a.giveUp(Malformed)
		return
	}
	if !a.has(v, flags+1) {
		return
	}
	header := int(v.data[12]>>4) * 4
	if header < shortest || header > v.wire {
		a.giveUp(Malformed)
		return
	}
	if a.locate(HeaderTCP, v) {
		return
	}
	var src, dst endpoint
	src.set(&a.addr.src, v.data[:2])
	dst.set(&a.addr.dst, v.data[2:4])
	s := segment{
		key:   key{src, dst},
		seq:   binary.BigEndian.Uint32(v.data[4:]),
		ack:   binary.BigEndian.Uint32(v.data[8:]),
		flags: v.data[flags],
		data:  v.data[min(header, len(v.data)):],
		size:  v.wire - header,
	}
	if bytes.Compare(src[:], dst[:]) > 0 {
		s.key, s.from = key{dst, src}, 1
	}
	a.stats.Segments++
	if s.size > len(s.data) {
		a.stats.Cut++
		a.stats.Kept = max(a.stats.Kept, len(a.frame.Data))
	}
	a.segment(&s)
}

// datagram looks into a UDP datagram, or hands it on.
func (a *Assembler) datagram(v view) {
	if !a.has(v, 8) {
		return
	}
	length := int(binary.BigEndian.Uint16(v.data[4:]))
	if length == 0 { // a jumbogram (RFC 2675), or left to the network card
		length = v.wire
	}
	if length < 8 {
		a.giveUp(Malformed)
		return
	}
	header := v.data[:8]
	v = v.limit(length)
	a.locate(HeaderUDP, v)
	v = v.skip(8)
	switch port := binary.BigEndian.Uint16(header[2:]); {
	case port == portVXLAN && a.vxlan(v), port == portGTPU && a.gtpu(v):
		return
	}
	a.stats.Datagrams++
	if a.udp == nil || len(v.data) < v.wire {
		return
	}
	var src, dst endpoint
	src.set(&a.addr.src, header[:2])
	dst.set(&a.addr.dst, header[2:4])
	a.udp(a.frame, src.addrPort(), dst.addrPort(), v.data)
}
