package pcapfile

import (
	"errors"
	"io"
	"math"

	"talktrace/capture"
)

// The types of pcapng blocks that are looked into. All others are skipped:
// interface statistics, custom blocks, and what is yet to be invented.
const (
	blockSection      = 0x0a0d0d0a // the same in either byte order
	blockInterface    = 1
	blockPacket       = 2 // obsolete
	blockSimplePacket = 3
	blockNames        = 4
	blockStatistics   = 5
	blockFrame        = 6 // Enhanced Packet Block
	blockSecrets      = 10

	byteOrderMagic = 0x1a2b3c4d

	blockHead = 8  // type and length
	leastSize = 12 // type, length, and length again at the end
)

// blockName names a block type for errors.
func blockName(kind uint32) string {
	switch kind {
	case blockSection:
		return "a section header"
	case blockInterface:
		return "an interface description"
	case blockPacket, blockSimplePacket, blockFrame:
		return "a packet record"
	case blockNames:
		return "a name resolution block"
	case blockSecrets:
		return "a decryption secrets block"
	}
	return "a block"
}

func knownByteOrder(b []byte) bool {
	return littleEndian.uint32(b) == byteOrderMagic || bigEndian.uint32(b) == byteOrderMagic
}

// nextBlock reads blocks of a pcapng file until one of them is a frame.
func (r *Reader) nextBlock(f *capture.Frame) error {
	for {
		r.start = r.in.offset()
		kind, body, err := r.readBlock()
		if err != nil {
			return err
		}
		switch kind {
		case blockFrame:
			return r.enhancedPacket(f, body)
		case blockSimplePacket:
			return r.simplePacket(f, body)
		case blockPacket:
			return r.obsoletePacket(f, body)
		case blockSection:
			err = r.beginSection(body)
		case blockInterface:
			err = r.addInterface(body)
		case blockNames:
			r.readNames(body)
		case blockSecrets:
			r.readSecrets(body)
		case blockStatistics:
			r.readStatistics(body)
		default:
			r.other("blocks of other kinds")
		}
		if err != nil {
			return err
		}
	}
}

// readBlock passes the next block and returns what is between its head and
// its trailing length. A block that nobody looks into has no body.
func (r *Reader) readBlock() (kind uint32, body []byte, err error) {
	head := r.in.peek(leastSize)
	if len(head) < leastSize {
		if len(head) == 0 && errors.Is(r.in.err, io.EOF) {
			return 0, nil, io.EOF
		}
		return 0, nil, r.short("a block", leastSize, len(head))
	}
	kind = r.big.uint32(head)
	if kind == blockSection {
		if !knownByteOrder(head[8:]) {
			return 0, nil, damaged("a section header is without byte-order magic")
		}
		r.big = bigEndian.uint32(head[8:]) == byteOrderMagic
	}
	total := r.big.uint32(head[4:])
	if total < leastSize || total > maxBlock {
		return 0, nil, damaged("%s claims a length of %d bytes", blockName(kind), total)
	}
	// Some writers leave the padding out of the length they write down.
	size := int(total+3) &^ 3
	if r.skippable(kind, size) {
		if n := r.in.skip(size - 4); n < size-4 {
			return 0, nil, r.short(blockName(kind), size, n)
		}
		body, size = nil, 4
	}
	block := r.in.peek(size)
	if len(block) < size {
		return 0, nil, r.short(blockName(kind), size, len(block))
	}
	if again := r.big.uint32(block[size-4:]); again != total {
		return 0, nil, damaged("%s begins with the length %d and ends with %d", blockName(kind), total, again)
	}
	r.in.pos += size
	if size > 4 {
		body = block[blockHead : size-4 : size-4]
	}
	return kind, body, nil
}

// skippable reports whether a block of so many bytes need not be in memory as a
// whole.
func (r *Reader) skippable(kind uint32, size int) bool {
	switch kind {
	case blockStatistics:
		return size > maxStatistics
	case blockSection, blockInterface, blockPacket, blockSimplePacket, blockFrame:
		return false
	case blockNames:
		return r.hooks.Name == nil
	case blockSecrets:
		return r.hooks.Secrets == nil
	}
	return true
}

// packetSize is how many bytes the block with this head has if it is a packet,
// for Buffered; if it is none, it is more than can be in memory.
func (r *Reader) packetSize(head []byte) int {
	switch r.big.uint32(head) {
	case blockFrame, blockSimplePacket, blockPacket:
		return (int(r.big.uint32(head[4:])) + 3) &^ 3
	}
	return math.MaxInt
}

// enhancedPacket reads an Enhanced Packet Block: interface, time in two
// halves, captured and original length, data, options.
func (r *Reader) enhancedPacket(f *capture.Frame, body []byte) error {
	const fixed = 20
	if len(body) < fixed {
		return damaged("a packet record of %d bytes is too short for its fields", len(body))
	}
	return r.packet(f, packetFields{
		id:       r.big.uint32(body),
		time:     uint64(r.big.uint32(body[4:]))<<32 | uint64(r.big.uint32(body[8:])),
		captured: r.big.uint32(body[12:]),
		length:   r.big.uint32(body[16:]),
	}, body[fixed:])
}

// obsoletePacket reads a Packet Block, which has 16 bits for the interface
// and 16 for a count of drops.
func (r *Reader) obsoletePacket(f *capture.Frame, body []byte) error {
	const fixed = 20
	if len(body) < fixed {
		return damaged("a packet record of %d bytes is too short for its fields", len(body))
	}
	return r.packet(f, packetFields{
		id:       uint32(r.big.uint16(body)),
		time:     uint64(r.big.uint32(body[4:]))<<32 | uint64(r.big.uint32(body[8:])),
		captured: r.big.uint32(body[12:]),
		length:   r.big.uint32(body[16:]),
	}, body[fixed:])
}

type packetFields struct {
	id               uint32 // of the interface
	time             uint64 // in the interface's units
	captured, length uint32
}

// packet fills in a frame; rest begins with its data.
func (r *Reader) packet(f *capture.Frame, p packetFields, rest []byte) error {
	if p.id >= uint32(len(r.section.interfaces)) {
		return damaged("a packet record names interface %d of %d", p.id, len(r.section.interfaces))
	}
	if p.captured > maxFrame || int(p.captured) > len(rest) {
		return damaged("a packet record claims %d captured bytes and has room for %d", p.captured, len(rest))
	}
	from := &r.section.interfaces[p.id]
	*f = capture.Frame{
		Time:      from.clock.nanoseconds(p.time),
		Precision: from.clock.precision,
		Data:      rest[:p.captured:p.captured],
		Length:    int(max(p.length, p.captured)),
		Link:      from.link,
		Interface: r.section.before + int(p.id),
		Origin:    from.told,
	}
	if after := (int(p.captured) + 3) &^ 3; after < len(rest) {
		f.Comment = r.comments(rest[after:])
	}
	return nil
}

// simplePacket reads a Simple Packet Block, which has no time: Time and
// Precision are 0. It belongs to the section's first interface, whose
// snapshot length says how much of it was captured.
func (r *Reader) simplePacket(f *capture.Frame, body []byte) error {
	if len(body) < 4 || len(r.section.interfaces) == 0 {
		return damaged("a simple packet record has no length or no interface")
	}
	length, data := r.big.uint32(body), body[4:]
	from := &r.section.interfaces[0]
	captured := length
	if from.snaplen > 0 {
		captured = min(captured, from.snaplen)
	}
	captured = min(captured, uint32(len(data)))
	if captured > maxFrame {
		return damaged("a packet record claims %d captured bytes", captured)
	}
	*f = capture.Frame{
		Data:      data[:captured:captured],
		Length:    int(length),
		Link:      from.link,
		Interface: r.section.before,
		Origin:    from.told,
	}
	return nil
}
