package engine

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var errPorts = errors.New("want tcp.port==PORT,PROTOCOL or tcp.port==FIRST-LAST,PROTOCOL; the protocols are xmpp and tls")

// ParsePorts reads what is spoken on a TCP port, or on a range of them, as tshark
// takes it: tcp.port==7400,xmpp or tcp.port==7400-7410,tls.
func ParsePorts(spec string) (map[uint16]string, error) {
	where, protocol, ok := strings.Cut(spec, ",")
	ports, is := strings.CutPrefix(strings.TrimSpace(where), "tcp.port==")
	protocol = strings.TrimSpace(protocol)
	if !ok || !is || protocol != "xmpp" && protocol != "tls" {
		return nil, errPorts
	}
	first, last, ranged := strings.Cut(ports, "-")
	if !ranged {
		last = first
	}
	from, err := strconv.ParseUint(first, 10, 16)
	to, err2 := strconv.ParseUint(last, 10, 16)
	if err != nil || err2 != nil || from > to {
		return nil, fmt.Errorf("%q is neither a port nor a range of ports: %w", ports, errPorts)
	}
	spoken := make(map[uint16]string, to-from+1)
	for port := from; port <= to; port++ {
		spoken[uint16(port)] = protocol
	}
	return spoken, nil
}
