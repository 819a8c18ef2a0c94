package traffic

import "encoding/binary"

const (
	// mss is what Ethernet's 1500 bytes leave beside the headers of IPv4 and
	// TCP with its timestamps.
	mss       = 1448
	maxPacket = 14 + 20 + 32 + mss
)

// The flags of a TCP segment.
const (
	fin = 0x01
	syn = 0x02
	psh = 0x08
	ack = 0x10
)

// packet is the bytes of a frame.
type packet struct{ data []byte }

// segment is what a TCP segment says.
type segment struct {
	from, to    *endpoint
	flags       byte
	seq, ack    uint32
	time, heard uint32 // the timestamps option, RFC 7323
	payload     []byte
}

// fill makes the packet the Ethernet frame of a segment.
func (p *packet) fill(s *segment) {
	options := s.options()
	header := 20 + len(options)
	b := p.data[:0]
	b = append(b,
		2, 0, 0, 0, 0, s.to.card, 2, 0, 0, 0, 0, s.from.card, 0x08, 0x00,
		0x45, 0) // IPv4, RFC 791: a TCP packet that may not be fragmented
	b = binary.BigEndian.AppendUint16(b, uint16(20+header+len(s.payload)))
	b = binary.BigEndian.AppendUint16(b, s.from.packets)
	b = append(b, 0x40, 0, s.from.hops, 6, 0, 0)
	b = append(append(b, s.from.addr[:]...), s.to.addr[:]...)
	// TCP, RFC 9293.
	b = binary.BigEndian.AppendUint16(b, s.from.port)
	b = binary.BigEndian.AppendUint16(b, s.to.port)
	b = binary.BigEndian.AppendUint32(b, s.seq)
	b = binary.BigEndian.AppendUint32(b, s.ack)
	b = append(b, byte(header/4)<<4, s.flags)
	b = binary.BigEndian.AppendUint16(b, s.from.window)
	b = append(b, 0, 0, 0, 0)
	b = append(append(b, options...), s.payload...)
	p.data = b

	ip, tcp := b[14:34], b[34:]
	binary.BigEndian.PutUint16(ip[10:], fold(sum(ip)))
	pseudo := sum(ip[12:20]) + 6 + uint64(len(tcp))
	binary.BigEndian.PutUint16(tcp[16:], fold(pseudo+sum(tcp)))
	s.from.packets++
}

// options returns the options of the segment: timestamps, and with a SYN what
// an end can do.
func (s *segment) options() []byte {
	var b [20]byte
	o := append(b[:0], 1, 1, 8, 10)
	if s.flags&syn != 0 {
		o = append(b[:0], 2, 4, 0x05, 0xb4, 4, 2, 8, 10)
	}
	o = binary.BigEndian.AppendUint32(o, s.time)
	o = binary.BigEndian.AppendUint32(o, s.heard)
	if s.flags&syn != 0 {
		o = append(o, 1, 3, 3, 7)
	}
	return o
}

// sum adds up b as 16-bit words for the checksum of RFC 1071. Words of 32 bits
// do as well, as long as the carries are kept.
func sum(b []byte) (total uint64) {
	for ; len(b) >= 4; b = b[4:] {
		total += uint64(binary.BigEndian.Uint32(b))
	}
	var rest [4]byte
	copy(rest[:], b)
	return total + uint64(binary.BigEndian.Uint32(rest[:]))
}

func fold(total uint64) uint16 {
	for total > 0xffff {
		total = total>>16 + total&0xffff
	}
	return ^uint16(total)
}
