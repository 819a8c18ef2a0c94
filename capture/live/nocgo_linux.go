//go:build !cgo

package live

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
)

// Built reports whether this build can capture.
const Built = true

func openDevice(name string, o *Options) (device, error) { return openKernel(name, o) }

// Interfaces lists what can be captured on, the most likely first: what is
// connected, all of them together, the loopback interface, and the rest.
func Interfaces() ([]Interface, error) {
	found, err := net.Interfaces()
	if err != nil {
		return nil, failure("interfaces", err)
	}
	through := defaultRoutes()
	list := []Interface{{
		Name: allInterfaces, Description: "all interfaces together",
		Up: true, Running: true, Links: links(allInterfaces),
	}}
	for _, f := range found {
		i := Interface{
			Name:     f.Name,
			Up:       f.Flags&net.FlagUp != 0,
			Running:  f.Flags&net.FlagRunning != 0,
			Loopback: f.Flags&net.FlagLoopback != 0,
			Default:  through[f.Name],
			Links:    links(f.Name),
		}
		addresses, _ := f.Addrs() // none where it has gone since
		for _, a := range addresses {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				i.Addresses = append(i.Addresses, p.Addr())
			}
		}
		list = append(list, i)
	}
	slices.SortStableFunc(list, func(a, b Interface) int { return cmp.Compare(rank(&a), rank(&b)) })
	return list, nil
}

// rank orders interfaces by how likely somebody wants to capture on them.
func rank(i *Interface) int {
	switch {
	case !i.Up:
		return 4
	case !i.Running:
		return 3
	case i.Loopback:
		return 2
	case i.Name == allInterfaces:
		return 1
	}
	return 0
}
