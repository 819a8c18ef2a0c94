package pcapfile

import (
	"errors"
	"io"

	"talktrace/capture"
)

// The magic numbers of pcap, as a machine of the reader's byte order sees them.
const (
	magicMicroseconds = 0xa1b2c3d4
	magicNanoseconds  = 0xa1b23c4d
	magicModified     = 0xa1b2cd34 // Alexey Kuznetzov's patched libpcap
)

const (
	fileHeader     = 24
	recordHeader   = 16
	modifiedHeader = 24 // with interface index, protocol and packet type
)

// classicFile is what the header of a pcap file says of its records.
type classicFile struct {
	link      capture.LinkType
	header    int   // bytes before the data of a record
	unit      int64 // nanoseconds in one unit of the fraction of a second
	precision int
	unsure    bool // captured and original length may have changed places
}

func (c *classicFile) recognize(magic []byte, big *byteOrder) bool {
	for _, order := range []byteOrder{littleEndian, bigEndian} {
		*big = order
		switch order.uint32(magic) {
		case magicMicroseconds:
			*c = classicFile{header: recordHeader, unit: 1000, precision: 6}
			return true
		case magicNanoseconds:
			*c = classicFile{header: recordHeader, unit: 1, precision: 9}
			return true
		case magicModified:
			*c = classicFile{header: modifiedHeader, unit: 1000, precision: 6}
			return true
		}
	}
	return false
}

// readFileHeader reads what follows the magic number: version, time zone and
// accuracy (which nobody fills in), snapshot length, link type.
func (r *Reader) readFileHeader() error {
	head := r.in.peek(fileHeader)
	if len(head) < fileHeader {
		return r.short("the file header", fileHeader, len(head))
	}
	major, minor := r.big.uint16(head[4:]), r.big.uint16(head[6:])
	// Up to version 2.3 writers disagreed on which of the two lengths comes
	// first.
	r.classic.unsure = major == 2 && minor <= 3
	// The upper half of the word may tell of a frame check sequence at the
	// end of each frame; the lengths inside a frame do without.
	r.classic.link = capture.LinkType(r.big.uint32(head[20:]) & 0xffff)
	r.in.pos += fileHeader
	return nil
}

// lengths returns the captured and the original length in a record's header.
func (r *Reader) lengths(head []byte) (captured, length uint32) {
	captured, length = r.big.uint32(head[8:]), r.big.uint32(head[12:])
	if r.classic.unsure && captured > length {
		return length, captured
	}
	return captured, length
}

// recordSize is how many bytes a record with this header has, for Buffered.
func (r *Reader) recordSize(head []byte) int {
	captured, _ := r.lengths(head)
	return r.classic.header + int(captured)
}

// nextRecord reads the next record of a pcap file.
func (r *Reader) nextRecord(f *capture.Frame) error {
	c := &r.classic
	head := r.in.peek(c.header)
	if len(head) < c.header {
		if len(head) == 0 && errors.Is(r.in.err, io.EOF) {
			return io.EOF
		}
		return r.short("a packet record header", c.header, len(head))
	}
	seconds, fraction := r.big.uint32(head), r.big.uint32(head[4:])
	captured, length := r.lengths(head)
	if captured > maxFrame {
		return damaged("a packet record claims %d captured bytes", captured)
	}
	size := c.header + int(captured)
	record := r.in.peek(size)
	if len(record) < size {
		return r.short("a packet record", size, len(record))
	}
	r.in.pos += size
	*f = capture.Frame{
		Time:      int64(seconds)*1e9 + int64(fraction)*c.unit,
		Precision: c.precision,
		Data:      record[c.header:size:size],
		Length:    int(max(length, captured)),
		Link:      c.link,
	}
	return nil
}
