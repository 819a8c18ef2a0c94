package bpf

import (
	"fmt"

	"talktrace/capture"
)

// Frames says what a program looks at.
type Frames struct {
	// Link is how they begin: Ethernet, raw IP or Linux's cooked capture.
	Link capture.LinkType

	// Live has the program run on a packet socket of Linux (packet(7)), which
	// keeps a frame's outermost VLAN tag apart from it, and, where Link is
	// cooked, has nothing before the network layer. Otherwise it runs on frames
	// as files have them.
	Live bool

	// Snaplen is how many bytes a frame has at most that the program lets
	// through; 0 is as many as there are.
	Snaplen uint32
}

// Numbers of protocols behind Ethernet (IEEE) and IP (IANA).
const (
	etherIP   = 0x0800
	etherARP  = 0x0806
	etherRARP = 0x8035
	etherIPv6 = 0x86dd
	etherTag  = 0x8100
	etherQinQ = 0x88a8
	etherTag2 = 0x9100 // before the standard for it

	// Less than that is a length, and what follows it LLC (IEEE 802.3).
	etherLengths = 1500
)

// layout is where the layers of a frame are. A VLAN tag moves them for all that
// is said behind it.
type layout struct {
	Frames
	kind    uint32 // the offset of what tells the network layer's protocol
	network uint32 // the offset of the network layer

	// apart says that the frame has a VLAN tag which the kernel keeps, and that
	// has not been spoken of yet; behindApart that it has been.
	apart, behindApart bool

	// untyped says that a frame's tag is neither there nor kept: Linux hands a
	// cooked frame that goes out over from behind its tags on, whatever they are.
	untyped bool
}

// header is the length of a frame's header that has no tags.
func header(link capture.LinkType) (kind, network uint32, ok bool) {
	switch link {
	case capture.LinkEthernet:
		return 12, 14, true
	case capture.LinkLinuxSLL:
		return 14, 16, true
	case capture.LinkLinuxSLL2:
		return 0, 20, true
	case capture.LinkRaw, capture.LinkRawBSD, capture.LinkRawOpenBSD, capture.LinkIPv4, capture.LinkIPv6:
		return 0, 0, true
	}
	return 0, 0, false
}

func newLayout(f Frames) (layout, error) {
	kind, network, ok := header(f.Link)
	if !ok {
		return layout{}, fmt.Errorf("no capture filter for frames of link type %d", f.Link)
	}
	l := layout{Frames: f, kind: kind, network: network}
	if l.cooked() && f.Live {
		l.kind, l.network = besideProtocol, 0
	}
	return l, nil
}

func (l *layout) cooked() bool {
	return l.Link == capture.LinkLinuxSLL || l.Link == capture.LinkLinuxSLL2
}

func (l *layout) ethernet() bool { return l.Link == capture.LinkEthernet }

// hidden is how many bytes a frame has that the program does not see.
func (l *layout) hidden() uint32 {
	if _, network, _ := header(l.Link); l.cooked() && l.Live {
		return network
	}
	return 0
}

// carries is the condition that a frame carries a protocol, by its EtherType.
func (l *layout) carries(protocol uint32) node {
	if l.untyped || !l.ethernet() && !l.cooked() {
		return l.version(protocol)
	}
	if protocol > etherLengths {
		return equal(2, l.kind, protocol)
	}
	// A service of LLC.
	if l.cooked() {
		const withLLC = 4 // ETH_P_802_2
		return all(equal(2, l.kind, withLLC), equal(1, l.network, protocol))
	}
	length := negated(&test{[]Instruction{load(2, l.kind)}, jumpGreater, etherLengths})
	return all(length, equal(1, l.kind+2, protocol))
}

// version is the condition that a packet without a header in front is of a protocol.
func (l *layout) version(protocol uint32) node {
	switch {
	case protocol == etherIP && l.Link == capture.LinkIPv4, protocol == etherIPv6 && l.Link == capture.LinkIPv6:
		return verdict(true)
	case l.Link == capture.LinkIPv4, l.Link == capture.LinkIPv6:
		return verdict(false)
	case protocol == etherIP:
		return masked(1, l.network, 0xf0, 0x40)
	case protocol == etherIPv6:
		return masked(1, l.network, 0xf0, 0x60)
	}
	return verdict(false)
}

// tagged is the condition that a frame has a VLAN tag, or the one with a number.
// From here on the layout is that of what the tag stands before.
func (l *layout) tagged(id uint32, named bool) (node, error) {
	const (
		idBits  = 0x0fff
		tagSize = 4
	)
	if !l.ethernet() && !(l.cooked() && l.Live) {
		return nil, fmt.Errorf("frames of this kind have no VLAN tags")
	}
	if l.apart {
		l.apart, l.behindApart = false, true
		if named {
			return masked(2, besideTag, idBits, id), nil
		}
		return verdict(true), nil
	}
	tag := either(equal(2, l.kind, etherTag), equal(2, l.kind, etherQinQ), equal(2, l.kind, etherTag2))
	switch {
	case l.untyped: // there is nothing to ask for
		return verdict(!named), nil
	case l.kind == besideProtocol && !l.behindApart:
		l.untyped = true
		return all(tag, verdict(!named)), nil
	case named:
		tag = all(tag, masked(2, l.network, idBits, id))
	}
	if l.kind == besideProtocol {
		l.kind = l.network + 2 // behind the number of the tag
	} else {
		l.kind += tagSize
	}
	l.network += tagSize
	return tag, nil
}

// Types of frames by where they go, in cooked frames and as Linux knows them.
const goesOut = 4

// outbound is the condition that this machine sends a frame.
func (l *layout) outbound() (node, error) {
	switch {
	case l.Live:
		return equal(1, besideType, goesOut), nil
	case l.Link == capture.LinkLinuxSLL:
		return equal(2, 0, goesOut), nil
	case l.Link == capture.LinkLinuxSLL2:
		return equal(1, 10, goesOut), nil
	}
	return nil, fmt.Errorf("frames of this kind do not tell it")
}

// cameBy is the condition that a frame is one of an interface.
func (l *layout) cameBy(index uint32) (node, error) {
	switch {
	case l.Live:
		return equal(4, besideIndex, index), nil
	case l.Link == capture.LinkLinuxSLL2:
		return equal(4, 4, index), nil
	}
	return nil, fmt.Errorf("frames of this kind do not tell it")
}
