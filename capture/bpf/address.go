package bpf

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// number reads a number as C writes it: decimal, 0x… or 0….
func number(text string) (uint32, bool) {
	n, err := strconv.ParseUint(text, 0, 32)
	return uint32(n), err == nil && digit(text[0]) && !strings.Contains(text, "_")
}

// prefix reads an address of IP, and returns it with how many of its bits
// count. Of IPv4 the last bytes can be missing: 192.168 has 16 bits.
func prefix(text string) (netip.Prefix, error) {
	if strings.Contains(text, ":") {
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return netip.Prefix{}, errors.New("is no address of IPv6")
		}
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	parts := strings.Split(text, ".")
	var bytes [4]byte
	if len(parts) > len(bytes) {
		return netip.Prefix{}, errors.New("is no address of IPv4")
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 8)
		switch {
		case err == nil:
			bytes[i] = byte(n)
		case strings.Trim(text, "0123456789.") == "":
			return netip.Prefix{}, errors.New("is no address of IPv4")
		default:
			return netip.Prefix{}, errors.New("is no address, and names are not looked up, for that would ask the network")
		}
	}
	return netip.PrefixFrom(netip.AddrFrom4(bytes), 8*len(parts)), nil
}

// narrowed is a prefix of so many bits, beyond which the address has none.
func narrowed(p netip.Prefix, bits int) (netip.Prefix, error) {
	if bits > p.Addr().BitLen() {
		return p, fmt.Errorf("is more than the %d bits of an address", p.Addr().BitLen())
	}
	narrow := netip.PrefixFrom(p.Addr(), bits)
	if narrow.Masked() != narrow {
		return p, fmt.Errorf("leaves bits of the address that are not the network's: write %s", narrow.Masked())
	}
	return narrow, nil
}

// mask reads an IPv4 network mask and returns how many bits it has.
func mask(text string) (bits int, err error) {
	p, err := prefix(text)
	if err != nil || p.Bits() != 32 {
		return 0, errors.New("is no mask of IPv4")
	}
	m := net.IPMask(p.Addr().AsSlice())
	ones, size := m.Size()
	if size == 0 {
		return 0, errors.New("is no mask of IPv4: its set bits come first")
	}
	return ones, nil
}

// hardware reads an address of Ethernet: six numbers of one or two hexadecimal
// digits, with colons or hyphens between them.
func hardware(text string) (address [6]byte, ok bool) {
	parts := strings.Split(strings.ReplaceAll(text, "-", ":"), ":")
	if len(parts) != len(address) {
		return address, false
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 16, 8)
		if err != nil || len(part) > 2 {
			return address, false
		}
		address[i] = byte(n)
	}
	return address, true
}

// words cuts an address into pieces of four bytes.
func words(a netip.Addr) []uint32 {
	bytes := a.AsSlice()
	all := make([]uint32, 0, 4)
	for ; len(bytes) > 0; bytes = bytes[4:] {
		all = append(all, binary.BigEndian.Uint32(bytes))
	}
	return all
}

// service returns the port that the system knows by a name (in /etc/services;
// nobody is asked), and which of TCP and UDP have it.
func service(name string) (port uint32, transports []uint32, err error) {
	// There is nothing to wait for: only files are read.
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, t := range [...]struct {
		network  string
		protocol uint32
	}{{"tcp", protocolTCP}, {"udp", protocolUDP}} {
		n, err := net.DefaultResolver.LookupPort(ctx, t.network, name)
		switch {
		case err != nil:
			continue
		case transports != nil && uint32(n) != port:
			return 0, nil, errors.New("is another port with TCP than with UDP: write the number")
		}
		port, transports = uint32(n), append(transports, t.protocol)
	}
	if transports == nil {
		return 0, nil, errors.New("is neither a number nor the name of a port")
	}
	return port, transports, nil
}

// ports reads a port or, with a hyphen, a range of them.
func ports(text string) (low, high uint32, ok bool) {
	first, last, ranged := strings.Cut(text, "-")
	low, ok = number(first)
	if !ok || !ranged {
		return low, low, ok && low <= 65535
	}
	high, ok = number(last)
	return min(low, high), max(low, high), ok && low <= 65535 && high <= 65535
}
