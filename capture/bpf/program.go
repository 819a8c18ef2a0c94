// Package bpf compiles capture filters, in the language of libpcap
// (pcap-filter(7)), to programs of the classic Berkeley Packet Filter, without
// libpcap. The kernel runs such a program on each frame and keeps the frames for
// which it does not return 0.
//
// It knows the part of the language that is about Ethernet, VLAN tags, IP of both
// versions and what is in them:
//
//	[ether|ip|ip6|arp|rarp] [src|dst|src or dst|src and dst] [host|net] ADDRESS
//	[tcp|udp|sctp] [src|dst|…] port|portrange PORT
//	[ip|ip6|ether] proto NUMBER
//	[ether|ip|ip6] broadcast|multicast, vlan [ID], less N, greater N,
//	inbound, outbound, ifindex N
//	ip, tcp, icmp6 and so on by themselves
//	tcp[tcpflags] & (tcp-syn|tcp-rst) != 0, len >= 100
//
// with and, or, not and parentheses. Names of hosts and networks are not looked
// up: that would ask the network.
package bpf

import (
	"errors"
	"fmt"
)

// An Instruction is one of the classic BPF machine, laid out as in Linux's
// struct sock_filter.
type Instruction struct {
	Code   uint16
	Jt, Jf uint8
	K      uint32
}

// Operations, from the BSD Packet Filter's paper (McCanne and Jacobson, 1993).
// The codes are those of linux/bpf_common.h and linux/filter.h.
const (
	opLoad      = 0x00
	opLoadX     = 0x01
	opStore     = 0x02
	opCompute   = 0x04
	opJump      = 0x05
	opReturn    = 0x06
	opTransfer  = 0x07
	sizeWord    = 0x00
	sizeHalf    = 0x08
	sizeByte    = 0x10
	modeNumber  = 0x00
	modeAt      = 0x20 // an absolute offset
	modeBehindX = 0x40 // an offset from X
	modeScratch = 0x60
	modeLength  = 0x80
	modeIPSize  = 0xa0 // four times the lower half of a byte
	jumpAlways  = 0x00
	jumpEqual   = 0x10
	jumpGreater = 0x20
	jumpAtLeast = 0x30
	jumpAnyBit  = 0x40
	computeAdd  = 0x00
	computeSub  = 0x10
	computeMul  = 0x20
	computeDiv  = 0x30
	computeOr   = 0x40
	computeAnd  = 0x50
	computeLeft = 0x60
	computeDown = 0x70
	computeNeg  = 0x80
	computeMod  = 0x90
	computeXor  = 0xa0
	withX       = 0x08 // the operand is X and not K
)

// What Linux knows of a frame beside its bytes, as offsets (linux/filter.h).
const (
	besideFrame    = 0xfffff000
	besideProtocol = besideFrame + 0
	besideType     = besideFrame + 4
	besideIndex    = besideFrame + 8
	besideTag      = besideFrame + 44
	besideTagged   = besideFrame + 48
)

const (
	// MaxInstructions is how long a program may be, for the kernel takes no more.
	MaxInstructions = 4096

	// maxFilter bounds the bytes of a filter.
	maxFilter = 64 << 10

	// maxBlocks bounds the tests of a program before it is shortened.
	maxBlocks = 4 * MaxInstructions

	// maxDepth bounds how deep parentheses and negations nest.
	maxDepth = 200

	// scratchSlots is how many words of memory a program has.
	scratchSlots = 16
)

var (
	errTooLong = errors.New("it is too long for the kernel")
	errNothing = errors.New("no frame can fulfil it")
)

// Error says what in a filter is not understood, and where.
type Error struct {
	Word    string // as the filter has it; empty at its end
	Column  int    // of the word, in characters, from 1
	Problem string
}

func (e *Error) Error() string {
	if e.Word == "" {
		return fmt.Sprintf("at its end: %s", e.Problem)
	}
	return fmt.Sprintf("%q in column %d: %s", e.Word, e.Column, e.Problem)
}
