package deflate

import (
	"hash/adler32"
	"hash/crc32"
	"math/bits"
)

// stage says what is due next.
type stage uint8

// The stages of what is around the blocks, and then those of the blocks.
const (
	dueHeader     stage = iota
	dueGzipFields       // the optional fields of a gzip header
	dueChecksum
	dueSize    // of a gzip member
	dueMember  // another gzip member, or nothing
	dueNothing // the stream has ended
	dueBlock
	dueStoredSize
	dueStored
	dueCounts     // of the lengths that describe a block's codes
	dueLengthCode // the code in which these are written
	dueLengths
	dueSymbols
)

func (s stage) isBlock() bool { return s >= dueBlock }

// The flags of a gzip header (RFC 1952 section 2.3.1).
const (
	gzipCheck   = 1 << 1
	gzipExtra   = 1 << 2
	gzipName    = 1 << 3
	gzipComment = 1 << 4
	gzipUnknown = 0xe0
)

// begin expects a stream from its first byte on.
func (z *Inflater) begin() {
	z.stage = dueHeader
	if z.format == Messages {
		z.stage = dueBlock
	}
	z.check, z.size, z.flags, z.skip = nil, 0, 0, 0
	z.final, z.given, z.stored, z.length = false, false, 0, 0
	z.end, z.filled = 0, 0
}

// frame reads on in what is around the blocks. It reports whether there was
// enough to get further.
func (z *Inflater) frame() (more bool, err error) {
	switch z.stage {
	case dueHeader:
		return z.streamHeader()
	case dueGzipFields:
		return z.gzipFields(), nil
	case dueChecksum:
		return z.checksum()
	case dueSize:
		if !z.need(32) {
			return false, nil
		}
		if uint32(z.take(32)) != z.size {
			return false, ErrChecksum
		}
		z.stage = dueMember
	case dueMember:
		if !z.need(8) {
			return false, nil
		}
		z.giveBack()
		z.begin()
	default:
		if z.at < len(z.src) {
			return false, ErrTrailing
		}
		return false, nil
	}
	return true, nil
}

// streamHeader reads the header of the format.
func (z *Inflater) streamHeader() (more bool, err error) {
	if z.format == Gzip {
		if !z.need(32) {
			return false, nil
		}
		head := uint32(z.take(32))
		if z.flags = byte(head >> 24); head&0xffffff != 0x088b1f || z.flags&gzipUnknown != 0 {
			return false, ErrGzipHeader
		}
		z.skip = 6 // time, extra flags, system
		z.check = crc32.NewIEEE()
		z.stage = dueGzipFields
		return true, nil
	}
	if !z.need(16) {
		return false, nil
	}
	z.stage = dueBlock
	method, flags := byte(z.buf), byte(z.buf>>8)
	if method&0x0f != 8 || method>>4 > 7 || (uint(method)<<8|uint(flags))%31 != 0 {
		if z.format == Web {
			return true, nil
		}
		return false, ErrZlibHeader
	}
	z.take(16)
	if flags&0x20 != 0 {
		return false, ErrDictionary
	}
	z.check = adler32.New()
	return true, nil
}

// gzipFields passes over the fields of a gzip header that need not be there.
func (z *Inflater) gzipFields() (more bool) {
	switch {
	case z.skip > 0:
		if !z.need(8) {
			return false
		}
		z.take(8)
		z.skip--
	case z.flags&gzipExtra != 0:
		if !z.need(16) {
			return false
		}
		z.skip = z.take(16)
		z.flags &^= gzipExtra
	case z.flags&gzipName != 0:
		return z.gzipText(gzipName)
	case z.flags&gzipComment != 0:
		return z.gzipText(gzipComment)
	case z.flags&gzipCheck != 0:
		z.skip = 2
		z.flags &^= gzipCheck
	default:
		z.stage = dueBlock
	}
	return true
}

// gzipText passes over a byte of a field that a zero byte ends.
func (z *Inflater) gzipText(field byte) (more bool) {
	if !z.need(8) {
		return false
	}
	if z.take(8) == 0 {
		z.flags &^= field
	}
	return true
}

// checksum compares what came out with the sum behind the last block.
func (z *Inflater) checksum() (more bool, err error) {
	if z.check == nil { // of raw blocks there is none
		z.stage = dueNothing
		return true, nil
	}
	if !z.need(32) {
		return false, nil
	}
	sum := uint32(z.take(32))
	z.stage = dueSize
	if z.format != Gzip {
		sum = bits.ReverseBytes32(sum)
		z.stage = dueNothing
	}
	if sum != z.check.Sum32() {
		return false, ErrChecksum
	}
	return true, nil
}
