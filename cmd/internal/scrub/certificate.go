package scrub

import (
	"encoding/binary"
	"net/netip"
)

// certificates replaces what certificates tell in the handshakes of TLS up to
// version 1.2, which are in the clear (RFC 5246 section 7.4.2): the names of people
// and organizations, of hosts, and addresses. Nothing changes its length, and what
// they are about stays; their signatures are no longer right. What is there of one
// that is not there as a whole becomes zeros. torn says that the run may begin in the
// middle of one, and is returned where the next run may.
func (r *redactor) certificates(u *run, torn bool) bool {
	if u.new == nil || !r.Names && !r.Rest && !r.Addresses {
		return false
	}
	h := handshake{run: u}
	at := u.open
	if torn {
		at += nextRecord(u.data[at:])
		clear(u.new[u.open:at])
	}
	more := h.gather(at)
	for b := h.said; len(b) > 0; {
		const certificate, head = 11, 4
		n := head
		if len(b) >= head {
			n += int(b[1])<<16 + int(b[2])<<8 + int(b[3])
		}
		if n > len(b) {
			if b[0] == certificate || torn {
				clear(b[min(head, len(b)):])
			}
			break
		}
		if b[0] == certificate && n > 7 {
			r.chain(b[7:n])
		}
		b = b[n:]
	}
	h.scatter()
	return more
}

// nextRecord returns where in bytes that begin inside a record of TLS the next ones
// begin: where a header is followed by another one, or by nothing.
func nextRecord(b []byte) int {
	for at := range b {
		if !isRecord(b[at:]) {
			continue
		}
		const header = 5
		if end := at + header + int(binary.BigEndian.Uint16(b[at+3:])); end >= len(b) || looksLikeRecord(b[end:]) {
			return at
		}
	}
	return len(b)
}

// handshake is what the records of TLS before the encrypted ones hold.
type handshake struct {
	run   *run
	said  []byte
	spans []span // where in the run that is
}

// gather puts together what the records say from a place in the run on, the last one
// as far as it is there. It reports whether there may be more behind the run.
func (h *handshake) gather(at int) (more bool) {
	const header, changeCipherSpec, handshake, data = 5, 20, 22, 23
	for at+header <= len(h.run.data) {
		b := h.run.data[at:]
		n := header + int(binary.BigEndian.Uint16(b[3:]))
		if b[0] == changeCipherSpec || b[0] == data || !looksLikeRecord(b) {
			return false
		}
		end := at + min(n, len(b))
		if b[0] == handshake {
			h.said = append(h.said, h.run.new[at+header:end]...)
			h.spans = append(h.spans, span{at + header, end})
			more = true
		}
		at = end
	}
	return more
}

// scatter puts it back.
func (h *handshake) scatter() {
	said := h.said
	for _, s := range h.spans {
		said = said[copy(h.run.new[s.from:s.to], said):]
	}
}

// chain goes through certificates, each behind its length of three bytes.
func (r *redactor) chain(b []byte) {
	for len(b) >= 3 {
		n := 3 + int(b[0])<<16 + int(b[1])<<8 + int(b[2])
		if n > len(b) {
			return
		}
		r.der(b[3:n], 0, false)
		b = b[n:]
	}
}

// The tags of DER that are looked at (ITU-T X.690 section 8).
const (
	tagOctets      = 0x04
	tagConstructed = 0x20
	tagContext     = 0x80
	tagMail        = tagContext | 1 // of a general name (RFC 5280 section 4.2.1.6)
	tagHost        = tagContext | 2
	tagURI         = tagContext | 6
	tagAddress     = tagContext | 7
)

// der goes through values of DER and replaces text. Those in an octet string may be
// values again, as extensions are.
func (r *redactor) der(b []byte, depth int, extension bool) {
	const deepest = 16
	for len(b) >= 2 && depth < deepest {
		tag, head, n := b[0], 2, int(b[1])
		if n >= 0x80 {
			size := n & 0x7f
			if size == 0 || size > 3 || len(b) < 2+size {
				return
			}
			head, n = 2+size, 0
			for _, c := range b[2:head] {
				n = n<<8 | int(c)
			}
		}
		if n > len(b)-head {
			return
		}
		value := b[head : head+n]
		switch {
		case tag&tagConstructed != 0:
			r.der(value, depth+1, extension)
		case tag == tagOctets && n > 2 && value[0] == 0x30:
			r.der(value, depth+1, true)
		case tag == tagAddress && extension && (n == 4 || n == 16):
			if addr, _ := netip.AddrFromSlice(value); r.Addresses && !addr.IsLoopback() {
				copy(value, r.hosts.standIn(addr).AsSlice())
			}
		case isText8(tag), extension && (tag == tagMail || tag == tagHost || tag == tagURI):
			r.cited(value)
		}
		b = b[head+n:]
	}
}

// isText8 reports whether a tag is that of text, a byte or more for a character.
func isText8(tag byte) bool {
	switch tag {
	case 12, 18, 19, 20, 22, 26, 27, 28, 30: // UTF8String, NumericString, PrintableString, TeletexString, IA5String and others
		return true
	}
	return false
}

// cited replaces text that is no XML: known values, and what is around them.
func (r *redactor) cited(b []byte) {
	if !r.Names && !r.Rest {
		return
	}
	r.names.cut(b, func(b []byte, v *value) { copy(b, v.instead) }, func(b []byte) {
		if len(b) > 2 { // not a country
			copy(b, r.disguise.text(b, false))
		}
	})
}
