package proxy

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"

	"talktrace/dissect"
)

// maxV1 is the longest line that a header of version 1 may be, its end included
// (section 2.1 of haproxy's specification of the PROXY protocol).
const maxV1 = 107

// measureV1 measures a header of version 1: a line.
func measureV1(b []byte) (size int, ok bool) {
	const begin = "PROXY "
	if !startsWith(b, begin) {
		return 0, false
	}
	end := bytes.Index(b[:min(len(b), maxV1)], []byte("\r\n"))
	if end < 0 {
		return 0, len(b) < maxV1
	}
	return end + 2, true
}

// parseV1 reads a header of version 1.
func parseV1(line []byte) announced {
	fields := strings.Split(strings.TrimSuffix(string(line), "\r\n"), " ")
	const proto, source, destination, sourcePort, destinationPort, all = 1, 2, 3, 4, 5, 6
	if fields[proto] == "UNKNOWN" { // what follows is to be ignored
		return announced{info: "PROXY v1, client unknown"}
	}
	a := announced{info: "PROXY v1, " + fields[proto]}
	if len(fields) == all {
		a.source = parseEnd(fields[proto], fields[source], fields[sourcePort])
		a.destination = parseEnd(fields[proto], fields[destination], fields[destinationPort])
	}
	if !a.source.IsValid() || !a.destination.IsValid() {
		a.source = netip.AddrPort{}
		a.info += ", addresses that are none"
		a.notes = append(a.notes, noteNoAddress)
		return a
	}
	a.info += ": " + a.source.String() + " to " + a.destination.String()
	return a
}

var noteNoAddress = dissect.Note{
	Severity: dissect.Warning, ID: "proxy-address",
	Text: "the PROXY header announces addresses and has none that can be read; the rows keep the proxy's",
}

// parseEnd reads an address and a port; it is not valid where they are none of
// that protocol.
func parseEnd(proto, addr, port string) netip.AddrPort {
	ip, err := netip.ParseAddr(addr)
	if err != nil || ip.Zone() != "" || ip.Is4() != (proto == "TCP4") {
		return netip.AddrPort{}
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(ip, uint16(n))
}

// startsWith reports whether b begins with s, as far as b goes.
func startsWith(b []byte, s string) bool {
	n := min(len(b), len(s))
	return string(b[:n]) == s[:n]
}
