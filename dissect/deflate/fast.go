package deflate

import "encoding/binary"

// What any round of fast may need: 48 bits for the symbol that ends it, and in
// the 15 that may be there beyond these, literals of one bit.
const (
	roundBits  = 48
	roundBytes = 16 + maxMatch
)

// fast does what symbol does, again and again, as long as there are bytes and
// room enough for any symbol.
func (z *Inflater) fast(room []byte, start int) (end int, err error) {
	in, at, buf, count := z.src, z.at, z.buf, z.count
	literals, n, e := &z.codes.literal, start, entry(0)
next:
	for err == nil && at+8 <= len(in) && n+roundBytes <= len(room) {
		// The bits from count on are those of the bytes from at on, so that it
		// does no harm to add them again.
		buf |= binary.LittleEndian.Uint64(in[at:]) << (count & 63)
		at += int(63-count) >> 3
		count |= 56
		for {
			e = literals[buf&(1<<literalBits-1)]
			if op := e.op(); op&opLink != 0 {
				e = literals[e.value()+int(buf>>literalBits&(1<<(op&0x0f)-1))]
				buf >>= literalBits
				count -= literalBits
			}
			buf >>= e.width() & 63
			count -= e.width()
			if e.op() != opLiteral {
				break
			}
			room[n] = byte(e.value())
			n++
			if count < roundBits {
				continue next
			}
		}
		if e.op() >= opEnd {
			break
		}
		op := e.op() & 63
		length := e.value() + int(buf&(1<<op-1))
		n, buf, count, err = z.match(room, n, length, buf>>op, count-op)
	}
	z.at, z.buf, z.count = at, buf&(1<<count-1), count
	z.given = z.given || n > start
	switch {
	case err == nil && e.op() == opEnd:
		z.endBlock()
	case e.op() == opInvalid:
		err = ErrSymbol
	}
	return n, err
}

// match reads the distance of a match and copies it. It returns what it was
// given as it is then.
func (z *Inflater) match(room []byte, n, length int, buf uint64, count uint) (int, uint64, uint, error) {
	distances := &z.codes.distance
	d := distances[buf&(1<<distanceBits-1)]
	if op := d.op(); op&opLink != 0 {
		d = distances[d.value()+int(buf>>distanceBits&(1<<(op&0x0f)-1))]
		buf >>= distanceBits
		count -= distanceBits
	}
	buf >>= d.width() & 63
	count -= d.width()
	op := d.op() & 63
	if op >= opEnd {
		return n, buf, count, ErrSymbol
	}
	distance := d.value() + int(buf&(1<<op-1))
	buf >>= op
	count -= op
	from := n - distance
	switch {
	case from < -z.filled:
		return n, buf, count, ErrDistance
	case from >= 0 && distance >= length:
		n += copy(room[n:n+length], room[from:])
	default:
		z.length, z.distance = length, distance
		n = z.copyMatch(room, n)
	}
	return n, buf, count, nil
}
