package xmlstream

import (
	"encoding/binary"
	"math/bits"
)

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plain returns how many bytes at the start of b are neither control characters
// nor one of the three given, and whether some are over 0x7f. It looks at eight
// bytes at a time: those that are below space, or zero after the exclusive or
// with one looked for, borrow into their high bit. A borrow may reach bytes
// behind, never before, so the first one found is right.
func plain(b []byte, x, y, z byte) (n int, high bool) {
	xs, ys, zs := ones*uint64(x), ones*uint64(y), ones*uint64(z)
	var seen uint64
	for len(b)-n >= 8 {
		w := binary.LittleEndian.Uint64(b[n:])
		u, v, t := w^xs, w^ys, w^zs
		m := ((w-ones*' ')&^w | (u-ones)&^u | (v-ones)&^v | (t-ones)&^t) & highs
		if m != 0 {
			k := bits.TrailingZeros64(m) / 8
			seen |= w & (1<<(8*k) - 1)
			return n + k, seen&highs != 0
		}
		seen |= w
		n += 8
	}
	for n < len(b) && b[n] >= ' ' && b[n] != x && b[n] != y && b[n] != z {
		seen |= uint64(b[n])
		n++
	}
	return n, seen&highs != 0
}
