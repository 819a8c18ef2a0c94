package scrub

import "encoding/binary"

// stretch returns a frame with what takes the place of its segment, which may be of
// another length, and with the numbers by which both directions count.
func (g *brought) stretch(b []byte, p *place) []byte {
	header := b[p.header:p.payload]
	if g.seg.ack != astray {
		shift(header[8:], g.other, g.seg.ack)
	}
	g.other.selective(header)
	if g.seg.pos == astray {
		clear(b[p.payload:p.end])
		return b
	}
	if g.seg.probe {
		shift(header[4:], g.side, g.seg.pos+1)
		clear(b[p.payload:p.end])
		return b
	}
	shift(header[4:], g.side, g.seg.pos)
	if !g.side.stretched || p.end == p.payload {
		g.write(b[p.payload:p.end])
		return b
	}
	r := g.side.run(g.seg.pos)
	from := int(g.seg.pos - r.pos)
	now := r.new[r.moved(from):r.moved(from+p.end-p.payload)]
	const shortest = 60 // of Ethernet: shorter ones are filled up
	out := make([]byte, 0, len(b)+len(now))
	out = append(append(out, b[:p.payload]...), now...)
	p.end = len(out)
	return append(out, make([]byte, max(0, min(len(b), shortest)-len(out)))...)
}

// shift changes a sequence number, which means a position, to what it is now.
func shift(number []byte, s *side, pos int64) {
	binary.BigEndian.PutUint32(number, binary.BigEndian.Uint32(number)+uint32(s.moved(pos)-pos))
}

// selective changes the numbers of a direction in the option that tells what has
// arrived beside the rest (RFC 2018 section 3).
func (s *side) selective(header []byte) {
	const fixed, end, nothing, sack = 20, 0, 1, 5
	for b := header[fixed:]; len(b) > 1 && b[0] != end; {
		if b[0] == nothing {
			b = b[1:]
			continue
		}
		n := int(b[1])
		if n < 2 || n > len(b) {
			return
		}
		if b[0] == sack && s.started {
			for edge := b[2:n]; len(edge) >= 4; edge = edge[4:] {
				if pos := s.near(binary.BigEndian.Uint32(edge)); pos != astray {
					shift(edge, s, pos)
				}
			}
		}
		b = b[n:]
	}
}
