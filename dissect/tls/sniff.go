package tls

// ParseClientHello reads the ClientHello that a direction of a connection begins
// with. b are its first bytes, from the first record header on; a hello spread
// over several records and the format of SSL 2.0 are understood. Where enough is
// false the hello is not whole yet. hello is nil where it is not whole or b
// begins otherwise; it keeps nothing of b.
//
// It serves to see what a connection is about (its server name and ALPN) before
// a Layer is set up for it. A hello of more than 256 KiB is not read.
func ParseClientHello(b []byte) (hello *ClientHello, enough bool) {
	if tls, known := LooksLike(b); !tls {
		return nil, known
	}
	if b[0]&0x80 != 0 {
		n := sslv2Size(b)
		if len(b) < n {
			return nil, false
		}
		return parseSSLv2Hello(b[:n]), true
	}
	var m messages
	for len(b) > 0 {
		if b[0] != handshake || !isHeader(b) {
			return nil, true
		}
		if len(b) < headerSize {
			return nil, false
		}
		end := min(headerSize+contentSize(b), len(b))
		message, _ := m.next(b[headerSize:end])
		switch {
		case message == nil && m.pass > 0:
			return nil, true
		case len(message) > 0:
			if message[0] == clientHello {
				hello, _ = parseClientHello(message[messageHeader:])
			}
			return hello, true
		}
		b = b[end:]
	}
	return nil, false
}
