package reassembly

import "encoding/binary"

// pppoe looks past the header of a PPPoE session packet (RFC 2516, section 4).
func (a *Assembler) pppoe(v view) {
	if !a.has(v, 6) || !a.enter() {
		return
	}
	if v.data[0] != 0x11 || v.data[1] != 0 { // another version, or discovery
		a.stats.Other++
		return
	}
	length := int(binary.BigEndian.Uint16(v.data[4:]))
	v = v.skip(6)
	if length > 0 { // 0 where a large packet was still to be cut up
		v = v.limit(length)
	}
	a.ppp(v)
}

// mpls looks past a label stack (RFC 3032). What follows is not named: an IP
// packet is known by its version, everything else is taken for an Ethernet
// pseudowire. That may have a control word, which begins with a nibble of 0
// (RFC 4385) as many an Ethernet address does: an EtherType in the place where
// one then is decides.
func (a *Assembler) mpls(v view) {
	for bottom := false; !bottom; v = v.skip(4) {
		if !a.has(v, 4) || !a.enter() {
			return
		}
		bottom = v.data[2]&1 == 1
	}
	if !a.has(v, 1) {
		return
	}
	switch v.data[0] >> 4 {
	case 4:
		a.ipv4(v)
	case 6:
		a.ipv6(v)
	case 0:
		if len(v.data) >= 18 && carriesIP(binary.BigEndian.Uint16(v.data[16:])) {
			v = v.skip(4)
		}
		a.ethernet(v)
	default:
		a.ethernet(v)
	}
}

// carriesIP says whether an EtherType is that of IP, or of a tag before it.
func carriesIP(t uint16) bool {
	return t == 0x0800 || t == 0x86dd || t == 0x8100 || t == 0x88a8
}

// gre looks past a GRE header of version 0 (RFC 2784, RFC 2890) or of version
// 1, which is PPTP's (RFC 2637, section 4.1).
func (a *Assembler) gre(v view) {
	const checksum, routing, key, sequence, acknowledged = 0x8000, 0x4000, 0x2000, 0x1000, 0x0080
	if !a.has(v, 4) || !a.enter() {
		return
	}
	flags, protocol := binary.BigEndian.Uint16(v.data), binary.BigEndian.Uint16(v.data[2:])
	length := 4
	optional := uint16(checksum | key | sequence)
	if version := flags & 7; version == 1 {
		optional = key | sequence | acknowledged
	} else if version > 1 || flags&routing != 0 {
		a.stats.Other++
		return
	}
	for bit := uint16(checksum); bit >= acknowledged; bit >>= 1 {
		if flags&optional&bit != 0 {
			length += 4
		}
	}
	if !a.has(v, length) {
		return
	}
	v = v.skip(length)
	switch {
	case v.wire == 0: // a bare acknowledgement or a keepalive
		a.stats.Other++
	case protocol == 0x88be && flags&sequence == 0: // ERSPAN type I has no header of its own
		a.ethernet(v)
	case protocol == 0x88be:
		a.erspan(v, 8)
	case protocol == 0x22eb:
		a.erspan(v, 12)
	default:
		a.etherType(protocol, v)
	}
}

// erspan looks past the header of a mirrored Ethernet frame: 8 bytes in type
// II, 12 in type III, where the last bit says that 8 more follow.
func (a *Assembler) erspan(v view, length int) {
	if !a.has(v, length) {
		return
	}
	if length == 12 && v.data[11]&1 == 1 {
		length += 8
		if !a.has(v, length) {
			return
		}
	}
	a.ethernet(v.skip(length))
}

// The UDP ports whose datagrams are tunnels.
const (
	portVXLAN = 4789
	portGTPU  = 2152
)

// vxlan looks past a VXLAN header (RFC 7348, section 5). It returns false
// where the datagram is none.
func (a *Assembler) vxlan(v view) bool {
	const hasNetwork = 0x08
	if len(v.data) < 8 || v.data[0] != hasNetwork {
		return false
	}
	if a.enter() {
		a.ethernet(v.skip(8))
	}
	return true
}

// gtpu looks past a GTP-U header with user data (3GPP TS 29.281, section 5).
// It returns false where the datagram is none.
func (a *Assembler) gtpu(v view) bool {
	const version1, userData = 0x30, 0xff
	if len(v.data) < 8 || v.data[0]&0xf0 != version1 || v.data[1] != userData {
		return false
	}
	if !a.enter() {
		return true
	}
	v = v.limit(8 + int(binary.BigEndian.Uint16(v.data[2:])))
	length := 8
	if v.data[0]&7 != 0 { // sequence number, N-PDU number and next extension, whichever is meant
		if !a.has(v, 12) {
			return true
		}
		length = 12
		if v.data[0]&4 != 0 {
			if length = a.gtpuExtensions(v); length == 0 {
				return true
			}
		}
	}
	a.ip(v.skip(length))
	return true
}

// gtpuExtensions returns the length of a GTP-U header with its extensions, or
// 0 where they are broken. The last byte of each says what the next one is.
func (a *Assembler) gtpuExtensions(v view) int {
	length := 12
	for v.data[length-1] != 0 {
		if !a.has(v, length+1) {
			return 0
		}
		units := int(v.data[length])
		if units == 0 {
			a.giveUp(Malformed)
			return 0
		}
		length += 4 * units
		if !a.has(v, length) {
			return 0
		}
	}
	return length
}
