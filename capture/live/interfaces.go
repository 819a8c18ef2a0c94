//go:build cgo

package live

import (
	"net/netip"

	"github.com/google/gopacket/pcap"
)

// Flags of an interface, from pcap/pcap.h.
const (
	flagLoopback = 1 << 0
	flagUp       = 1 << 1
	flagRunning  = 1 << 2
)

// Interfaces lists what can be captured on, in libpcap's order: the most
// likely first.
func Interfaces() ([]Interface, error) {
	found, err := pcap.FindAllDevs()
	if err != nil {
		return nil, failure("interfaces", err)
	}
	through := defaultRoutes()
	list := make([]Interface, 0, len(found))
	for _, d := range found {
		i := Interface{
			Name:        d.Name,
			Description: d.Description,
			Up:          d.Flags&flagUp != 0,
			Running:     d.Flags&flagRunning != 0,
			Loopback:    d.Flags&flagLoopback != 0,
			Default:     through[d.Name],
			Links:       links(d.Name),
		}
		for _, a := range d.Addresses {
			if addr, ok := netip.AddrFromSlice(a.IP); ok {
				i.Addresses = append(i.Addresses, addr)
			}
		}
		list = append(list, i)
	}
	return list, nil
}
