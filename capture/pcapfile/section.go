package pcapfile

import (
	"bytes"
	"math"
	"math/bits"
	"net/netip"

	"talktrace/capture"
)

// section is what is known of the pcapng section being read. Interfaces are
// numbered from 0 in each; in frames the numbering goes on from section to
// section.
type section struct {
	before     int // interfaces of earlier sections
	interfaces []origin
}

// origin is an interface as its description block tells of it.
type origin struct {
	link    capture.LinkType
	snaplen uint32 // 0 means no limit
	clock   clock
	told    *capture.Origin // nil where the description tells nothing
}

func (r *Reader) beginSection(body []byte) error {
	if len(body) < 16 {
		return damaged("a section header of %d bytes is too short for its fields", len(body))
	}
	if major := r.big.uint16(body[4:]); major != 1 {
		return damaged("version %d of pcapng is not known", major)
	}
	// The section's length, if given, is of no use to who reads on anyway.
	r.statistics.endSection()
	opts := options{body[16:], r.big}
	for code, _, ok := opts.next(); ok; code, _, ok = opts.next() {
		switch code {
		case sectionProgram:
		case optionComment:
			r.other("comments on the whole")
		default:
			r.other("what is said of the machine that captured")
		}
	}
	r.section.before += len(r.section.interfaces)
	r.section.interfaces = r.section.interfaces[:0]
	return nil
}

const (
	optionEnd     = 0
	optionComment = 1

	interfaceName        = 2  // if_name
	interfaceDescription = 3  // if_description
	interfaceResolution  = 9  // if_tsresol
	interfaceFilter      = 11 // if_filter
	interfaceOffset      = 14 // if_tsoffset

	// maxTold bounds what is kept of each thing that a description tells.
	maxTold = 256
)

func (r *Reader) addInterface(body []byte) error {
	if len(body) < 8 {
		return damaged("an interface description of %d bytes is too short for its fields", len(body))
	}
	if len(r.section.interfaces) == maxInterfaces {
		return damaged("a section has more than %d interfaces", maxInterfaces)
	}
	resolution, offset := byte(6), int64(0)
	told := capture.Origin{Snaplen: int(r.big.uint32(body[4:]))}
	opts := options{body[8:], r.big}
	for code, value, ok := opts.next(); ok; code, value, ok = opts.next() {
		switch {
		case code == interfaceName:
			told.Name = text(value)
		case code == interfaceDescription:
			told.Description = text(value)
		case code == interfaceFilter && len(value) > 0 && value[0] == 0: // as text, not as a program
			told.Filter = text(value[1:])
		case code == interfaceResolution && len(value) >= 1:
			resolution = value[0]
		case code == interfaceOffset && len(value) >= 8:
			offset = int64(r.big.uint64(value))
		default:
			r.other("more about interfaces")
		}
	}
	i := origin{
		link:    capture.LinkType(r.big.uint16(body)),
		snaplen: r.big.uint32(body[4:]),
		clock:   newClock(resolution, offset),
	}
	if told != (capture.Origin{}) {
		i.told = &told
	}
	r.section.interfaces = append(r.section.interfaces, i)
	return nil
}

// other tells of what is in the file and goes no further.
func (r *Reader) other(what string) {
	if r.hooks.Other != nil {
		r.hooks.Other(what)
	}
}

// text returns the text of an option, which some writers end by a zero byte.
func text(value []byte) string {
	value = value[:min(len(value), maxTold)]
	return string(bytes.TrimRight(value, "\x00"))
}

// options walks over the options at the end of a block. A length that reaches
// past the block ends the walk: the record before it is whole all the same.
type options struct {
	rest []byte
	big  byteOrder
}

func (o *options) next() (code uint16, value []byte, ok bool) {
	if len(o.rest) < 4 {
		return 0, nil, false
	}
	code, n := o.big.uint16(o.rest), int(o.big.uint16(o.rest[2:]))
	if code == optionEnd || n > len(o.rest)-4 {
		return 0, nil, false
	}
	value = o.rest[4 : 4+n]
	o.rest = o.rest[min(4+(n+3)&^3, len(o.rest)):]
	return code, value, true
}

// comments joins the comments among a packet's options by newlines.
func (r *Reader) comments(b []byte) string {
	r.comment = r.comment[:0]
	found := 0
	opts := options{b, r.big}
	for code, value, ok := opts.next(); ok; code, value, ok = opts.next() {
		if code != optionComment {
			r.other("flags and counts of frames")
			continue
		}
		if found++; found > 1 {
			r.comment = append(r.comment, '\n')
		}
		r.comment = append(r.comment, value...)
	}
	return string(r.comment)
}

// readSecrets hands on a Decryption Secrets Block: type, length, data. A length
// that reaches past the block is cut to it.
func (r *Reader) readSecrets(body []byte) {
	if len(body) < 8 {
		return
	}
	kind, n, data := r.big.uint32(body), r.big.uint32(body[4:]), body[8:]
	r.hooks.Secrets(kind, bytes.Clone(data[:min(uint64(n), uint64(len(data)))]))
}

const (
	nameEnd  = 0
	nameIPv4 = 1
	nameIPv6 = 2
)

// readNames hands on a Name Resolution Block: records of an address and its
// names, each name ended by a zero byte.
func (r *Reader) readNames(body []byte) {
	records := options{body, r.big} // which are built alike
	for kind, value, ok := records.next(); ok && kind != nameEnd; kind, value, ok = records.next() {
		size := 0
		switch kind {
		case nameIPv4:
			size = 4
		case nameIPv6:
			size = 16
		}
		if size == 0 || len(value) < size {
			continue
		}
		addr, _ := netip.AddrFromSlice(value[:size])
		for name := range bytes.SplitSeq(value[size:], []byte{0}) {
			if len(name) > 0 {
				r.hooks.Name(addr, string(name))
			}
		}
	}
}

// clock turns an interface's units of time into nanoseconds since 1970.
type clock struct {
	multiply  uint64
	shift     uint   // then to the right
	divide    uint64 // then
	offset    int64  // nanoseconds to add
	precision int    // decimal digits of a second
}

// newClock understands the options if_tsresol (a power of ten, or of two
// where the high bit is set) and if_tsoffset (seconds). An offset of more than
// 292 years is nonsense and left out.
func newClock(resolution byte, offset int64) clock {
	c := clock{multiply: 1, divide: 1}
	switch n := int(resolution &^ 0x80); {
	case resolution&0x80 != 0:
		c.multiply, c.shift = 1e9, uint(n)
		c.precision = min(n, 9) // a half has one digit, a quarter two
	case n <= 9:
		c.multiply = power10(9 - n)
		c.precision = n
	case n <= 28:
		c.divide = power10(n - 9)
		c.precision = 9
	default: // 64 bits of such units are no nanosecond
		c.multiply, c.precision = 0, 9
	}
	if high, low := bits.Mul64(uint64(max(offset, -offset)), 1e9); high == 0 && low <= math.MaxInt64 {
		c.offset = int64(low)
		if offset < 0 {
			c.offset = -c.offset
		}
	}
	return c
}

func power10(n int) uint64 {
	p := uint64(1)
	for range n {
		p *= 10
	}
	return p
}

// nanoseconds never overflows: a time beyond the year 2262 becomes the last
// nanosecond that can be told.
func (c *clock) nanoseconds(t uint64) int64 {
	high, low := bits.Mul64(t, c.multiply)
	if c.shift > 0 {
		if c.shift >= 64 {
			high, low = 0, high>>(c.shift-64)
		} else {
			high, low = high>>c.shift, high<<(64-c.shift)|low>>c.shift
		}
	}
	if c.divide > 1 && high == 0 {
		low /= c.divide
	}
	if high > 0 || low > math.MaxInt64 {
		low = math.MaxInt64
	}
	ns := int64(low)
	if c.offset > 0 && ns > math.MaxInt64-c.offset {
		return math.MaxInt64
	}
	return ns + c.offset
}
