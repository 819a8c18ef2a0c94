package scrub

import (
	"encoding/binary"
	"math"
	"net/netip"
	"slices"

	"talktrace/capture"
	"talktrace/reassembly"
)

// place says where the parts of a frame are, as offsets in its bytes.
type place struct {
	headers []reassembly.Header
	ip      reassembly.Header // the innermost one of IP; End 0 where there is none
	header  int               // what follows the IP headers; behind all that is known where there are none
	payload int               // what the header of TCP or UDP is followed by
	end     int               // where the innermost packet ends; behind it is padding
	tcp     bool              // it holds a TCP segment, of which all of the header was captured
	piece   bool              // it holds a fragment of an IP packet
}

// locate finds the parts of a frame. What is behind the last header that is known
// counts as its content. The place holds until the next call.
func locate(l *reassembly.Locator, f *capture.Frame) place {
	p := place{headers: l.Locate(f), end: len(f.Data)}
	for _, h := range p.headers {
		switch h.Kind {
		case reassembly.HeaderEthernet:
			p.header = h.Off + 14
		case reassembly.HeaderSLL:
			p.header = h.Off + 16
		case reassembly.HeaderSLL2:
			p.header = h.Off + 20
		case reassembly.HeaderIPv4:
			p.ip, p.end = h, h.End
			p.header = h.Off + int(f.Data[h.Off]&0xf)*4
		case reassembly.HeaderIPv6:
			p.ip, p.end = h, h.End
			p.header = h.Off + 40
		case reassembly.HeaderFragment:
			p.header, p.end, p.piece = h.Off, h.End, true
		case reassembly.HeaderUDP:
			p.header, p.end = h.Off, h.End
			p.payload = min(h.Off+8, h.End)
			continue
		case reassembly.HeaderTCP:
			p.segment(f.Data, h)
			continue
		}
		p.payload = p.header
	}
	return p
}

// segment takes a TCP header.
func (p *place) segment(frame []byte, h reassembly.Header) {
	const shortest = 20
	p.header, p.payload, p.end = h.Off, h.End, h.End
	if b := frame[h.Off:h.End]; len(b) >= shortest {
		if n := int(b[12]>>4) * 4; n <= len(b) {
			p.payload, p.tcp = h.Off+n, true
		}
	}
}

// addresses returns where the addresses of an IP header are, and how long each is.
func addresses(h reassembly.Header) (at, size int) {
	if h.Kind == reassembly.HeaderIPv6 {
		return h.Off + 8, 16
	}
	return h.Off + 12, 4
}

// ends returns who sent the TCP segment of a frame, and to whom.
func (p *place) ends(b, header []byte) (from, to netip.AddrPort) {
	at, n := addresses(p.ip)
	src, _ := netip.AddrFromSlice(b[at : at+n])
	dst, _ := netip.AddrFromSlice(b[at+n : at+2*n])
	return netip.AddrPortFrom(src.Unmap(), binary.BigEndian.Uint16(header)),
		netip.AddrPortFrom(dst.Unmap(), binary.BigEndian.Uint16(header[2:]))
}

// resize says in the IP header that a packet has grown, and reports whether that can
// be said.
func (p *place) resize(b []byte, grown int) bool {
	at, tunnels := p.ip.Off+2, -1
	if p.ip.Kind == reassembly.HeaderIPv6 {
		at = p.ip.Off + 4
	}
	for _, h := range p.headers {
		if h.Kind == reassembly.HeaderIPv4 || h.Kind == reassembly.HeaderIPv6 {
			tunnels++
		}
	}
	length := int(binary.BigEndian.Uint16(b[at:]))
	if length == 0 && tunnels == 0 { // it is left to the network card
		return true
	}
	binary.BigEndian.PutUint16(b[at:], uint16(length+grown))
	return grown == 0 || tunnels == 0 && length+grown <= math.MaxUint16
}

// sum is a checksum of a frame, and what it is over, before that is changed.
type sum struct {
	field    int // where it is
	from, to int // what it is over
	pseudo   int // addresses that it is over as well, so many bytes
	size     int
	was      uint16 // all that added up
	wrong    bool   // it is known not to fit
	udp      bool
}

// sums adds up what the checksums of a frame are over: those of IPv4, and of TCP
// and UDP (RFC 9293 section 3.1, RFC 768, RFC 8200 section 8.1), the
// innermost first.
func (p *place) sums(b []byte) (all []sum) {
	var ip reassembly.Header
	for _, h := range p.headers {
		switch h.Kind {
		case reassembly.HeaderIPv4:
			ip = h
			s := sum{field: h.Off + 10, from: h.Off, to: h.Off + int(b[h.Off]&0xf)*4}
			s.was = fold(add(0, b[s.from:s.to]))
			s.wrong = s.was != 0xffff
			all = append(all, s)
		case reassembly.HeaderIPv6:
			ip = h
		case reassembly.HeaderUDP, reassembly.HeaderTCP:
			s := sum{field: h.Off + 16, from: h.Off, to: h.End}
			proto := uint64(protocolTCP)
			if s.udp = h.Kind == reassembly.HeaderUDP; s.udp {
				s.field, proto = h.Off+6, protocolUDP
			}
			if s.field+2 > h.End || s.udp && binary.BigEndian.Uint16(b[s.field:]) == 0 {
				continue
			}
			at, n := addresses(ip)
			s.pseudo, s.size = at, 2*n
			s.was = s.over(b)
			s.wrong = h.End-h.Off == h.Wire && fold(uint64(s.was)+proto+uint64(h.Wire)) != 0xffff
			all = append(all, s)
		}
	}
	slices.Reverse(all)
	return all
}

const (
	protocolTCP = 6
	protocolUDP = 17
)

// over adds up what a checksum is over.
func (s *sum) over(b []byte) uint16 {
	return fold(add(add(0, b[s.pseudo:s.pseudo+s.size]), b[s.from:s.to]))
}

// restore makes the checksums that were right, or of which nobody can tell for
// lack of bytes, fit what the frame has become. Those that were wrong, such as
// the ones that are left to a network card, stay. The segment has grown by some
// bytes, which the sum over it counts as well.
func restore(b []byte, all []sum, grown int) {
	for i, s := range all {
		if s.wrong {
			continue
		}
		length := uint64(0)
		if i == 0 && s.size > 0 {
			s.to += grown
			length = uint64(grown%0xffff + 0xffff)
		}
		field := b[s.field : s.field+2]
		adjust(field, s.was, fold(uint64(s.over(b))+length))
		if s.udp && field[0] == 0 && field[1] == 0 {
			field[0], field[1] = 0xff, 0xff
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
