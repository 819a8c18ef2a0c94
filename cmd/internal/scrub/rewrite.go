package scrub

import (
	"net/netip"

	"talktrace/capture"
)

// rewriter writes frames anew.
type rewriter struct {
	Options
	disguise *disguise
	frames   map[int]*brought
	hosts    hosts
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
// behind the packet. It fails where a packet would become too long for IP.
func (w *rewriter) frame(f *capture.Frame) (*capture.Frame, error) {
	p := locate(f)
	w.data = append(w.data[:0], f.Data...)
	b := w.data
	was, grown := p.sum(b), 0
	clear(b[p.end:])
	if g := w.frames[f.Number]; g != nil && p.tcp && (g.side.stretched || g.other.stretched) {
		end := p.end
		b = g.stretch(b, &p)
		if grown = p.end - end; !p.resize(b, grown) {
			return nil, refuse(f.Number, "the packet would become longer than IP allows")
		}
		w.data = b
	} else if g != nil && p.tcp {
		g.write(b[p.payload:p.end])
	} else {
		from := p.payload
		if p.next == protocolUDP && !p.tcp {
			from = min(p.header+8, p.end)
		}
		clear(b[from:p.end])
	}
	if w.Addresses {
		w.addresses(b, &p)
	}
	p.restore(b, was, grown)
	if w.MACs {
		w.stations(b, f.Link)
	}
	out := *f
	out.Length += len(b) - len(f.Data)
	out.Data, out.Comment, out.Origin = b, "", nil
	if f.Origin != nil && f.Origin.Snaplen > 0 {
		out.Origin = &capture.Origin{Snaplen: f.Origin.Snaplen}
	}
	return &out, nil
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

// stations replaces the hardware addresses of the link header.
func (w *rewriter) stations(b []byte, link capture.LinkType) {
	switch {
	case link == capture.LinkEthernet && len(b) >= 14:
		w.station(b[:6])
		w.station(b[6:12])
	case link == capture.LinkLinuxSLL && len(b) >= 16:
		w.station(b[6:12])
		clear(b[12:14])
	case link == capture.LinkLinuxSLL2 && len(b) >= 20:
		w.station(b[12:18])
		clear(b[18:20])
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
	n := w.disguise.noise(append([]byte("station "), a...))
	many := a[0] & 1
	for i := range a {
		a[i] = n.next()
	}
	a[0] = a[0]&^1 | 2 | many
}

// addresses replaces those of the IP header.
func (w *rewriter) addresses(b []byte, p *place) {
	at, n := p.network+12, 4
	switch {
	case p.v6:
		at, n = p.network+8, 16
	case !p.v4:
		return
	}
	for _, a := range [...][]byte{b[at : at+n], b[at+n : at+2*n]} {
		addr, _ := netip.AddrFromSlice(a)
		copy(a, w.hosts.standIn(addr).AsSlice())
	}
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
