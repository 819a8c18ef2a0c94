package cli

import (
	"net/netip"
	"testing"

	"talktrace/capture"
	"talktrace/capture/live"
)

func TestDescribeInterface(t *testing.T) {
	for want, i := range map[string]live.Interface{
		"eth0 [up, Ethernet, default route] 192.0.2.1 2001:db8::1": {
			Name: "eth0", Up: true, Running: true, Default: true,
			Links:     []capture.LinkType{capture.LinkEthernet},
			Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")},
		},
		"any (all of them) [up, cooked]": {
			Name: "any", Description: "all of them", Up: true, Running: true,
			Links: []capture.LinkType{capture.LinkLinuxSLL, capture.LinkLinuxSLL2},
		},
		"lo [up, not connected, loopback]": {Name: "lo", Up: true, Loopback: true},
		"usbmon1 [down]":                   {Name: "usbmon1", Running: true},
	} {
		if got := describeInterface(&i); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
