package reassembly

import "talktrace/capture"

// HeaderKind says what a Header is.
type HeaderKind uint8

// The headers that a Locator tells of.
const (
	HeaderEthernet HeaderKind = iota // 14 bytes; tags follow
	HeaderSLL                        // Linux cooked capture
	HeaderSLL2                       // its version 2
	HeaderIPv4                       // RFC 791
	HeaderIPv6                       // RFC 8200; extension headers follow
	HeaderFragment                   // a fragment of an IP packet, behind all headers
	HeaderUDP                        // RFC 768
	HeaderTCP                        // RFC 9293
)

// Header is a header in a frame.
type Header struct {
	Kind HeaderKind
	Off  int // where in Frame.Data it begins
	End  int // where in Frame.Data that ends which it is the header of, as far as it was captured
	Wire int // bytes that it and what follows had; as many as from Off to End where all was captured
}

// Locator finds the headers of frames, by the same ways as an Assembler: through
// tags, tunnels and whatever else it looks past. The zero value is ready.
type Locator struct {
	asm     Assembler
	headers []Header
}

// Locate returns the headers of a frame, the outermost first, down to that of TCP,
// or of UDP that is no tunnel, or as far as they are known. The slice is the
// Locator's, and holds until its next use.
func (l *Locator) Locate(f *capture.Frame) []Header {
	l.headers = l.headers[:0]
	l.asm.located, l.asm.frame, l.asm.depth = &l.headers, f, 0
	l.asm.link(f.Link, view{data: f.Data, wire: max(f.Length, len(f.Data))})
	l.asm.frame = nil
	return l.headers
}

// locate notes a header for a Locator. It reports whether there is one.
func (a *Assembler) locate(kind HeaderKind, v view) bool {
	if a.located == nil {
		return false
	}
	off := cap(a.frame.Data) - cap(v.data) // a view is a part of the frame, and shares its end
	*a.located = append(*a.located, Header{kind, off, off + len(v.data), v.wire})
	return true
}
