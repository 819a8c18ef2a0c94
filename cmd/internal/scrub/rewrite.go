package scrub

import (
	"net/netip"
	"slices"

	"talktrace/capture"
	"talktrace/reassembly"
)

// rewriter writes frames anew.
type rewriter struct {
	Options
	disguise *disguise
	frames   map[int]*brought
	hosts    hosts
	locator  reassembly.Locator
	data     []byte
}

// brought is what a frame brought of a conversation.
type brought struct {
	side, other *side
	seg         *segment
}

func newRewriter(r *redactor, all []*conversation) *rewriter {
	w := &rewriter{Options: r.Options, disguise: &r.disguise, frames: make(map[int]*brought), hosts: r.hosts}
	for _, v := range all {
		for i := range v.sides {
			s := &v.sides[i]
			for k := range s.segments {
				w.frames[s.segments[k].frame] = &brought{s, &v.sides[1-i], &s.segments[k]}
			}
		}
	}
	return w
}

// frame returns a frame as it is to be written; it is valid until the next one.
// What it carries that is no conversation becomes zeros, and so does what is
// behind the packet. It fails where a packet cannot become as long as it would have
// to be.
func (w *rewriter) frame(f *capture.Frame) (*capture.Frame, error) {
	p := locate(&w.locator, f)
	w.data = append(w.data[:0], f.Data...)
	was, grown := p.sums(w.data), 0
	clear(w.data[p.end:])
	switch g := w.frames[f.Number]; {
	case g == nil || !p.tcp && !p.piece:
		clear(w.data[p.payload:p.end])
	case !g.side.stretched && !g.other.stretched:
		g.write(w.data[g.seg.at : g.seg.at+len(g.seg.data)])
		w.joined(&p, g, f.Data)
	case p.piece:
		return nil, refuse(f.Number, "what is compressed and comes in fragments of IP cannot be rewritten; --open writes what was said in plain TCP")
	default:
		end := p.end
		w.data = g.stretch(w.data, &p)
		if grown = p.end - end; !p.resize(w.data, grown) {
			return nil, refuse(f.Number, "the packet cannot become longer; --open writes what was said in plain TCP")
		}
	}
	p.options(w.data)
	if w.Addresses {
		w.addresses(w.data, p.headers)
	}
	restore(w.data, was, grown)
	if w.MACs {
		w.stations(w.data, p.headers)
	}
	out := *f
	out.Length += len(w.data) - len(f.Data)
	out.Data, out.Comment, out.Origin = w.data, "", nil
	if f.Origin != nil && f.Origin.Snaplen > 0 {
		out.Origin = &capture.Origin{Snaplen: f.Origin.Snaplen}
	}
	return &out, nil
}

// joined makes the checksum of a segment in fragments fit, in the frame that holds
// its header: it is over all of them.
func (w *rewriter) joined(p *place, g *brought, before []byte) {
	const field, fixed = 16, 20
	if len(g.seg.parts) == 0 || p.header+field+2 > p.end {
		return
	}
	at, n := addresses(p.ip)
	pseudo := slices.Clone(before[at : at+2*n])
	was := add(0, pseudo)
	if w.Addresses {
		w.replace(pseudo[:n])
		w.replace(pseudo[n:])
	}
	is := add(0, pseudo)
	options := w.data[p.header+fixed : g.seg.at]
	was = add(was, options)
	blank(options, keptOptions)
	is = add(is, options)
	for i := range g.seg.parts {
		part := &g.seg.parts[i]
		was = add(was, part.data)
		instead := slices.Clone(part.data)
		(&brought{g.side, g.other, part}).write(instead)
		is = add(is, instead)
	}
	adjust(w.data[p.header+field:p.header+field+2], fold(was), fold(is))
}

// write puts in what takes the place of a segment. Where the segment is another
// copy, and differed from the first one, it still does, and says nothing.
func (g *brought) write(b []byte) {
	if len(b) == 0 {
		return
	}
	if g.seg.pos == astray {
		clear(b)
		return
	}
	r := g.side.run(g.seg.pos)
	if r.new == nil {
		return
	}
	at := int(g.seg.pos - r.pos)
	for i := range b {
		first, instead := r.data[at+i], r.new[at+i]
		switch {
		case b[i] == first:
			b[i] = instead
		case instead == '.':
			b[i] = ':'
		default:
			b[i] = '.'
		}
	}
}

// stations replaces the hardware addresses of the link headers.
func (w *rewriter) stations(b []byte, headers []reassembly.Header) {
	for _, h := range headers {
		switch at := b[h.Off:]; h.Kind {
		case reassembly.HeaderEthernet:
			w.station(at[:6])
			w.station(at[6:12])
		case reassembly.HeaderSLL:
			w.station(at[6:12])
			clear(at[12:14])
		case reassembly.HeaderSLL2:
			w.station(at[12:18])
			clear(at[18:20])
		}
	}
}

// station makes an address up that says of itself that nobody assigned it (IEEE
// 802, the bit of value 2). Who is meant by it, one or many, stays; nobody and
// everybody stay too.
func (w *rewriter) station(a []byte) {
	all := byte(0xff)
	none := byte(0)
	for _, c := range a {
		all &= c
		none |= c
	}
	if all == 0xff || none == 0 {
		return
	}
	n := w.disguise.noise(append([]byte("station "), a...), 0)
	many := a[0] & 1
	for i := range a {
		a[i] = n.next()
	}
	a[0] = a[0]&^1 | 2 | many
}

// addresses replaces those of the IP headers.
func (w *rewriter) addresses(b []byte, headers []reassembly.Header) {
	for _, h := range headers {
		if h.Kind == reassembly.HeaderIPv4 || h.Kind == reassembly.HeaderIPv6 {
			at, n := addresses(h)
			w.replace(b[at : at+n])
			w.replace(b[at+n : at+2*n])
		}
	}
}

// replace replaces an address, in place.
func (w *rewriter) replace(a []byte) {
	addr, _ := netip.AddrFromSlice(a)
	copy(a, w.hosts.standIn(addr).AsSlice())
}

// hosts are the addresses that stand for others.
type hosts map[netip.Addr]netip.Addr

// standIn returns what stands for an address: the next one of those set aside for
// documentation (RFC 5737, RFC 3849), and when there are no more, of a private
// network.
func (h hosts) standIn(addr netip.Addr) netip.Addr {
	if a, ok := h[addr]; ok {
		return a
	}
	n := len(h) + 1
	var a netip.Addr
	switch {
	case addr.Is6():
		a = netip.AddrFrom16([16]byte{0x20, 1, 0x0d, 0xb8, 12: byte(n >> 24), 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)})
	case n < 255:
		a = netip.AddrFrom4([4]byte{192, 0, 2, byte(n)})
	default:
		a = netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
	}
	h[addr] = a
	return a
}
