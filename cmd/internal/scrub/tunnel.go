package scrub

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net/netip"

	"talktrace/dissect/tls"
)

// prelude is how long the constants of Google's SSLTCP are that may stand before a
// conversation.
func prelude(b []byte) int {
	if match, _ := tls.SSLTCPHello(b); match {
		return tls.SSLTCPHelloSize
	}
	if match, _ := tls.SSLTCPReply(b); match {
		return tls.SSLTCPReplySize
	}
	return 0
}

const signature2 = "\r\n\r\n\x00\r\nQUIT\n" // of version 2 of the PROXY protocol

// header passes the header in which haproxy tells whom it speaks for, if there is
// one.
func (l *layout) header(b []byte) bool {
	const longest = 107 // of version 1, its end included
	if bytes.HasPrefix(b, []byte("PROXY ")) {
		if end := bytes.Index(b[:min(len(b), longest)], []byte("\r\n")); end > 0 {
			l.part(end+2, (*redactor).announced)
			return true
		}
	}
	const fixed = 16
	if bytes.HasPrefix(b, []byte(signature2)) && len(b) >= fixed {
		if n := fixed + int(binary.BigEndian.Uint16(b[14:])); n <= len(b) {
			l.part(n, (*redactor).announcedBinary)
			return true
		}
	}
	return false
}

// announced replaces the addresses in a header of version 1.
func (r *redactor) announced(p *part) {
	b := r.said(p)
	if !r.Addresses {
		return
	}
	fields := bytes.Split(bytes.TrimSuffix(b, []byte("\r\n")), []byte{' '})
	const source, destination, all = 2, 3, 6
	if len(fields) == all {
		r.ip(fields[source])
		r.ip(fields[destination])
	} else if r.second && len(fields) > source { // whatever it is
		dotted(b[len("PROXY ")+len(fields[1]):])
	}
}

// ip replaces the text of an IP address, in place, and has it replaced elsewhere.
func (r *redactor) ip(text []byte) {
	instead := r.disguise.address(text)
	if instead == nil {
		return
	}
	r.seek(text, instead, "an IP address")
	if r.second {
		copy(text, instead)
	}
}

// announcedBinary replaces what a header of version 2 tells: addresses, the names of
// hosts and of who has which certificate, and what is not known.
func (r *redactor) announcedBinary(p *part) {
	b := r.said(p)
	const fixed, family4, family6, familyUnix = 16, 1, 2, 3
	body, size := b[fixed:], 0
	switch family := b[13] >> 4; {
	case family == family4 && len(body) >= 12:
		size = 12
		r.headerAddresses(body[:4], body[4:8])
	case family == family6 && len(body) >= 36:
		size = 36
		r.headerAddresses(body[:16], body[16:32])
	case family == familyUnix && len(body) >= 216:
		if size = 216; r.Names {
			r.opaque(body[:size])
		}
	}
	r.vectors(body[size:])
	resum(b, body[size:])
}

// headerAddresses replaces addresses as they stand in headers.
func (r *redactor) headerAddresses(all ...[]byte) {
	for _, a := range all {
		if r.Addresses && r.second {
			addr, _ := netip.AddrFromSlice(a)
			copy(a, r.hosts.standIn(addr).AsSlice())
		}
	}
}

// The vectors of a header of version 2 that are looked at (section 2.2.1 and
// following of haproxy's specification of the PROXY protocol).
const (
	vectorHead      = 3 // the kind, and a length of two bytes
	vectorALPN      = 0x01
	vectorAuthority = 0x02
	vectorChecksum  = 0x03
	vectorTLS       = 0x20
	vectorVersion   = 0x21
	vectorCipher    = 0x23
)

// vectors goes through the vectors of a header.
func (r *redactor) vectors(b []byte) {
	const verdict = 5 // bytes before the vectors in the one for TLS
	for len(b) >= vectorHead {
		kind, end := b[0], vectorHead+int(binary.BigEndian.Uint16(b[1:]))
		if end > len(b) {
			break
		}
		value := b[vectorHead:end]
		b = b[end:]
		switch {
		case kind == vectorTLS && len(value) >= verdict:
			r.vectors(value[verdict:])
		case kind == vectorAuthority && r.JIDs:
			r.address(bytes.Clone(value))
			r.familiar(value)
		case kind == vectorALPN, kind == vectorVersion, kind == vectorCipher, kind == vectorChecksum:
		case r.JIDs || r.Names:
			r.opaque(value)
		}
	}
	if r.JIDs || r.Names {
		r.opaque(b)
	}
}

// resum makes the checksum of a header fit, if it has one.
func resum(header, vectors []byte) {
	for len(vectors) >= vectorHead {
		end := vectorHead + int(binary.BigEndian.Uint16(vectors[1:]))
		if end > len(vectors) {
			return
		}
		if sum := vectors[vectorHead:end]; vectors[0] == vectorChecksum && len(sum) == crc32.Size {
			clear(sum)
			binary.BigEndian.PutUint32(sum, crc32.Checksum(header, crc32.MakeTable(crc32.Castagnoli)))
			return
		}
		vectors = vectors[end:]
	}
}
