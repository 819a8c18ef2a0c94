package proxy

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strconv"
)

// The address types of SOCKS 5 (RFC 1928 section 4).
const (
	addressIPv4   = 1
	addressDomain = 3
	addressIPv6   = 4
)

// versionPassword begins the messages of RFC 1929.
const versionPassword = 1

// maxMessage bounds a message of a SOCKS handshake. Those of SOCKS 5 have a
// bound, 513 bytes, of their own; those of SOCKS 4 only go up to a zero byte.
const maxMessage = 1 << 10

// The functions named measure say how long a message is that begins with b, which
// has a byte at least. Where it is not known yet, size is 0. ok is false where no
// such message begins so.

// measureGreeting measures the methods that a client of SOCKS 5 offers (RFC 1928
// section 3). Nobody offers one twice, or that none will do.
func measureGreeting(b []byte) (size int, ok bool) {
	if b[0] != 5 {
		return 0, false
	}
	if len(b) < 2 {
		return 0, true
	}
	n := 2 + int(b[1])
	seen := [256]bool{methodRefused: true}
	for _, m := range b[2:min(n, len(b))] {
		if seen[m] {
			return 0, false
		}
		seen[m] = true
	}
	return n, n > 2
}

// measureLogin measures a user's name and password (RFC 1929 section 2).
func measureLogin(b []byte) (size int, ok bool) {
	if len(b) < 2 {
		return 0, b[0] == versionPassword
	}
	at := 2 + int(b[1])
	if len(b) <= at {
		return 0, b[0] == versionPassword
	}
	return at + 1 + int(b[at]), b[0] == versionPassword
}

// measureRequest measures a request of SOCKS 5 (RFC 1928 section 4).
func measureRequest(b []byte) (size int, ok bool) {
	if len(b) > 1 && commands[b[1]] == "" {
		return 0, false
	}
	return measureAddressed(b)
}

// measureFirst measures what a client of SOCKS 5 begins with: its greeting, or the
// request, where the capture begins behind the greeting. Only a request to
// connect cannot be mistaken for a greeting.
func measureFirst(b []byte) (size int, ok bool) {
	if isConnect(b) {
		return measureRequest(b)
	}
	return measureGreeting(b)
}

// isConnect reports whether b is long enough to be told from a greeting, and a
// request to connect.
func isConnect(b []byte) bool {
	return len(b) > 3 && b[0] == 5 && b[1] == commandConnect && b[2] == 0 &&
		(b[3] == addressIPv4 || b[3] == addressDomain || b[3] == addressIPv6)
}

// measureReply measures an answer to one (section 6).
func measureReply(b []byte) (size int, ok bool) { return measureAddressed(b) }

// measureAddressed measures what ends with an address and a port.
func measureAddressed(b []byte) (size int, ok bool) {
	if b[0] != 5 || len(b) > 2 && b[2] != 0 {
		return 0, false
	}
	if len(b) < 4 {
		return 0, true
	}
	const head, port = 4, 2
	switch b[3] {
	case addressIPv4:
		return head + 4 + port, true
	case addressIPv6:
		return head + 16 + port, true
	case addressDomain:
		if len(b) == head {
			return 0, true
		}
		return head + 1 + int(b[head]) + port, true
	}
	return 0, false
}

// measureChoice measures the method that a server chooses.
func measureChoice(b []byte) (size int, ok bool) { return 2, b[0] == 5 }

// measureVerdict measures what a server says to a login. Some take the version of
// SOCKS for that of the login.
func measureVerdict(b []byte) (size int, ok bool) { return 2, b[0] == versionPassword || b[0] == 5 }

// measureRequest4 measures a request of SOCKS 4 or 4a.
func measureRequest4(b []byte) (size int, ok bool) {
	const head = 8
	if b[0] != 4 || len(b) > 1 && b[1] != commandConnect && b[1] != commandBind {
		return 0, false
	}
	if len(b) < head {
		return 0, true
	}
	end := bytes.IndexByte(b[head:], 0)
	if end < 0 {
		return 0, isText(b[head:]) && len(b) < maxMessage
	}
	size = head + end + 1
	if !isText(b[head : size-1]) {
		return 0, false
	}
	if !is4a(b) {
		return size, true
	}
	if end = bytes.IndexByte(b[size:], 0); end < 0 {
		return 0, isText(b[size:]) && len(b) < maxMessage
	}
	return size + end + 1, end > 0 && isText(b[size:size+end])
}

// is4a reports whether a request of SOCKS 4 has a name instead of an address,
// which is said by an address that nobody can have.
func is4a(request []byte) bool {
	return request[4] == 0 && request[5] == 0 && request[6] == 0 && request[7] != 0
}

// measureReply4 measures an answer to one.
func measureReply4(b []byte) (size int, ok bool) {
	return 8, b[0] == 0 && (len(b) < 2 || replies4[b[1]] != "")
}

// isText reports whether bytes hold nothing that steers a terminal.
func isText(b []byte) bool {
	for _, x := range b {
		if x < ' ' || x == 0x7f {
			return false
		}
	}
	return true
}

// target is where a message of SOCKS 5 goes to.
type target struct {
	host   string // an address, or a name
	domain bool   // it is a name
	port   uint16
}

// parseTarget reads the end of a whole message from its address type on.
func parseTarget(b []byte) target {
	port := binary.BigEndian.Uint16(b[len(b)-2:])
	kind, addr := b[0], b[1:len(b)-2]
	if kind == addressDomain {
		return target{host: string(addr[1:]), domain: true, port: port}
	}
	ip, _ := netip.AddrFromSlice(addr)
	return target{host: ip.String(), port: port}
}

// parseTarget4 reads where a whole request of SOCKS 4 goes to, and who the client
// says it is.
func parseTarget4(b []byte) (t target, user string) {
	name, rest, _ := bytes.Cut(b[8:], []byte{0})
	t.port = binary.BigEndian.Uint16(b[2:])
	if is4a(b) {
		t.host, t.domain = string(rest[:len(rest)-1]), true
	} else {
		t.host = netip.AddrFrom4([4]byte(b[4:8])).String()
	}
	return t, string(name)
}

func (t target) String() string {
	port := strconv.Itoa(int(t.port))
	if !t.domain && bytes.IndexByte([]byte(t.host), ':') >= 0 {
		return "[" + t.host + "]:" + port
	}
	return t.host + ":" + port
}

// isBytestream reports whether a target stands for a bytestream: not a host, but
// the SHA-1 of a session's id and of both ends' addresses (XEP-0065 section
// 5.3.2).
func (t target) isBytestream() bool {
	const hexSHA1 = 40
	if !t.domain || t.port != 0 || len(t.host) != hexSHA1 {
		return false
	}
	for _, x := range []byte(t.host) {
		if (x < '0' || x > '9') && (x|0x20 < 'a' || x|0x20 > 'f') {
			return false
		}
	}
	return true
}
