package live

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"talktrace/capture"
)

// defaultRoutes returns the names of the interfaces through which a default
// route leads. What cannot be read leads nowhere.
func defaultRoutes() map[string]bool {
	through := make(map[string]bool)
	v4, _ := os.ReadFile("/proc/net/route")
	for line := range strings.Lines(string(v4)) {
		// Iface Destination Gateway Flags RefCnt Use Metric Mask …
		if f := strings.Fields(line); len(f) > 7 && f[1] == "00000000" && f[7] == "00000000" {
			through[f[0]] = true
		}
	}
	const nowhere = "00000000000000000000000000000000"
	v6, _ := os.ReadFile("/proc/net/ipv6_route")
	for line := range strings.Lines(string(v6)) {
		// destination prefix-length source prefix-length next-hop metric uses flags device;
		// the system keeps a route of its own for what has none, on lo
		if f := strings.Fields(line); len(f) > 9 && f[0] == nowhere && f[1] == "00" && f[9] != "lo" {
			through[f[9]] = true
		}
	}
	return through
}

// Types of hardware, from linux/if_arp.h.
const (
	hardwareEthernet = 1
	hardwareLoopback = 772
	hardwareNone     = 65534
)

// links says how frames on an interface begin, as far as the system tells it
// to everybody.
func links(name string) []capture.LinkType {
	if name == "any" {
		return []capture.LinkType{capture.LinkLinuxSLL, capture.LinkLinuxSLL2}
	}
	text, err := os.ReadFile("/sys/class/net/" + filepath.Base(name) + "/type")
	if err != nil {
		return nil
	}
	switch kind, err := strconv.Atoi(strings.TrimSpace(string(text))); {
	case err != nil:
	case kind == hardwareEthernet, kind == hardwareLoopback:
		return []capture.LinkType{capture.LinkEthernet}
	case kind == hardwareNone:
		return []capture.LinkType{capture.LinkRaw}
	}
	return nil
}
