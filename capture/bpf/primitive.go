package bpf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
)

// Numbers of protocols on IP (IANA).
const (
	protocolICMP     = 1
	protocolIGMP     = 2
	protocolTCP      = 6
	protocolUDP      = 17
	protocolFragment = 44
	protocolESP      = 50
	protocolAH       = 51
	protocolICMPv6   = 58
	protocolPIM      = 103
	protocolVRRP     = 112
	protocolSCTP     = 132
)

// A protocol is one that has a name in filters.
type protocol struct {
	ether   uint32 // its EtherType; 0 where it is on IP
	ip      uint32 // its number on IP
	in4     bool   // on IPv4
	in6     bool   // on IPv6
	indexed bool   // its bytes can be asked for
}

// protocols are those that can be named. Ethernet itself is "ether" or "link".
var protocols = map[string]protocol{
	"ip":    {ether: etherIP, indexed: true},
	"ip6":   {ether: etherIPv6, indexed: true},
	"arp":   {ether: etherARP, indexed: true},
	"rarp":  {ether: etherRARP, indexed: true},
	"ether": {indexed: true},
	"link":  {indexed: true},
	"tcp":   {ip: protocolTCP, in4: true, in6: true, indexed: true},
	"udp":   {ip: protocolUDP, in4: true, in6: true, indexed: true},
	"sctp":  {ip: protocolSCTP, in4: true, in6: true, indexed: true},
	"icmp":  {ip: protocolICMP, in4: true, indexed: true},
	"igmp":  {ip: protocolIGMP, in4: true, indexed: true},
	"icmp6": {ip: protocolICMPv6, in6: true, indexed: true},
	"pim":   {ip: protocolPIM, in4: true, in6: true, indexed: true},
	"vrrp":  {ip: protocolVRRP, in4: true, indexed: true},
	"carp":  {ip: protocolVRRP, in4: true, indexed: true},
	"ah":    {ip: protocolAH, in4: true, in6: true},
	"esp":   {ip: protocolESP, in4: true, in6: true},
}

// protocolNumbers are those that go by a name behind "proto", where it is
// written \tcp.
var protocolNumbers = map[string]uint32{
	"icmp": protocolICMP, "igmp": protocolIGMP, "tcp": protocolTCP, "udp": protocolUDP, "gre": 47,
	"esp": protocolESP, "ah": protocolAH, "icmp6": protocolICMPv6, "ipv6-icmp": protocolICMPv6,
	"ospf": 89, "pim": protocolPIM, "vrrp": protocolVRRP, "sctp": protocolSCTP,
}

// A direction says which of two addresses or ports are meant.
type direction int

const (
	anyEnd    direction = iota // nothing was said
	eitherEnd                  // the same, said
	source
	destination
	bothEnds
)

// ends puts together what is asked of the source and of the destination.
func (d direction) ends(of func(destination bool) node) node {
	switch d {
	case source:
		return of(false)
	case destination:
		return of(true)
	case bothEnds:
		return all(of(false), of(true))
	}
	return either(of(false), of(true))
}

// is makes the condition that a frame is of a protocol.
func (l *layout) is(p protocol) node {
	if p.ether != 0 {
		return l.carries(p.ether)
	}
	var ways []node
	if p.in4 {
		ways = append(ways, l.onIPv4(p.ip))
	}
	if p.in6 {
		ways = append(ways, l.onIPv6(p.ip))
	}
	return either(ways...)
}

func (l *layout) onIPv4(protocol uint32) node {
	return all(l.carries(etherIP), equal(1, l.network+9, protocol))
}

// onIPv6 looks at the first header, and at the one behind a fragment's.
func (l *layout) onIPv6(protocol uint32) node {
	const nextHeader, fixedHeader = 6, 40
	return all(l.carries(etherIPv6), either(
		equal(1, l.network+nextHeader, protocol),
		all(equal(1, l.network+nextHeader, protocolFragment), equal(1, l.network+fixedHeader, protocol))))
}

// address is the condition that an address at an offset is of a network.
func (l *layout) address(at uint32, of netip.Prefix) node {
	var conditions []node
	bits := of.Bits()
	for i, word := range words(of.Addr()) {
		mask := ^uint32(0)
		if n := bits - 32*i; n <= 0 {
			mask = 0
		} else if n < 32 {
			mask <<= 32 - n
		}
		conditions = append(conditions, masked(4, at+uint32(4*i), mask, word&mask))
	}
	return all(conditions...)
}

// host is the condition that a frame comes from or goes to a network, which may
// be a single address. The protocol is one of those that have such addresses,
// or "".
func (l *layout) host(protocol string, d direction, of netip.Prefix) (node, error) {
	places := []struct {
		name, needs   string
		ether         uint32
		version       int
		source, other uint32 // offsets of the addresses
	}{
		{"ip", "", etherIP, 4, 12, 16},
		{"arp", "", etherARP, 4, 14, 24},
		{"rarp", "", etherRARP, 4, 14, 24},
		{"ip6", "", etherIPv6, 6, 8, 24},
	}
	version := 4
	if of.Addr().Is6() {
		version = 6
	}
	var ways []node
	for _, p := range places {
		if p.version != version || protocol != "" && protocol != p.name {
			continue
		}
		ways = append(ways, all(l.carries(p.ether), d.ends(func(destination bool) node {
			if destination {
				return l.address(l.network+p.other, of)
			}
			return l.address(l.network+p.source, of)
		})))
	}
	if ways == nil {
		return nil, fmt.Errorf("is an address that %q does not go with", protocol)
	}
	return either(ways...), nil
}

// hardware is the condition that a frame comes from or goes to an interface.
func (l *layout) hardware(d direction, address [6]byte) (node, error) {
	if !l.ethernet() {
		return nil, errors.New("frames of this kind have no addresses of Ethernet")
	}
	return d.ends(func(destination bool) node {
		at := uint32(6)
		if destination {
			at = 0
		}
		return all(
			equal(4, at+2, binary.BigEndian.Uint32(address[2:])),
			equal(2, at, uint32(binary.BigEndian.Uint16(address[:]))))
	}), nil
}

// port is the condition that a segment, of one of some transports, comes from
// or goes to a port of a range.
func (l *layout) port(transports []uint32, d direction, low, high uint32) node {
	var in4, in6 []node
	for _, t := range transports {
		in4 = append(in4, equal(1, l.network+9, t))
		in6 = append(in6, equal(1, l.network+6, t))
	}
	number := func(destination bool, code ...Instruction) node {
		last := &code[len(code)-1]
		if destination {
			last.K += 2
		}
		return within(code, low, high)
	}
	return either(
		all(l.carries(etherIP), either(in4...), l.begins(), d.ends(func(destination bool) node {
			return number(destination, l.skipIPv4(), loadBehindX(2, l.network))
		})),
		all(l.carries(etherIPv6), either(in6...), d.ends(func(destination bool) node {
			return number(destination, load(2, l.network+40))
		})))
}

// begins is the condition that a packet of IPv4 is no later fragment of one.
func (l *layout) begins() node {
	const offsetBits = 0x1fff
	return negated(anyBit(2, l.network+6, offsetBits))
}

// skipIPv4 is the instruction that loads the size of the header of IPv4 into X.
func (l *layout) skipIPv4() Instruction {
	return Instruction{Code: opLoadX | sizeByte | modeIPSize, K: l.network}
}

// toAll is the condition that a frame is for everybody, or for a group.
func (l *layout) toAll(protocol string, group bool) (node, error) {
	switch {
	case protocol == "ip" && group:
		const first = 224 // RFC 1112, section 4
		return all(l.carries(etherIP), &test{[]Instruction{load(1, l.network+16)}, jumpAtLeast, first}), nil
	case protocol == "ip6" && group:
		return all(l.carries(etherIPv6), equal(1, l.network+24, 0xff)), nil
	case protocol != "" && protocol != "ether" && protocol != "link":
		return nil, errors.New("is not known of this protocol")
	case !l.ethernet():
		return nil, errors.New("frames of this kind do not tell it")
	case group:
		return anyBit(1, 0, 1), nil
	}
	return l.hardware(destination, [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
}
