package live

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"talktrace/capture"
)

// cookedBytes is the size of the header that cooked frames begin with, which
// the kernel tells of, and does not write (LINKTYPE_LINUX_SLL2).
const cookedBytes = 20

// room is how many bytes there have to be before a frame for a header.
func (d *ringDevice) room() int {
	if d.link == capture.LinkLinuxSLL2 {
		return cookedBytes + tagBytes
	}
	return 0
}

// cook puts a header before a frame that the kernel hands over from its network
// layer on, and between the two a VLAN tag, if there was one.
func (d *ringDevice) cook(begin, size int, head *unix.Tpacket3Hdr, from *unix.RawSockaddrLinklayer) []byte {
	kind := from.Protocol // as it is on the wire
	switch {
	case hasTag(head):
		begin -= tagBytes
		size += tagBytes
		binary.BigEndian.PutUint16(d.memory[begin:], uint16(head.Hv1.Vlan_tci))
		binary.NativeEndian.PutUint16(d.memory[begin+2:], kind)
		kind = onWire(tagKind(head))
	case from.Pkttype == unix.PACKET_OUTGOING && size > 0 && isTag(kind):
		// Kernels before 6.10 say so of a tag that they have skipped.
		switch d.memory[begin] >> 4 {
		case 4:
			kind = onWire(unix.ETH_P_IP)
		case 6:
			kind = onWire(unix.ETH_P_IPV6)
		}
	}
	data := d.memory[begin-cookedBytes : begin+size]
	binary.NativeEndian.PutUint16(data, kind)
	binary.BigEndian.PutUint16(data[2:], 0)
	binary.BigEndian.PutUint32(data[4:], uint32(from.Ifindex))
	binary.BigEndian.PutUint16(data[8:], from.Hatype)
	data[10], data[11] = from.Pkttype, from.Halen
	copy(data[12:cookedBytes], from.Addr[:])
	return data
}

// onWire is a number as the network writes it, read as this machine writes one.
func onWire(n uint16) uint16 {
	var wire [2]byte
	binary.BigEndian.PutUint16(wire[:], n)
	return binary.NativeEndian.Uint16(wire[:])
}

// isTag reports whether an EtherType, as the network writes it, is a VLAN tag's.
func isTag(kind uint16) bool {
	return kind == onWire(unix.ETH_P_8021Q) || kind == onWire(unix.ETH_P_8021AD)
}
