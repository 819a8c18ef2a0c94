package pcapfile

import (
	"io"
	"math/bits"
)

const (
	// firstWindow is what a window begins with: large enough that a refill
	// costs little, small enough to stay in a core's cache and to let a
	// hundred files be merged.
	firstWindow = 256 << 10

	// idleReads bounds how often in a row a stream may deliver nothing
	// without saying why.
	idleReads = 100
)

// A window is the part of a byte stream that is in memory. Records are looked
// at in place: what peek returns stays where it is until the next call of peek
// or skip.
//
// It grows with the bytes that have arrived, never with the bytes that a
// length field promises, so that a lying length costs no memory.
type window struct {
	src      io.Reader
	buf      []byte
	pos, end int   // buf[pos:end] is still unread
	base     int64 // offset in the stream of buf[0]
	err      error // how src ended; io.EOF or a failure
}

// offset is the place in the stream of the next unread byte.
func (w *window) offset() int64 { return w.base + int64(w.pos) }

// peek returns the next n bytes without passing them. It returns fewer only
// where the stream ends, and w.err then says why.
func (w *window) peek(n int) []byte {
	if w.end-w.pos < n {
		w.fill(n)
	}
	return w.buf[w.pos:min(w.pos+n, w.end)]
}

// skip passes the next n bytes without keeping them, and returns how many
// there were.
func (w *window) skip(n int) int {
	left := n
	for {
		k := min(left, w.end-w.pos)
		w.pos += k
		left -= k
		if left == 0 || w.err != nil {
			return n - left
		}
		w.fill(1)
	}
}

// fill reads until n bytes are unread or the stream ends.
func (w *window) fill(n int) {
	idle := 0
	for w.end-w.pos < n && w.err == nil {
		w.makeRoom(n)
		k, err := w.src.Read(w.buf[w.end:])
		w.end += k
		w.err = err
		switch {
		case k > 0:
			idle = 0
		case err == nil:
			if idle++; idle == idleReads {
				w.err = io.ErrNoProgress
			}
		}
	}
}

// makeRoom moves the unread bytes to the front where n of them would not fit
// behind, and doubles the buffer where it is full.
func (w *window) makeRoom(n int) {
	if w.pos > 0 && (w.pos == w.end || w.pos+n > len(w.buf)) {
		copy(w.buf, w.buf[w.pos:w.end])
		w.base += int64(w.pos)
		w.end -= w.pos
		w.pos = 0
	}
	if w.end == len(w.buf) {
		grown := make([]byte, max(2*len(w.buf), firstWindow))
		copy(grown, w.buf[:w.end])
		w.buf = grown
	}
}

// byteOrder reads integers as the machine that wrote the file would. It is a
// plain bool, true for big-endian, because an interface call for each field
// would be most of the cost of a small frame.
type byteOrder bool

func (big byteOrder) uint16(b []byte) uint16 {
	v := uint16(b[0]) | uint16(b[1])<<8
	if big {
		v = bits.ReverseBytes16(v)
	}
	return v
}

func (big byteOrder) uint32(b []byte) uint32 {
	v := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
	if big {
		v = bits.ReverseBytes32(v)
	}
	return v
}

func (big byteOrder) uint64(b []byte) uint64 {
	v := uint64(littleEndian.uint32(b)) | uint64(littleEndian.uint32(b[4:]))<<32
	if big {
		v = bits.ReverseBytes64(v)
	}
	return v
}

const (
	littleEndian byteOrder = false
	bigEndian    byteOrder = true
)
