package deflate

// symbols reads on in the symbols of a block.
func (z *Inflater) symbols(room []byte, n int) (end int, more bool, err error) {
	for {
		n = z.copyMatch(room, n)
		if n, err = z.fast(room, n); err != nil || z.stage != dueSymbols {
			return n, true, err
		}
		if n == len(room) {
			z.giveBack()
			return n, false, nil
		}
		z.fill()
		ok, err := z.symbol(room, &n)
		switch {
		case err != nil:
			return n, false, err
		case z.stage != dueSymbols:
			return n, true, nil
		case !ok:
			return n, false, nil
		}
	}
}

// symbol reads one literal, the end of the block, or a length with its
// distance, for which 48 bits suffice (15 and 5 extra, 15 and 13 extra). Where
// bits are missing it takes none and reports false.
func (z *Inflater) symbol(room []byte, n *int) (ok bool, err error) {
	e, used := lookup(z.codes.literal[:], literalBits, z.buf)
	op := e.op()
	switch {
	case used+op&0x0f > z.count:
		return false, nil
	case op == opLiteral:
		z.take(used)
		room[*n] = byte(e.value())
		*n++
		z.given = true
		return true, nil
	case op == opEnd:
		z.take(used)
		z.endBlock()
		return true, nil
	case op == opInvalid:
		return false, ErrSymbol
	}
	length := e.value() + int(z.buf>>used&(1<<op-1))
	used += op
	d, more := lookup(z.codes.distance[:], distanceBits, z.buf>>used)
	used += more
	if op = d.op(); used+op&0x0f > z.count {
		return false, nil
	}
	if op == opInvalid {
		return false, ErrSymbol
	}
	distance := d.value() + int(z.buf>>used&(1<<op-1))
	if distance > *n+z.filled {
		return false, ErrDistance
	}
	z.take(used + op)
	z.length, z.distance, z.given = length, distance, true
	*n = z.copyMatch(room, *n)
	return true, nil
}

// lookup returns what the next bits mean and how many of them say it.
func lookup(table []entry, root uint, buf uint64) (e entry, used uint) {
	e = table[buf&(1<<root-1)]
	if e.op()&opLink == 0 {
		return e, e.width()
	}
	e = table[e.value()+int(buf>>root&(1<<(e.op()&0x0f)-1))]
	return e, root + e.width()
}
