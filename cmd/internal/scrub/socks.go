package scrub

import (
	"bytes"
)

// socks passes what a side says to a SOCKS proxy, or hears from it: all messages
// up to the request or the reply to it (RFC 1928, RFC 1929, and SOCKS 4 and 4a).
// It reports whether there was any.
func (l *layout) socks(b []byte) bool {
	if len(b) == 0 || l.passed {
		return false
	}
	l.passed = true
	switch {
	case l.layers["socks4"] && l.client:
		return l.request4(b)
	case l.layers["socks4"]:
		return l.step(8, b, nil)
	case l.client:
		return l.asks5(b)
	}
	return l.answers5(b)
}

// step takes a message of n bytes, and reports whether it is there.
func (l *layout) step(n int, b []byte, take func(r *redactor, p *part)) bool {
	if n > len(b) {
		l.fail("a message to a SOCKS proxy is not there as a whole")
		return false
	}
	if take == nil {
		take = func(*redactor, *part) {}
	}
	l.part(n, take)
	return true
}

// request4 takes a request of SOCKS 4, with who asks and, in 4a, for which host.
func (l *layout) request4(b []byte) bool {
	const head = 8
	n := 0
	if len(b) > head {
		if n = bytes.IndexByte(b[head:], 0) + 1; n > 0 {
			n += head
		}
	}
	if n > 0 && b[4] == 0 && b[5] == 0 && b[6] == 0 && b[7] != 0 {
		n += bytes.IndexByte(b[n:], 0) + 1
	}
	if n == 0 {
		n = len(b) + 1
	}
	return l.step(n, b, func(r *redactor, p *part) {
		b := r.said(p)
		user, host, _ := bytes.Cut(bytes.TrimSuffix(b[head:], []byte{0}), []byte{0})
		r.login(user)
		if r.target(host); host == nil {
			r.headerAddresses(b[4:8])
		}
	})
}

// asks5 takes what a client of SOCKS 5 says.
func (l *layout) asks5(b []byte) bool {
	const version, password = 5, 1
	if isRequest := len(b) > 3 && b[0] == version && b[1] == 1 && b[2] == 0 && (b[3] == 1 || b[3] == 3 || b[3] == 4); !isRequest {
		if len(b) < 2 || !l.step(2+int(b[1]), b, nil) {
			return false
		}
	}
	if b = l.rest(); len(b) > 2 && b[0] == password {
		n := 2 + int(b[1])
		if n < len(b) {
			n += int(b[n])
		}
		if !l.step(n+1, b, (*redactor).password) {
			return false
		}
	}
	return len(l.rest()) == 0 || l.addressed(l.rest())
}

// answers5 takes what a server of SOCKS 5 says.
func (l *layout) answers5(b []byte) bool {
	if len(b) < 2 || !l.step(2, b, nil) {
		return false
	}
	const password = 2
	if b[1] == password && len(l.rest()) > 0 && !l.step(2, l.rest(), nil) {
		return false
	}
	return len(l.rest()) == 0 || l.addressed(l.rest())
}

// addressed takes a request, or the reply to one.
func (l *layout) addressed(b []byte) bool {
	const head, port = 4, 2
	n := len(b) + 1
	if len(b) > head {
		switch b[3] {
		case 1:
			n = head + 4 + port
		case 3:
			n = head + 1 + int(b[head]) + port
		case 4:
			n = head + 16 + port
		}
	}
	if !l.step(n, b, (*redactor).destination) {
		return false
	}
	if b[3] == 3 && n == head+1+40+port { // a bytestream (XEP-0065): files
		l.files = true
	}
	if l.files {
		l.everything()
	}
	return true
}

// everything clears what is left of a direction.
func (l *layout) everything() {
	for more := true; more; more = l.next() {
		l.zero(len(l.rest()))
	}
	l.side.carried = true
}

// password replaces the name and the password of a login.
func (r *redactor) password(p *part) {
	b := r.said(p)
	n := 2 + int(b[1])
	r.target(b[2:n])
	r.login(b[n+1:])
}

// destination replaces where a request goes, or a reply comes from.
func (r *redactor) destination(p *part) {
	b := r.said(p)
	const head, port = 4, 2
	switch to := b[head : len(b)-port]; b[3] {
	case 3:
		r.target(to[1:])
	default:
		r.headerAddresses(to)
	}
}
