package reassembly

import (
	"encoding/binary"

	"talktrace/capture"
)

// maxDepth bounds the headers within headers that are opened in one frame.
const maxDepth = 16

// view is what there is of a packet from some header on.
type view struct {
	data []byte // the bytes that were captured
	wire int    // the bytes that there were, at least len(data)
}

// skip returns the view without its first n bytes, which the caller has found
// to be captured.
func (v view) skip(n int) view { return view{v.data[n:], v.wire - n} }

// limit returns the view with no more than n bytes. What a length field leaves
// outside is padding or a trailer.
func (v view) limit(n int) view {
	n = min(n, v.wire)
	return view{v.data[:min(n, len(v.data))], n}
}

func (a *Assembler) giveUp(why Reason) { a.stats.Undecodable[why]++ }

// has makes sure that a header of n bytes is there.
func (a *Assembler) has(v view, n int) bool {
	if len(v.data) >= n {
		return true
	}
	if v.wire >= n {
		a.giveUp(CutShort)
	} else {
		a.giveUp(Malformed)
	}
	return false
}

// enter counts a header that holds another packet.
func (a *Assembler) enter() bool {
	a.depth++
	if a.depth > maxDepth {
		a.giveUp(TooDeep)
		return false
	}
	return true
}

// link looks into a frame by its link type, see
// https://www.tcpdump.org/linktypes.html.
func (a *Assembler) link(t capture.LinkType, v view) {
	switch t {
	case capture.LinkEthernet:
		a.ethernet(v)
	case capture.LinkLinuxSLL:
		if a.has(v, 16) {
			a.locate(HeaderSLL, v)
			a.etherType(binary.BigEndian.Uint16(v.data[14:]), v.skip(16))
		}
	case capture.LinkLinuxSLL2:
		if a.has(v, 20) {
			a.locate(HeaderSLL2, v)
			a.etherType(binary.BigEndian.Uint16(v.data), v.skip(20))
		}
	case capture.LinkNull, capture.LinkLoop:
		a.loopback(v)
	case capture.LinkRaw, capture.LinkRawBSD, capture.LinkRawOpenBSD, capture.LinkIPv4, capture.LinkIPv6:
		a.ip(v)
	case capture.LinkPPP, capture.LinkPPPHDLC:
		a.ppp(v)
	case capture.LinkPPPoE:
		a.pppoe(v)
	case capture.LinkCHDLC:
		a.ciscoHDLC(v)
	default:
		a.giveUp(UnknownLink)
	}
}

func (a *Assembler) ethernet(v view) {
	if a.has(v, 14) {
		a.locate(HeaderEthernet, v)
		a.etherType(binary.BigEndian.Uint16(v.data[12:]), v.skip(14))
	}
}

// etherType looks into what an EtherType says to follow. Values below 0x600
// are lengths of an IEEE 802.3 frame, or the few numbers that Linux cooked
// captures use for frames without an EtherType; LLC follows either.
func (a *Assembler) etherType(t uint16, v view) {
	switch t {
	case 0x0800:
		a.ipv4(v)
	case 0x86dd:
		a.ipv6(v)
	case 0x8100, 0x88a8, 0x9100, 0x9200:
		a.vlan(v)
	case 0x8847, 0x8848:
		a.mpls(v)
	case 0x8864:
		a.pppoe(v)
	case 0x880b:
		a.ppp(v)
	case 0x6558: // transparent Ethernet bridging, RFC 1701
		if a.enter() {
			a.ethernet(v)
		}
	default:
		if t < 0x600 {
			a.llc(v)
			return
		}
		a.stats.Other++
	}
}

// vlan looks past an IEEE 802.1Q or 802.1ad tag.
func (a *Assembler) vlan(v view) {
	if a.has(v, 4) && a.enter() {
		a.etherType(binary.BigEndian.Uint16(v.data[2:]), v.skip(4))
	}
}

// llc looks past an IEEE 802.2 header that is extended by SNAP (RFC 1042).
// Nothing else in LLC carries IP nowadays.
func (a *Assembler) llc(v view) {
	const snap, encapsulated = 0xaaaa03000000, 0xaaaa030000f8
	if len(v.data) < 8 {
		a.stats.Other++
		return
	}
	head := binary.BigEndian.Uint64(v.data)
	if oui := head >> 16; oui != snap && oui != encapsulated {
		a.stats.Other++
		return
	}
	if t := uint16(head); t >= 0x600 && a.enter() {
		a.etherType(t, v.skip(8))
		return
	}
	a.stats.Other++
}

// loopback looks past the address family of a BSD loopback frame. It is in the
// byte order of the host that captured it, so either is taken; the numbers for
// IPv6 are those of NetBSD and OpenBSD, FreeBSD, macOS, and Linux and Windows.
func (a *Assembler) loopback(v view) {
	if !a.has(v, 4) {
		return
	}
	family := binary.BigEndian.Uint32(v.data)
	if family > 0xffff {
		family = binary.LittleEndian.Uint32(v.data)
	}
	switch family {
	case 2:
		a.ipv4(v.skip(4))
	case 24, 28, 30, 10, 23:
		a.ipv6(v.skip(4))
	default:
		a.stats.Other++
	}
}

// ppp looks past a PPP header (RFC 1661, RFC 1662). Both address and control
// field and the first byte of the protocol may have been left out by
// agreement. A first byte of 0x0f or 0x8f is Cisco's HDLC, which shares the
// link type.
func (a *Assembler) ppp(v view) {
	if len(v.data) >= 2 && v.data[0] == 0xff && v.data[1] == 0x03 {
		v = v.skip(2)
	} else if len(v.data) >= 2 && (v.data[0] == 0x0f || v.data[0] == 0x8f) && v.data[1] == 0 {
		a.ciscoHDLC(v)
		return
	}
	if !a.has(v, 1) {
		return
	}
	protocol := uint16(v.data[0])
	if protocol&1 == 1 {
		v = v.skip(1)
	} else {
		if !a.has(v, 2) {
			return
		}
		protocol = binary.BigEndian.Uint16(v.data)
		v = v.skip(2)
	}
	switch protocol {
	case 0x21:
		a.ipv4(v)
	case 0x57:
		a.ipv6(v)
	case 0x281, 0x283:
		a.mpls(v)
	default:
		a.stats.Other++
	}
}

// ciscoHDLC looks past an address, a control byte and an EtherType.
func (a *Assembler) ciscoHDLC(v view) {
	if a.has(v, 4) && a.enter() {
		a.etherType(binary.BigEndian.Uint16(v.data[2:]), v.skip(4))
	}
}
