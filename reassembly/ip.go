package reassembly

import "encoding/binary"

// addresses are those of an IP packet; IPv4 addresses are IPv4-mapped.
type addresses struct{ src, dst [16]byte }

// The protocol numbers that are looked into.
const (
	protoHopByHop    = 0
	protoIPv4        = 4
	protoTCP         = 6
	protoUDP         = 17
	protoIPv6        = 41
	protoRouting     = 43
	protoFragment    = 44
	protoGRE         = 47
	protoAH          = 51
	protoDestination = 60
	protoMobility    = 135
	protoMPLS        = 137
	protoHIP         = 139
	protoShim6       = 140
)

// ip looks into a packet that is known to be IP, by its version.
func (a *Assembler) ip(v view) {
	if !a.has(v, 1) {
		return
	}
	switch v.data[0] >> 4 {
	case 4:
		a.ipv4(v)
	case 6:
		a.ipv6(v)
	default:
		a.giveUp(Malformed)
	}
}

// ipv4 looks past an IPv4 header (RFC 791). A total length of 0 is what a host
// that leaves segmentation to its network card writes; it means all there is.
func (a *Assembler) ipv4(v view) {
	if !a.has(v, 20) || !a.enter() {
		return
	}
	b := v.data
	header, total := int(b[0]&0xf)*4, int(binary.BigEndian.Uint16(b[2:]))
	if total == 0 {
		total = v.wire
	}
	if b[0]>>4 != 4 || header < 20 || total < header {
		a.giveUp(Malformed)
		return
	}
	if v = v.limit(total); !a.has(v, header) {
		return
	}
	a.locate(HeaderIPv4, v)
	mapAddress(&a.addr.src, b[12:16])
	mapAddress(&a.addr.dst, b[16:20])
	protocol := b[9]
	const moreFragments, offset = 0x2000, 0x1fff
	if f := binary.BigEndian.Uint16(b[6:]); f&(moreFragments|offset) != 0 {
		a.fragment(fragmentKey{a.addr, uint32(binary.BigEndian.Uint16(b[4:])), protocol},
			int(f&offset)*8, f&moreFragments != 0, protocol, v.skip(header))
		return
	}
	a.transport(protocol, v.skip(header))
}

func mapAddress(to *[16]byte, from []byte) {
	*to = [16]byte{10: 0xff, 11: 0xff}
	copy(to[12:], from)
}

// ipv6 looks past an IPv6 header (RFC 8200). A payload length of 0 is a
// jumbogram's, or one that was left to the network card.
func (a *Assembler) ipv6(v view) {
	if !a.has(v, 40) || !a.enter() {
		return
	}
	b := v.data
	if b[0]>>4 != 6 {
		a.giveUp(Malformed)
		return
	}
	copy(a.addr.src[:], b[8:24])
	copy(a.addr.dst[:], b[24:40])
	if length := int(binary.BigEndian.Uint16(b[4:])); length > 0 {
		v = v.limit(40 + length)
	}
	a.locate(HeaderIPv6, v)
	a.transport(b[6], v.skip(40))
}

// transport looks into what a protocol number says to follow, past the
// extension headers of IPv6 (RFC 8200, section 4) and the header of IPsec that
// only authenticates (RFC 4302).
func (a *Assembler) transport(protocol uint8, v view) {
	for {
		var length int
		switch protocol {
		case protoTCP:
			a.tcp(v)
			return
		case protoUDP:
			a.datagram(v)
			return
		case protoFragment:
			a.ipv6Fragment(v)
			return
		case protoHopByHop, protoRouting, protoDestination, protoMobility, protoHIP, protoShim6:
			if !a.has(v, 8) {
				return
			}
			length = (int(v.data[1]) + 1) * 8
		case protoAH:
			if !a.has(v, 8) {
				return
			}
			length = (int(v.data[1]) + 2) * 4
		default:
			a.encapsulated(protocol, v)
			return
		}
		if !a.has(v, length) || !a.enter() {
			return
		}
		protocol, v = v.data[0], v.skip(length)
	}
}

// encapsulated looks into packets that travel in IP without a transport.
func (a *Assembler) encapsulated(protocol uint8, v view) {
	switch protocol {
	case protoIPv4:
		a.ipv4(v)
	case protoIPv6:
		a.ipv6(v)
	case protoGRE:
		a.gre(v)
	case protoMPLS:
		a.mpls(v)
	default:
		a.stats.Other++
	}
}

// ipv6Fragment looks past a fragment header (RFC 8200, section 4.5). A packet
// in one piece may have one as well (RFC 6946).
func (a *Assembler) ipv6Fragment(v view) {
	if !a.has(v, 8) || !a.enter() {
		return
	}
	b := v.data
	f := binary.BigEndian.Uint16(b[2:])
	if f&^6 == 0 {
		a.transport(b[0], v.skip(8))
		return
	}
	// Only the first fragment's word counts for what the whole packet holds.
	k := fragmentKey{a.addr, binary.BigEndian.Uint32(b[4:]), protoFragment}
	a.fragment(k, int(f&^7), f&1 != 0, b[0], v.skip(8))
}
