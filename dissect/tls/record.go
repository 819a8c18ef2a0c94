package tls

// The content types of records, RFC 8446 section 5.1 and RFC 6520.
const (
	changeCipherSpec = 20
	alert            = 21
	handshake        = 22
	applicationData  = 23
	heartbeat        = 24
)

const (
	headerSize = 5
	// maxContent is the most that may follow a record's header: 2^14 bytes and
	// what protection may add to them (RFC 5246 section 6.2.3).
	maxContent = 1<<14 + 2048
	maxRecord  = headerSize + maxContent
)

// contentSize is the length field of a record header.
func contentSize(header []byte) int { return int(header[3])<<8 | int(header[4]) }

// isHeader reports whether b, which may be only the beginning of one, can be a
// record header.
func isHeader(b []byte) bool {
	return (len(b) < 1 || b[0] >= changeCipherSpec && b[0] <= heartbeat) &&
		(len(b) < 2 || b[1] == 3) &&
		(len(b) < 3 || b[2] <= 4) &&
		(len(b) < headerSize || contentSize(b) <= maxContent)
}

// isLikelyHeader is the stricter form of isHeader for bytes of which nothing is
// known: it also asks whether the length suits the type. Empty records and
// heartbeats are too rare to be worth the mistakes they would cause.
func isLikelyHeader(b []byte) bool {
	if !isHeader(b) || len(b) > 0 && b[0] == heartbeat {
		return false
	}
	return len(b) < headerSize || suits(b[0], contentSize(b))
}

// suits reports whether a record of this type may have n bytes of content,
// protected or not.
func suits(contentType byte, n int) bool {
	switch contentType {
	case changeCipherSpec:
		return n == 1
	case alert:
		// Two bytes; protected ones carry a tag, or a MAC with at most a block
		// for the IV and 256 bytes of padding.
		return n == 2 || n >= 10 && n <= 2+48+16+256
	case handshake:
		return n >= 4
	case heartbeat:
		return n >= 1+2+16
	default:
		return n > 8 // the shortest tag, and one byte at least to protect
	}
}

// LooksLike reports whether b, the first bytes of a direction of a connection,
// begin a TLS record or a ClientHello in the format of SSL 2.0. The answer is
// strict, for it is meant to tell TLS from other protocols: a handshake record
// must begin with a known message, in the clear. Where enough is false, more
// bytes are needed (never more than eleven) and tls says nothing.
func LooksLike(b []byte) (tls, enough bool) {
	if len(b) > 0 && b[0]&0x80 != 0 {
		return len(b) >= sslv2HeaderSize && isSSLv2Hello(b), len(b) >= sslv2HeaderSize || !isSSLv2Hello(b)
	}
	if !isHeader(b) || len(b) >= headerSize && !suits(b[0], contentSize(b)) {
		return false, true
	}
	if len(b) < headerSize+2 {
		// The shortest record of all, a ChangeCipherSpec, has six bytes.
		short := len(b) == headerSize+1 && b[0] == changeCipherSpec
		return short && b[headerSize] == 1, short
	}
	content := b[headerSize:]
	switch b[0] {
	case changeCipherSpec:
		return content[0] == 1, true
	case alert:
		return contentSize(b) != 2 || content[0] == 1 || content[0] == 2, true
	case handshake:
		return messageName(content[0]) != "" && int(content[1])<<16 < maxMessage, true
	default:
		return true, true
	}
}
