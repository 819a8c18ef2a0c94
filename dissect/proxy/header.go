package proxy

import (
	"net/netip"

	"talktrace/dissect"
)

// Header is a connection that begins with a header of haproxy's PROXY protocol,
// version 1 or 2, by which a proxy tells a server who its client is. From the
// header on, that client's address is the client's in all rows of the
// connection.
type Header struct {
	tunnel
	held  []byte // of the header
	first int    // the frame of its first byte
	due   int    // bytes of a header in two pieces, with a loss between, that are still to come
	past  bool
}

var _ dissect.Layer = (*Header)(nil)

// announced is what a header says.
type announced struct {
	source, destination netip.AddrPort // as the client sees them; invalid where they are not told
	info                string
	notes               []dissect.Note
}

// NewHeader returns a layer for a connection whose client begins with a header.
func NewHeader(o Options) *Header {
	return &Header{tunnel: tunnel{o: o, shown: o.Shown, layers: o.Via + ":proxy", protocol: "PROXY"}}
}

// Data implements dissect.Layer.
func (h *Header) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	if from == dissect.Client && !h.past {
		b.Data = h.push(c, b)
	}
	if len(b.Data) > 0 {
		h.data(c, from, b)
	}
}

// push takes bytes into the header, and returns those behind it.
func (h *Header) push(c *dissect.Context, b dissect.Bytes) []byte {
	if h.due > 0 {
		n := min(h.due, len(b.Data))
		h.due -= n
		h.past = h.due == 0
		return b.Data[n:]
	}
	had := len(h.held)
	if had == 0 {
		h.first = b.FirstFrame()
	}
	for rest := b.Data; ; {
		n := min(len(rest), h.wants()-len(h.held))
		if n <= 0 {
			break
		}
		h.held, rest = append(h.held, rest[:n]...), rest[n:]
	}
	size, ok := measureHeader(h.held)
	switch {
	case !ok:
		return h.broken(c, b, had)
	case size == 0 || size > len(h.held):
		return nil
	}
	h.complete(c, h.held[:size], dissect.Bytes{Frame: b.Frame, First: h.first, Time: b.Time})
	h.held, h.past = nil, true
	return b.Data[size-had:]
}

// wants is how many bytes of the header are needed to go on: all of it, where its
// length is known.
func (h *Header) wants() int {
	size, ok := measureHeader(h.held)
	switch {
	case !ok:
		return 0
	case size > 0:
		return size
	case len(h.held) < offLength+2 && startsWith(h.held, signature2):
		return offLength + 2
	}
	return maxV1
}

// measureHeader says how long a header is, 0 where that is not known yet.
func measureHeader(b []byte) (size int, ok bool) {
	if startsWith(b, signature2) {
		return measureV2(b)
	}
	return measureV1(b)
}

// complete takes a whole header.
func (h *Header) complete(c *dissect.Context, header []byte, at dissect.Bytes) {
	parse := parseV1
	if header[0] == signature2[0] {
		parse = parseV2
	}
	a := parse(header)
	if a.source.IsValid() {
		a.info += ", by way of " + c.Conn.Text[dissect.Client]
		conn := *c.Conn // rows that were made keep theirs
		conn.Addr[dissect.Client], conn.Text[dissect.Client] = a.source, a.source.String()
		c.Conn = &conn
	}
	r := rowOf(dissect.Client, at, len(header), a.info)
	r.notes = a.notes
	h.tell(c, r)
}

// broken gives up what begins like a header and is none. The bytes are looked at
// as if there were no header.
func (h *Header) broken(c *dissect.Context, b dissect.Bytes, had int) []byte {
	early, first := h.held[:had], h.first
	h.held, h.past = nil, true
	if had > 0 {
		h.data(c, dissect.Client, dissect.Bytes{Data: c.Arena.Copy(early), Frame: b.Frame, First: first, Time: b.Time})
	}
	return b.Data
}

// Gap implements dissect.Layer.
func (h *Header) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	if from == dissect.Server || h.past {
		h.lost(c, from, n)
		return
	}
	h.gap(c, from, n)
	size, _ := measureHeader(h.held)
	if h.due == 0 {
		h.due = max(size-len(h.held), 0)
	}
	h.held = nil
	h.due -= int(min(int64(h.due), n))
	h.past = h.due == 0
}

// End implements dissect.Layer.
func (h *Header) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	if from == dissect.Client && !h.past {
		h.unfinished(c, from, h.first, len(h.held))
		h.held, h.past = nil, true
	}
	h.end(c, from, how)
}
