package reassembly

import "slices"

// The bounds of what waits for the rest of its datagram.
const (
	maxDatagrams     = 1024     // datagrams at a time
	maxFragmentBytes = 8 << 20  // their bytes
	maxSpans         = 128      // runs of one datagram that do not touch
	maxDatagram      = 64 << 10 // bytes of one, as its length field has it
	fragmentWait     = 30 * 1e9 // nanoseconds between the first and the last fragment
	fragmentCost     = 512      // bytes of memory that a datagram takes besides its data
	partCost         = 8        // bytes of memory that the number of a frame takes
)

type fragmentKey struct {
	addresses
	id       uint32
	protocol uint8
}

// partial is a datagram of which fragments are known.
type partial struct {
	key      fragmentKey
	begun    int64 // time of the first fragment
	protocol uint8 // as the fragment at offset 0 has it
	count    int   // fragments
	total    int   // length of the whole, or -1 while the last is not there
	data     []byte
	spans    []span // what is there of data, sorted, not touching each other
	parts    []int  // the frames, where somebody wants to know
}

// span is the range [from, to) of a datagram.
type span struct{ from, to int }

// fragments are the datagrams that are not whole yet.
type fragments struct {
	known map[fragmentKey]*partial
	order []*partial // by first fragment
	bytes int
}

// fragment takes one fragment and, where it completes the datagram, looks
// into that.
func (a *Assembler) fragment(k fragmentKey, offset int, more bool, protocol uint8, v view) {
	if a.locate(HeaderFragment, v) {
		return
	}
	a.stats.Fragments++
	a.fragments.expire(a.now, &a.stats)
	end := offset + v.wire
	if len(v.data) < v.wire || end > maxDatagram || v.wire == 0 || more && v.wire%8 != 0 {
		a.stats.FragmentsDropped++
		return
	}
	p := a.fragments.get(k, a.now, &a.stats)
	p.count++
	if offset == 0 {
		p.protocol = protocol
	}
	if !more && p.total < 0 {
		p.total = end
	}
	grown := p.add(offset, v.data)
	a.fragments.bytes += grown
	if a.segments != nil {
		p.parts = append(append(p.parts, a.parts...), a.number)
		a.fragments.bytes += (len(a.parts) + 1) * partCost
	}
	switch {
	case len(p.spans) > maxSpans:
		a.fragments.drop(p, &a.stats)
	case p.spans[0] == span{0, p.total}:
		a.fragments.remove(p)
		a.addr = k.addresses
		if a.segments != nil {
			a.parts = append(a.parts[:0], p.parts[:len(p.parts)-1]...)
		}
		a.transport(p.protocol, view{p.data, p.total})
	default:
		a.fragments.trim(&a.stats)
	}
}

// add puts data in its place where nothing is yet: what came first stands. It
// returns by how many bytes the datagram's memory grew.
func (p *partial) add(from int, data []byte) (grown int) {
	to := from + len(data)
	if to > len(p.data) {
		grown = to - len(p.data)
		p.data = slices.Grow(p.data, grown)[:to]
	}
	i := 0
	for i < len(p.spans) && p.spans[i].to < from {
		i++
	}
	whole, j := span{from, to}, i
	for at := from; at < to; j++ {
		if j == len(p.spans) || p.spans[j].from > to {
			copy(p.data[at:to], data[at-from:])
			break
		}
		s := p.spans[j]
		if at < s.from {
			copy(p.data[at:s.from], data[at-from:])
		}
		at = max(at, s.to)
		whole = span{min(whole.from, s.from), max(whole.to, s.to)}
	}
	p.spans = slices.Replace(p.spans, i, j, whole)
	return grown
}

// get returns the datagram of a key, a new one where there is none.
func (f *fragments) get(k fragmentKey, now int64, stats *Stats) *partial {
	if p := f.known[k]; p != nil {
		return p
	}
	if f.known == nil {
		f.known = make(map[fragmentKey]*partial)
	}
	p := &partial{key: k, begun: now, total: -1}
	f.known[k] = p
	f.order = append(f.order, p)
	f.bytes += fragmentCost
	f.trim(stats)
	return p
}

// expire drops the datagrams that have waited too long. Should time run
// backwards they stay until it has caught up, or until they are in the way.
func (f *fragments) expire(now int64, stats *Stats) {
	for len(f.order) > 0 && now-f.order[0].begun > fragmentWait {
		f.drop(f.order[0], stats)
	}
}

// trim drops the oldest datagrams, but the last, until the rest is in bounds.
func (f *fragments) trim(stats *Stats) {
	for len(f.order) > 1 && (len(f.order) > maxDatagrams || f.bytes > maxFragmentBytes) {
		f.drop(f.order[0], stats)
	}
}

func (f *fragments) drop(p *partial, stats *Stats) {
	stats.FragmentsDropped += p.count
	f.remove(p)
}

func (f *fragments) remove(p *partial) {
	delete(f.known, p.key)
	f.bytes -= fragmentCost + len(p.data) + len(p.parts)*partCost
	i := slices.Index(f.order, p)
	f.order = slices.Delete(f.order, i, i+1)
}

func (f *fragments) clear(stats *Stats) {
	for len(f.order) > 0 {
		f.drop(f.order[0], stats)
	}
}
