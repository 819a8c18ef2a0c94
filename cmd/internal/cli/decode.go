package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// decodeAs says what is spoken on TCP ports, whatever their content looks like.
type decodeAs map[uint16]string

var errDecodeAs = errors.New("want tcp.port==PORT,PROTOCOL or tcp.port==FIRST-LAST,PROTOCOL; the protocols are xmpp and tls")

func (d *decodeAs) Set(spec string) error {
	where, protocol, ok := strings.Cut(spec, ",")
	ports, is := strings.CutPrefix(strings.TrimSpace(where), "tcp.port==")
	protocol = strings.TrimSpace(protocol)
	if !ok || !is || protocol != "xmpp" && protocol != "tls" {
		return errDecodeAs
	}
	first, last, ranged := strings.Cut(ports, "-")
	if !ranged {
		last = first
	}
	from, err := strconv.ParseUint(first, 10, 16)
	to, err2 := strconv.ParseUint(last, 10, 16)
	if err != nil || err2 != nil || from > to {
		return fmt.Errorf("%q is neither a port nor a range of ports: %w", ports, errDecodeAs)
	}
	if *d == nil {
		*d = make(decodeAs)
	}
	for port := from; port <= to; port++ {
		(*d)[uint16(port)] = protocol
	}
	return nil
}

func (d *decodeAs) String() string {
	var all []string
	for port, protocol := range *d {
		all = append(all, fmt.Sprintf("tcp.port==%d,%s", port, protocol))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func (d *decodeAs) Type() string { return "spec" }
