package tls

// sslv2HeaderSize is the size of what comes before the lists in a ClientHello in
// the format of SSL 2.0, its record header included.
const sslv2HeaderSize = 11

// sslv2Size is the size of the record that a ClientHello in the format of
// SSL 2.0 makes.
func sslv2Size(b []byte) int { return 2 + int(b[0]&0x7f)<<8 + int(b[1]) }

// isSSLv2Hello reports whether b, which may be only the beginning of one, can be
// a ClientHello in the format of SSL 2.0, with which clients once asked for TLS
// and SSL 3.0 alike (RFC 5246 appendix E.2).
func isSSLv2Hello(b []byte) bool {
	if len(b) > 0 && b[0]&0x80 == 0 || len(b) > 2 && b[2] != clientHello {
		return false
	}
	if len(b) > 4 && (b[3] != 3 || b[4] > 4) && (b[3] != 0 || b[4] != 2) {
		return false
	}
	if len(b) < sslv2HeaderSize {
		return true
	}
	suites, session, challenge := sslv2Lists(b)
	return suites > 0 && suites%3 == 0 &&
		(session == 0 || session == 16 || session == 32) &&
		challenge >= 16 && challenge <= 32 &&
		sslv2HeaderSize+suites+session+challenge == sslv2Size(b)
}

// sslv2Lists returns the lengths of the three lists.
func sslv2Lists(b []byte) (suites, session, challenge int) {
	r := reader{b: b[5:sslv2HeaderSize]}
	return r.uint(2), r.uint(2), r.uint(2)
}

// parseSSLv2Hello reads a whole ClientHello of which isSSLv2Hello is true.
func parseSSLv2Hello(b []byte) *ClientHello {
	suites, session, challenge := sslv2Lists(b)
	h := &ClientHello{Version: uint16(b[3])<<8 | uint16(b[4]), SSLv2: true}
	r := reader{b: b[sslv2HeaderSize:]}
	for list := (reader{b: r.bytes(suites)}); len(list.b) > 0; {
		// Those of three bytes that begin with 0 are the suites of SSL 3.0
		// and TLS; the others are the kinds of SSL 2.0.
		if n := list.uint(3); n <= 0xffff && len(h.Suites) < maxSuites {
			h.Suites = append(h.Suites, uint16(n))
		}
	}
	h.SessionID = append(h.SessionID, r.bytes(session)...)
	copy(h.Random[len(h.Random)-challenge:], r.bytes(challenge))
	return h
}
