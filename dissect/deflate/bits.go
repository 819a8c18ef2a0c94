package deflate

import "encoding/binary"

// bitReader reads a run of bytes bit by bit, the lowest bit of a byte first
// (RFC 1951 section 3.1.1). Bits that do not suffice for what is being read
// stay in buf until more bytes come.
type bitReader struct {
	src   []byte // the caller's bytes
	at    int    // src[:at] has been taken into buf
	buf   uint64 // the next bit is the lowest; those from count on are zero
	count uint   // bits in buf
}

// need takes bytes until buf holds n bits, 56 at most, and reports whether it
// does.
func (r *bitReader) need(n uint) bool {
	for r.count < n {
		if r.at == len(r.src) {
			return false
		}
		r.buf |= uint64(r.src[r.at]) << r.count
		r.at++
		r.count += 8
	}
	return true
}

// fill takes as many bytes as buf has room for.
func (r *bitReader) fill() {
	if r.at+8 <= len(r.src) {
		r.buf |= binary.LittleEndian.Uint64(r.src[r.at:]) << r.count
		r.at += int(63-r.count) >> 3
		r.count |= 56
		r.buf &= 1<<r.count - 1
		return
	}
	r.need(56)
}

// take removes n bits, which are there, and returns them.
func (r *bitReader) take(n uint) int {
	v := r.buf & (1<<n - 1)
	r.buf >>= n
	r.count -= n
	return int(v)
}

// align drops the bits up to the next byte.
func (r *bitReader) align() { r.take(r.count & 7) }

// giveBack returns the whole bytes in buf to src. Those that an earlier run has
// brought have been used up by then: only what was not enough is left in buf
// at the end of a run, so the first thing read from the next one takes it all.
func (r *bitReader) giveBack() {
	n := min(r.count>>3, uint(r.at))
	r.at -= int(n)
	r.count -= 8 * n
	r.buf &= 1<<r.count - 1
}
