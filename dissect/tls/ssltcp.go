package tls

// Google Talk's "SSLTCP" put a ClientHello and a ServerHello that never change
// before a conversation in the clear, so that proxies and firewalls took it for
// HTTPS. Both sides go on without TLS right after them.
const (
	SSLTCPHelloSize = 72 // bytes of the client's hello
	SSLTCPReplySize = 79 // bytes of the server's
)

const (
	sslTCPHelloStart = "\x80\x46\x01\x03\x01\x00\x2d\x00\x00\x00\x10"
	sslTCPChallenge  = "\x1f\x17\x0c\xa6\x2f\x00\x78\xfc\x46\x55\x2e\xb1\x83\x39\xf1\xea"
	// sslTCPReplyStart goes up to the first half of the random.
	sslTCPReplyStart = "\x16\x03\x01\x00\x4a\x02\x00\x00\x46\x03\x01\x42\x85\x45\xa7\x27\xa9\x5d\xa0"
	// sslTCPReplyEnd is TLS_RSA_WITH_RC4_128_MD5, not compressed.
	sslTCPReplyEnd = "\x00\x04\x00"
)

// SSLTCPHello reports whether b, the first bytes of the client, are the hello of
// SSLTCP; XMPP begins SSLTCPHelloSize bytes into them. Where enough is false
// more bytes are needed. (As TLS it would be a hello in the format of SSL 2.0,
// which LooksLike accepts: ask here first.)
func SSLTCPHello(b []byte) (match, enough bool) {
	return framed(b, SSLTCPHelloSize, sslTCPHelloStart, sslTCPChallenge)
}

// SSLTCPReply reports whether b, the first bytes of the server, are the answer
// to an SSLTCPHello; XMPP begins SSLTCPReplySize bytes into them. Where enough
// is false more bytes are needed.
func SSLTCPReply(b []byte) (match, enough bool) {
	return framed(b, SSLTCPReplySize, sslTCPReplyStart, sslTCPReplyEnd)
}

// framed reports whether the first size bytes of b begin with start and end with
// end.
func framed(b []byte, size int, start, end string) (match, enough bool) {
	head := min(len(b), len(start))
	if string(b[:head]) != start[:head] {
		return false, true
	}
	if len(b) > size {
		b = b[:size]
	}
	if tail := len(b) - (size - len(end)); tail > 0 && string(b[len(b)-tail:]) != end[:tail] {
		return false, true
	}
	return len(b) == size, len(b) == size
}
