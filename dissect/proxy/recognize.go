package proxy

// LooksLikeSOCKS reports whether b, the first bytes of a side, are those of a
// client of SOCKS: a whole greeting or request of SOCKS 5, or a whole request of
// SOCKS 4. Where enough is false more bytes are needed. It is a weak sign: what a
// greeting begins with may come by chance.
func LooksLikeSOCKS(b []byte) (match, enough bool) {
	if len(b) == 0 {
		return false, false
	}
	first := measureRequest4
	if b[0] == 5 {
		first = measureFirst
	}
	size, ok := first(b)
	whole := size > 0 && size <= len(b)
	return ok && whole, !ok || whole
}

// LooksLikeLogin reports whether b is a name and a password on their way to a
// SOCKS proxy (RFC 1929), and nothing else.
func LooksLikeLogin(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	size, ok := measureLogin(b)
	return ok && size == len(b)
}

// LooksLikeHeader reports whether b, the first bytes of a side, are those of a
// header of haproxy. Where enough is false more bytes are needed.
func LooksLikeHeader(b []byte) (match, enough bool) {
	for _, s := range [...]string{signature2, "PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN"} {
		n := min(len(b), len(s))
		if string(b[:n]) != s[:n] {
			continue
		}
		if n < len(s) {
			return false, false
		}
		if s != signature2 {
			return true, true
		}
		// A version but 2, and a command but the two that there are, must be
		// refused (section 2.2 of the specification).
		if len(b) < offLength {
			return false, false
		}
		return b[offCommand]>>4 == 2 && b[offCommand]&0xf <= 1, true
	}
	return false, true
}
