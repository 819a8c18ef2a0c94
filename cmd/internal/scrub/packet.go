package scrub

import (
	"encoding/binary"
	"math"

	"talktrace/capture"
)

// place says where the parts of a frame are, as offsets in its bytes.
type place struct {
	network int  // the IP header; where there is none, what follows the link header
	v4, v6  bool // what the IP header is
	next    byte // the protocol in it
	header  int  // what follows the IP headers
	payload int  // what the TCP header is followed by
	end     int  // where the IP packet ends; behind it is padding
	whole   bool // the packet was captured as a whole, and is no fragment
	tcp     bool // it holds a TCP segment, of which all of the header was captured
}

// The protocols that are looked into.
const (
	protocolTCP = 6
	protocolUDP = 17
)

// locate finds the parts of a frame. Where a header is not known, or is not
// there as a whole, all that follows counts as its content.
func locate(f *capture.Frame) place {
	b := f.Data
	p := place{network: len(b), header: len(b), payload: len(b), end: len(b)}
	at, kind := network(f.Link, b)
	if at < 0 || at > len(b) {
		if at < 0 {
			p.network, p.header, p.payload = 0, 0, 0
		}
		return p
	}
	p.network, p.header, p.payload = at, at, at
	switch kind {
	case etherIPv4:
		p.ipv4(b)
	case etherIPv6:
		p.ipv6(b)
	}
	if p.next == protocolTCP && (p.v4 || p.v6) {
		p.segment(b)
	}
	return p
}

const (
	etherIPv4 = 0x0800
	etherIPv6 = 0x86dd
)

// network returns where the network header begins, and what it is; a negative
// number where the link type is not known.
func network(link capture.LinkType, b []byte) (at int, kind uint16) {
	short := func(n int) bool { return len(b) < n }
	switch link {
	case capture.LinkEthernet:
		if short(14) {
			return len(b), 0
		}
		return vlan(b, 14, binary.BigEndian.Uint16(b[12:]))
	case capture.LinkLinuxSLL:
		if short(16) {
			return len(b), 0
		}
		return vlan(b, 16, binary.BigEndian.Uint16(b[14:]))
	case capture.LinkLinuxSLL2:
		if short(20) {
			return len(b), 0
		}
		return vlan(b, 20, binary.BigEndian.Uint16(b))
	case capture.LinkNull, capture.LinkLoop:
		return 4, version(b, 4)
	case capture.LinkRaw, capture.LinkRawBSD, capture.LinkRawOpenBSD, capture.LinkIPv4, capture.LinkIPv6:
		return 0, version(b, 0)
	}
	return -1, 0
}

// vlan passes the tags of IEEE 802.1Q and 802.1ad.
func vlan(b []byte, at int, kind uint16) (int, uint16) {
	for (kind == 0x8100 || kind == 0x88a8 || kind == 0x9100 || kind == 0x9200) && len(b) >= at+4 {
		kind = binary.BigEndian.Uint16(b[at+2:])
		at += 4
	}
	return at, kind
}

// version is the kind of IP packet by its first bits, 0 where it is none.
func version(b []byte, at int) uint16 {
	if len(b) > at {
		switch b[at] >> 4 {
		case 4:
			return etherIPv4
		case 6:
			return etherIPv6
		}
	}
	return 0
}

// ipv4 passes an IPv4 header (RFC 791).
func (p *place) ipv4(frame []byte) {
	b := frame[p.network:]
	if len(b) < 20 || b[0]>>4 != 4 {
		return
	}
	header, total := int(b[0]&0xf)*4, int(binary.BigEndian.Uint16(b[2:]))
	if header < 20 || len(b) < header || total != 0 && total < header {
		return
	}
	p.v4, p.next, p.header = true, b[9], p.network+header
	p.payload = p.header
	p.limit(frame, p.network+total, total)
	const moreFragments, offset = 0x2000, 0x1fff
	if binary.BigEndian.Uint16(b[6:])&(moreFragments|offset) != 0 {
		p.next, p.whole = 0, false
	}
}

// limit says where the packet ends; length 0 is left to the network card.
func (p *place) limit(frame []byte, end, length int) {
	p.whole = length != 0 && end <= len(frame)
	if p.whole {
		p.end = end
	}
}

// ipv6 passes an IPv6 header with its extensions (RFC 8200 section 4).
func (p *place) ipv6(frame []byte) {
	b := frame[p.network:]
	if len(b) < 40 || b[0]>>4 != 6 {
		return
	}
	length := int(binary.BigEndian.Uint16(b[4:]))
	p.v6, p.next, p.header = true, b[6], p.network+40
	p.payload = p.header
	p.limit(frame, p.header+length, length)
	for p.next == 0 || p.next == 43 || p.next == 60 { // hop by hop, routing, destination
		rest := frame[p.header:p.end]
		if len(rest) < 8 || len(rest) < (int(rest[1])+1)*8 {
			p.next, p.whole = 0, false
			return
		}
		if rest[0] == 43 || p.next == 43 {
			p.whole = false // the checksum is over an address further on
		}
		p.next = rest[0]
		p.header += (int(rest[1]) + 1) * 8
		p.payload = p.header
	}
}

// resize says in the IP header that a packet has grown, and reports whether that can
// be said.
func (p *place) resize(b []byte, grown int) bool {
	at := p.network + 2
	if p.v6 {
		at = p.network + 4
	}
	length := int(binary.BigEndian.Uint16(b[at:]))
	if length == 0 { // it is left to the network card
		return true
	}
	binary.BigEndian.PutUint16(b[at:], uint16(length+grown))
	return length+grown <= math.MaxUint16
}

// segment passes a TCP header.
func (p *place) segment(frame []byte) {
	b := frame[p.header:p.end]
	if len(b) < 20 {
		p.payload = p.end // the capture has cut it
		return
	}
	switch n := int(b[12]>>4) * 4; {
	case n < 20:
	case n <= len(b):
		p.payload, p.tcp = p.header+n, true
	default:
		p.payload = p.end
	}
}

// sums are the checksums of a frame before it is changed.
type sums struct {
	network, transport         uint16 // over what the checksums are over, themselves included
	networkRight, transportIsn bool   // transportIsn: the transport's checksum is known to be wrong
}

// transportSum is where the transport's checksum is; 0 where there is none.
func (p *place) transportSum(b []byte) int {
	switch {
	case p.tcp:
		return p.header + 16
	case p.next == protocolUDP && p.end >= p.header+8 && binary.BigEndian.Uint16(b[p.header+6:]) != 0:
		return p.header + 6
	}
	return 0
}

// sum adds up a frame's checksums.
func (p *place) sum(b []byte) sums {
	var s sums
	if p.v4 {
		first := p.network + int(b[p.network]&0xf)*4
		s.network = fold(add(0, b[p.network:first]))
		s.networkRight = s.network == 0xffff
	}
	if p.transportSum(b) > 0 {
		t := add(0, b[p.header:p.end])
		if p.v4 {
			t = add(t, b[p.network+12:p.network+20])
		} else {
			t = add(t, b[p.network+8:p.network+40])
		}
		s.transport = fold(t)
		s.transportIsn = p.whole && fold(t+uint64(p.next)+uint64(p.end-p.header)) != 0xffff
	}
	return s
}

// restore makes the checksums that were right, or of which nobody can tell for
// lack of bytes, fit what the frame has become. Those that were wrong, such as
// the ones that are left to a network card, stay. The segment has grown by some
// bytes, which the sum over it counts as well (RFC 9293 section 3.1).
func (p *place) restore(b []byte, was sums, grown int) {
	if p.v4 && was.networkRight {
		at := p.network + 10
		adjust(b[at:at+2], was.network, p.sum(b).network)
	}
	if at := p.transportSum(b); at > 0 && !was.transportIsn {
		length := uint64(grown%0xffff + 0xffff)
		adjust(b[at:at+2], was.transport, fold(uint64(p.sum(b).transport)+length))
		if p.next == protocolUDP && b[at] == 0 && b[at+1] == 0 {
			b[at], b[at+1] = 0xff, 0xff
		}
	}
}

// adjust changes a checksum so that a sum becomes what it was (RFC 1624).
func adjust(field []byte, was, is uint16) {
	sum := fold(uint64(binary.BigEndian.Uint16(field)) + uint64(was) + uint64(^is))
	if sum == 0xffff && !(field[0] == 0xff && field[1] == 0xff) {
		sum = 0
	}
	binary.BigEndian.PutUint16(field, sum)
}

func add(sum uint64, b []byte) uint64 {
	for len(b) >= 2 {
		sum += uint64(b[0])<<8 | uint64(b[1])
		b = b[2:]
	}
	if len(b) == 1 {
		sum += uint64(b[0]) << 8
	}
	return sum
}

func fold(sum uint64) uint16 {
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}
