package deflate

import (
	"math/bits"
	"sync"
)

// The sizes of what deflate's codes may have (RFC 1951 sections 3.2.5 to 3.2.7).
const (
	maxLiterals  = 286 // symbols of the literal and length code that mean something
	maxDistances = 30  // symbols of the distance code that do
	maxCodeBits  = 15
	lengthCodes  = 19 // symbols of the code in which code lengths are written
	endOfBlock   = 256
)

// A code is looked up by its first bits; where it is longer, the entry links to
// a second table for the rest. No code needs more entries in all than these
// (zlib's examples/enough.c computes them for 288 and 32 symbols of 15 bits).
const (
	literalBits   = 10
	distanceBits  = 8
	literalTable  = 1334
	distanceTable = 402
	lengthBits    = 7 // the longest code for a code length: one table holds all
)

// entry is what the bits that led to it mean: in its lowest byte how many of
// them are the code, in the next an op, in the upper half a value.
type entry uint32

// The ops. One below opEnd is the number of extra bits that follow the code, to
// be added to the value, which is then a length or a distance.
const (
	opEnd     = 0x10 // the end of the block
	opInvalid = 0x20 // no code begins so
	opLink    = 0x40 // the second table at the value; the low bits are its width
	opLiteral = 0x80 // the value is a literal byte, or a code length
)

func (e entry) width() uint { return uint(e & 0xff) }
func (e entry) op() uint    { return uint(e >> 8 & 0xff) }
func (e entry) value() int  { return int(e >> 16) }

func newEntry(value int, op uint) entry { return entry(value)<<16 | entry(op)<<8 }

// tables are the codes of a block.
type tables struct {
	literal  [literalTable]entry
	distance [distanceTable]entry
}

// fixed returns the codes of RFC 1951 section 3.2.6. Nobody writes to them.
var fixed = sync.OnceValue(func() *tables {
	t := new(tables)
	var lengths [288]uint8
	for i := range lengths {
		switch {
		case i < 144:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		default:
			lengths[i] = 8
		}
	}
	build(t.literal[:], literalBits, lengths[:], literalEntry)
	for i := range 32 {
		lengths[i] = 5
	}
	build(t.distance[:], distanceBits, lengths[:32], distanceEntry)
	return t
})

// literalEntry is what a symbol of the literal and length code means: 257 to
// 264 are the lengths from 3 on, then each four share a number of extra bits,
// and the last is the longest there is.
func literalEntry(symbol int) entry {
	n := symbol - endOfBlock - 1
	switch {
	case n < -1:
		return newEntry(symbol, opLiteral)
	case n < 0:
		return newEntry(0, opEnd)
	case n < 8:
		return newEntry(n+3, 0)
	case n < 28:
		extra := uint(n/4 - 1)
		return newEntry(3+(4+n%4)<<extra, extra)
	case n == 28:
		return newEntry(maxMatch, 0)
	}
	return newEntry(0, opInvalid)
}

// distanceEntry is what a symbol of the distance code means: the distances from
// 1 to 4, then two each share a number of extra bits.
func distanceEntry(symbol int) entry {
	switch {
	case symbol < 4:
		return newEntry(symbol+1, 0)
	case symbol < maxDistances:
		extra := uint(symbol/2 - 1)
		return newEntry(1+(2+symbol%2)<<extra, extra)
	}
	return newEntry(0, opInvalid)
}

// lengthEntry is what a symbol of the code of code lengths means: itself.
func lengthEntry(symbol int) entry { return newEntry(symbol, opLiteral) }

// build fills a table whose first 1<<root entries are looked up first with the
// canonical code that has these lengths (RFC 1951 section 3.2.2). It reports
// whether there is such a code: lengths that leave bits without a meaning are
// no code but for the case of at most one symbol, of one bit.
func build(table []entry, root uint, lengths []uint8, mean func(symbol int) entry) bool {
	var order [288]uint16
	sorted, count, longest := sortByLength(order[:], lengths)
	left := 1
	for n := 1; n <= maxCodeBits; n++ {
		if left = left<<1 - count[n]; left < 0 {
			return false
		}
	}
	if left > 0 && longest > 1 {
		return false
	}
	for i := range table[:1<<root] {
		table[i] = newEntry(0, opInvalid) | entry(root)
	}
	next := 1 << root         // the first entry that is not used
	code, width := 0, uint(0) // canonical, and its bits
	var second []entry        // for codes that share their first root bits
	prefix := -1              // which these are
	for _, symbol := range sorted {
		n := uint(lengths[symbol])
		code <<= n - width
		width = n
		reversed := int(bits.Reverse16(uint16(code)) >> (16 - n))
		code++
		if n <= root {
			fill(table[:1<<root], reversed, n, mean(int(symbol))|entry(n))
		} else {
			if p := reversed & (1<<root - 1); p != prefix {
				prefix = p
				w := secondWidth(&count, n, root, longest)
				second = table[next : next+1<<w]
				table[p] = newEntry(next, opLink|w) | entry(root)
				next += 1 << w
			}
			fill(second, reversed>>root, n-root, mean(int(symbol))|entry(n-root))
		}
		count[n]--
	}
	return true
}

// sortByLength puts the symbols that have a code into order, in the order of
// their codes, and returns them, how many there are of each length, and the
// greatest length.
func sortByLength(order []uint16, lengths []uint8) (sorted []uint16, count [maxCodeBits + 1]int, longest uint) {
	for _, n := range lengths {
		count[n]++
	}
	var start [maxCodeBits + 2]int
	for n := 1; n <= maxCodeBits; n++ {
		start[n+1] = start[n] + count[n]
		if count[n] > 0 {
			longest = uint(n)
		}
	}
	for symbol, n := range lengths {
		if n > 0 {
			order[start[n]] = uint16(symbol)
			start[n]++
		}
	}
	count[0] = 0
	return order[:start[maxCodeBits+1]], count, longest
}

// secondWidth returns how many bits the second table needs that begins with a
// code of n bits: the codes not yet placed fill it in their order.
func secondWidth(count *[maxCodeBits + 1]int, n, root, longest uint) uint {
	w := n - root
	left := 1 << w
	for n < longest {
		if left -= count[n]; left <= 0 {
			break
		}
		n++
		w++
		left <<= 1
	}
	return w
}

// fill sets every entry whose index ends with a code of n bits.
func fill(table []entry, code int, n uint, e entry) {
	for i := code; i < len(table); i += 1 << n {
		table[i] = e
	}
}
