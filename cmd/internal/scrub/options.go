package scrub

import "talktrace/reassembly"

// options makes those of IP and of TCP say nothing, but for the ones of TCP that
// count bytes and times.
func (p *place) options(b []byte) {
	for i, h := range p.headers {
		switch h.Kind {
		case reassembly.HeaderIPv4:
			if end := h.Off + int(b[h.Off]&0xf)*4; end > h.Off+20 {
				blank(b[h.Off+20:end], nil)
			}
		case reassembly.HeaderIPv6:
			end := h.End
			if i+1 < len(p.headers) {
				end = p.headers[i+1].Off
			}
			if b[h.Off+6] != protocolTCP && b[h.Off+6] != protocolUDP {
				extensions(b[h.Off+6], b[h.Off+40:end])
			}
		case reassembly.HeaderTCP:
			const fixed = 20
			if h.End-h.Off > fixed {
				blank(b[h.Off+fixed:p.payload], keptOptions)
			}
		}
	}
}

// keptOptions are those of TCP that stay: the size of segments, the scale of windows,
// selective acknowledgements, time, and Multipath TCP.
var keptOptions = map[byte]bool{2: true, 3: true, 4: true, 5: true, 8: true, 30: true}

// blank writes no-operations over the options that are not kept (RFC 791 section
// 3.1, RFC 9293 section 3.1), and zeros behind the end of the list.
func blank(b []byte, kept map[byte]bool) {
	const end, nothing = 0, 1
	const multipath, addAddress = 30, 3 // another address of an end (RFC 8684 section 3.4.1)
	for len(b) > 0 {
		switch {
		case b[0] == nothing:
			b = b[1:]
			continue
		case b[0] == end, len(b) < 2, b[1] < 2, int(b[1]) > len(b):
			clear(b)
			return
		}
		n := int(b[1])
		if !kept[b[0]] || b[0] == multipath && n > 2 && b[2]>>4 == addAddress {
			for i := range n {
				b[i] = nothing
			}
		}
		b = b[n:]
	}
}

// extensions writes padding over the options in the headers that follow the one of
// IPv6 (RFC 8200 section 4), and zeros over the addresses of a route. What follows
// them is left alone.
func extensions(kind byte, b []byte) {
	const hopByHop, routing, destination = 0, 43, 60
	for len(b) >= 8 && (kind == hopByHop || kind == routing || kind == destination) {
		n := (int(b[1]) + 1) * 8
		if n > len(b) {
			return
		}
		if kind == routing {
			clear(b[8:n])
		} else {
			pad(b[2:n])
		}
		kind, b = b[0], b[n:]
	}
}

// pad fills options with padding (RFC 8200 section 4.2).
func pad(b []byte) {
	const padN, most = 1, 257
	for len(b) > 0 {
		n := min(len(b), most)
		if len(b)-n == 1 {
			n--
		}
		clear(b[:n])
		if n > 1 {
			b[0], b[1] = padN, byte(n-2)
		}
		b = b[n:]
	}
}
