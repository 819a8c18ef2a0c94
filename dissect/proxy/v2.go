package proxy

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strings"

	"talktrace/dissect"
)

// signature2 begins a header of version 2 (section 2.2 of haproxy's specification
// of the PROXY protocol).
const signature2 = "\r\n\r\n\x00\r\nQUIT\n"

// Where the parts of a header of version 2 are.
const (
	offCommand = 12 // version and command
	offFamily  = 13 // address family and transport
	offLength  = 14 // of all that follows
	offAddress = 16
)

// commandLocal is what a proxy says that speaks for itself, as to see whether a
// server is well.
const commandLocal = 0

// families are the address families and transports, and the bytes that two
// addresses of them take.
var families = map[byte]struct {
	name string
	size int
}{
	0x00: {"unspecified", 0},
	0x11: {"TCP4", 12},
	0x12: {"UDP4", 12},
	0x21: {"TCP6", 36},
	0x22: {"UDP6", 36},
	0x31: {"UNIX stream", 216},
	0x32: {"UNIX datagram", 216},
}

// measureV2 measures a header of version 2.
func measureV2(b []byte) (size int, ok bool) {
	if len(b) > offCommand && (b[offCommand]>>4 != 2 || b[offCommand]&0xf > 1) {
		return 0, false
	}
	if len(b) < offAddress {
		return 0, true
	}
	return offAddress + int(binary.BigEndian.Uint16(b[offLength:])), true
}

// parseV2 reads a whole header of version 2.
func parseV2(b []byte) announced {
	command, body := b[offCommand]&0xf, b[offAddress:]
	family, known := families[b[offFamily]]
	if !known {
		family.name = "unknown family"
	}
	a := announced{info: "PROXY v2, " + family.name}
	if len(body) < family.size {
		a.notes = append(a.notes, noteNoAddress)
		a.info += ", addresses that are none"
		return a
	}
	switch family.size {
	case 12:
		a.source, a.destination = ends(body, 4)
	case 36:
		a.source, a.destination = ends(body, 16)
	case 216:
		a.info += ": " + path(body[:108]) + " to " + path(body[108:216])
	}
	if command == commandLocal {
		a.info = "PROXY v2, LOCAL: the proxy speaks for itself"
		a.source = netip.AddrPort{}
	} else if a.source.IsValid() {
		a.info += ": " + a.source.String() + " to " + a.destination.String()
	}
	if known {
		a.vectors(body[family.size:])
	}
	return a
}

// ends reads the two addresses of a header, of size bytes each, and their ports.
func ends(b []byte, size int) (source, destination netip.AddrPort) {
	from, _ := netip.AddrFromSlice(b[:size])
	to, _ := netip.AddrFromSlice(b[size : 2*size])
	ports := b[2*size:]
	return netip.AddrPortFrom(from, binary.BigEndian.Uint16(ports)), netip.AddrPortFrom(to, binary.BigEndian.Uint16(ports[2:]))
}

// path reads the path of a socket, which is padded with zeros.
func path(b []byte) string {
	name, _, _ := bytes.Cut(b, []byte{0})
	if len(name) == 0 {
		return "unnamed"
	}
	return string(name)
}

// The vectors that are named (section 2.2.1 and following); of those within the
// one for TLS, these.
const (
	vectorALPN      = 0x01
	vectorAuthority = 0x02
	vectorTLS       = 0x20
	vectorVersion   = 0x21
	vectorName      = 0x22
	vectorCipher    = 0x23
)

// vectors adds what the type-length-value vectors behind the addresses tell.
// Checksums, and what is not known, are passed over.
func (a *announced) vectors(b []byte) {
	for len(b) > 0 {
		kind, value, rest, ok := vector(b)
		if !ok {
			a.notes = append(a.notes, noteVector)
			return
		}
		b = rest
		switch kind {
		case vectorALPN:
			a.info += ", ALPN " + shortened(string(value), 40)
		case vectorAuthority:
			a.info += ", authority " + shortened(string(value), maxTarget)
		case vectorTLS:
			a.secured(value)
		}
	}
}

// vector cuts the first vector off b.
func vector(b []byte) (kind byte, value, rest []byte, ok bool) {
	const head = 3
	if len(b) < head {
		return 0, nil, nil, false
	}
	end := head + int(binary.BigEndian.Uint16(b[1:]))
	if end > len(b) {
		return 0, nil, nil, false
	}
	return b[0], b[head:end], b[end:], true
}

// secured adds how the client speaks TLS with the proxy.
func (a *announced) secured(b []byte) {
	const head, flagTLS = 5, 1 // flags, and what came of the verification
	if len(b) < head {
		a.notes = append(a.notes, noteVector)
		return
	}
	if b[0]&flagTLS == 0 {
		return
	}
	words := []string{"TLS"}
	for b = b[head:]; len(b) > 0; {
		kind, value, rest, ok := vector(b)
		if !ok {
			a.notes = append(a.notes, noteVector)
			break
		}
		b = rest
		text := shortened(string(value), 80)
		switch kind {
		case vectorVersion:
			words[0] = text
		case vectorCipher:
			words = append(words, text)
		case vectorName:
			words = append(words, "client certificate "+text)
		}
	}
	a.info += ", the client by " + strings.Join(words, " ")
}

var noteVector = dissect.Note{
	Severity: dissect.Warning, ID: "proxy-vector",
	Text: "a vector of the PROXY header is longer than the header",
}
