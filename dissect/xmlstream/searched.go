package xmlstream

// piece is a part of a stream's bytes with its origin.
type piece struct {
	data  []byte
	off   int
	at    Origin
	inner bool // it does not begin where a chunk began
}

func (l *search) buffered() int { return cap(l.buf) + cap(l.junk) }

// add counts bytes as skipped.
func (l *search) add(b []byte, size int, first, last Origin) {
	if l.size == 0 {
		l.first = first
	}
	l.size += size
	if last.Frame > l.last.Frame || l.size == size {
		l.last = last
	}
	if n := keptOfOversized*4 - len(l.junk); n > 0 {
		l.junk = append(l.junk, b[:min(len(b), n)]...)
	}
}

// skip counts buf[pos:to] as skipped.
func (l *search) skip(to int) {
	if to == l.pos {
		return // and the measure of what begins here still holds
	}
	l.add(l.buf[l.pos:to], to-l.pos, l.originOf(l.pos), l.latest(l.pos, to))
	l.pos, l.locked, l.framed = to, false, 0
}

// gap says that bytes are missing behind those searched: none of them can be
// the beginning of what follows.
func (l *search) gap() {
	l.skip(len(l.buf))
	l.now, l.cdata = true, cdata{seen: l.base + len(l.buf)}
}

func (l *search) originOf(i int) Origin {
	at := l.origins[0].at
	for _, o := range l.origins {
		if o.off > l.base+i {
			break
		}
		at = o.at
	}
	return at
}

// latest returns the origin of buf[from:to] that was captured last. Segments
// that overtook each other come in the order of the stream.
func (l *search) latest(from, to int) Origin {
	at := l.originOf(from)
	for _, o := range l.origins {
		if o.off > l.base+from && o.off < l.base+to && o.at.Frame > at.Frame {
			at = o.at
		}
	}
	return at
}

// substantial is the size from which on a chunk is taken for what its sender
// wrote at once.
const substantial = 32

// startsChunk reports whether buf[i] began a chunk of some size.
func (l *search) startsChunk(i int) bool {
	for k, o := range l.origins {
		if o.off == l.base+i && !o.inner {
			end := l.base + len(l.buf)
			if k+1 < len(l.origins) {
				end = l.origins[k+1].off
			}
			return end-o.off >= substantial
		}
	}
	return false
}

// maxOrigins bounds how many chunks are told apart in the bytes that wait for
// a decision. Those past it count as part of the one before.
const maxOrigins = 4096

// absorb takes over a chunk, or the rest of one. While the buffer holds nothing
// else it is the chunk itself; own makes it a copy.
func (l *search) absorb(p piece) {
	b := p.data
	if len(b) == 0 {
		return
	}
	p.data = nil
	if l.pos == len(l.buf) {
		l.base += l.pos
		l.buf, l.borrowed, l.pos, l.framed = b[:len(b):len(b)], true, 0, 0
		p.off = l.base
		l.origins = append(l.origins[:0], p)
		return
	}
	l.own()
	if len(l.origins) == maxOrigins {
		l.thin()
	}
	p.off = l.base + len(l.buf)
	l.origins = append(l.origins, p)
	l.buf = append(l.buf, b...)
}

// thin lets every second one of the older half of the origins go: their bytes
// count as part of the chunk before.
func (l *search) thin() {
	kept := l.origins[:0]
	for i, o := range l.origins {
		if i >= maxOrigins/2 || i%2 == 0 {
			kept = append(kept, o)
		}
	}
	l.origins = kept
}

// own lets go of what is decided and makes the rest the search's own.
func (l *search) own() {
	if l.pos == 0 && !l.borrowed {
		return
	}
	if l.borrowed {
		l.buf, l.borrowed = append([]byte(nil), l.buf[l.pos:]...), false
	} else {
		l.buf = l.buf[:copy(l.buf, l.buf[l.pos:])]
	}
	l.base += l.pos
	l.end -= l.pos
	l.start -= l.pos
	if l.framed > 0 {
		l.framed -= l.pos
	}
	l.pos = 0
	k := 0
	for k+1 < len(l.origins) && l.origins[k+1].off <= l.base {
		k++
	}
	l.origins = append(l.origins[:0], l.origins[k:]...)
}
