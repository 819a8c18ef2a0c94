package scrub

import (
	"cmp"
	"encoding/binary"
	"slices"

	"talktrace/reassembly"
)

// piece is a fragment of an IP packet in a frame.
type piece struct {
	frame, at int
	off       int // in the packet
	data      []byte
}

// What fragments may wait for others.
const (
	maxPieces     = 4096
	maxPieceBytes = 16 << 20
)

// keep keeps the fragment of the frame at hand.
func (c *collector) keep() {
	if len(c.pieces) >= maxPieces || c.waiting > maxPieceBytes {
		clear(c.pieces)
		c.waiting = 0
	}
	f, p := c.frame, &c.place
	one := piece{frame: f.Number, at: p.header, data: slices.Clone(f.Data[p.header:p.end])}
	if p.ip.Kind == reassembly.HeaderIPv4 {
		one.off = int(binary.BigEndian.Uint16(f.Data[p.ip.Off+6:])&0x1fff) * 8
	} else if p.header >= 8 { // the header before it is that of fragments
		one.off = int(binary.BigEndian.Uint16(f.Data[p.header-6:]) &^ 7)
	}
	c.pieces[f.Number] = one
	c.waiting += len(one.data)
}

// join returns the TCP header of a segment that came in fragments, and its parts
// in their order; nil where they cannot be told apart.
func (c *collector) join(frames []int) (header []byte, parts []segment) {
	var all []piece
	for _, n := range frames {
		one, ok := c.pieces[n]
		if !ok {
			return nil, nil
		}
		delete(c.pieces, n)
		c.waiting -= len(one.data)
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b piece) int { return cmp.Compare(a.off, b.off) })
	const shortest = 20
	first := all[0].data
	if all[0].off != 0 || len(first) < shortest || int(first[12]>>4)*4 < shortest || int(first[12]>>4)*4 > len(first) {
		return nil, nil
	}
	next := int(first[12]>>4) * 4
	header = first[:next]
	for _, one := range all {
		skip := next - one.off
		if skip < 0 || skip > len(one.data) { // they overlap, or are copies
			return nil, nil
		}
		data := one.data[skip:]
		parts = append(parts, segment{frame: one.frame, at: one.at + skip, data: data})
		next += len(data)
	}
	return header, parts
}
