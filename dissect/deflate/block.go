package deflate

// dynamic is the head of a block that brings its own codes (RFC 1951 section
// 3.2.7), as far as it has been read.
type dynamic struct {
	literals, distances, written int // how many lengths there are, and how many of the code they are written in
	seen                         int
	lengths                      [maxLiterals + maxDistances]uint8
}

// blocks reads on in the blocks and appends to dst, up to its capacity. It
// reports whether it got to their end; else dst is full or the bytes are used
// up.
func (z *Inflater) blocks(dst []byte) (out []byte, more bool, err error) {
	room := dst[len(dst):cap(dst)]
	n := 0
	for more = true; more && err == nil && z.stage.isBlock(); {
		switch z.stage {
		case dueBlock:
			more, err = z.blockHeader()
		case dueStoredSize:
			more, err = z.storedSize()
		case dueStored:
			n, more = z.copyStored(room, n)
		case dueCounts:
			more, err = z.dynamicCounts()
		case dueLengthCode:
			more, err = z.lengthCode()
		case dueLengths:
			more, err = z.codeLengths()
		case dueSymbols:
			n, more, err = z.symbols(room, n)
		}
	}
	z.remember(room[:n])
	if z.check != nil {
		z.check.Write(room[:n])
		z.size += uint32(n)
	}
	return dst[:len(dst)+n], more, err
}

// blockHeader reads the three bits that every block begins with.
func (z *Inflater) blockHeader() (more bool, err error) {
	if !z.need(3) {
		return false, nil
	}
	z.given = false
	z.final = z.take(1) == 1
	switch z.take(2) {
	case 0:
		z.align()
		z.stage = dueStoredSize
	case 1:
		z.codes = fixed()
		z.stage = dueSymbols
	case 2:
		z.stage = dueCounts
	default:
		return false, ErrBlockType
	}
	return true, nil
}

// endBlock goes on to what comes behind a block.
func (z *Inflater) endBlock() {
	z.stage = dueBlock
	if !z.final {
		return
	}
	z.align()
	if z.format != Messages { // where a last block only ends a message (RFC 7692 section 7.2.3.4)
		z.giveBack()
		z.stage = dueChecksum
	}
}

func (z *Inflater) storedSize() (more bool, err error) {
	if !z.need(32) {
		return false, nil
	}
	size := z.take(16)
	if size^0xffff != z.take(16) {
		return false, ErrStored
	}
	z.stored, z.stage = size, dueStored
	z.giveBack()
	return true, nil
}

func (z *Inflater) copyStored(room []byte, n int) (end int, more bool) {
	in := z.src[z.at:]
	k := copy(room[n:], in[:min(z.stored, len(in))])
	z.at += k
	if z.stored -= k; z.stored > 0 {
		return n + k, false
	}
	z.endBlock()
	return n + k, true
}

// dynamicCounts reads how many lengths of each kind follow.
func (z *Inflater) dynamicCounts() (more bool, err error) {
	if !z.need(14) {
		return false, nil
	}
	h := &z.header
	h.literals, h.distances, h.written, h.seen = z.take(5)+257, z.take(5)+1, z.take(4)+4, 0
	if h.literals > maxLiterals || h.distances > maxDistances {
		return false, ErrCode
	}
	clear(h.lengths[:lengthCodes])
	z.stage = dueLengthCode
	return true, nil
}

// lengthCode reads the code in which the lengths are written. Its table takes
// the place of the one for distances, which is not needed yet.
func (z *Inflater) lengthCode() (more bool, err error) {
	const order = "\x10\x11\x12\x00\x08\x07\x09\x06\x0a\x05\x0b\x04\x0c\x03\x0d\x02\x0e\x01\x0f"
	h := &z.header
	for h.seen < h.written {
		if !z.need(3) {
			return false, nil
		}
		h.lengths[order[h.seen]] = uint8(z.take(3))
		h.seen++
	}
	if !build(z.own.distance[:], lengthBits, h.lengths[:lengthCodes], lengthEntry) {
		return false, ErrCode
	}
	h.seen = 0
	z.stage = dueLengths
	return true, nil
}

// codeLengths reads the lengths of the block's two codes, in one row.
func (z *Inflater) codeLengths() (more bool, err error) {
	h := &z.header
	for h.seen < h.literals+h.distances {
		z.need(14)
		e := z.own.distance[z.buf&(1<<lengthBits-1)]
		if e.width() > z.count {
			return false, nil
		}
		if e.op() == opInvalid {
			return false, ErrSymbol
		}
		ok, err := z.codeLength(e)
		if !ok || err != nil {
			return false, err
		}
	}
	if h.lengths[endOfBlock] == 0 ||
		!build(z.own.literal[:], literalBits, h.lengths[:h.literals], literalEntry) ||
		!build(z.own.distance[:], distanceBits, h.lengths[h.literals:h.seen], distanceEntry) {
		return false, ErrCode
	}
	z.codes = &z.own
	z.stage = dueSymbols
	return true, nil
}

// codeLength takes one length, or a run of equal ones. It reports whether there
// were bits enough.
func (z *Inflater) codeLength(e entry) (ok bool, err error) {
	h := &z.header
	value, times, extra := uint8(e.value()), 1, uint(0)
	switch e.value() {
	case 16:
		if h.seen == 0 {
			return false, ErrCode
		}
		value, times, extra = h.lengths[h.seen-1], 3, 2
	case 17:
		value, times, extra = 0, 3, 3
	case 18:
		value, times, extra = 0, 11, 7
	}
	if e.width()+extra > z.count {
		return false, nil
	}
	z.take(e.width())
	times += z.take(extra)
	if h.seen+times > h.literals+h.distances {
		return false, ErrCode
	}
	for range times {
		h.lengths[h.seen] = value
		h.seen++
	}
	return true, nil
}
