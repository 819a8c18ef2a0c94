package live

import (
	"strconv"
	"strings"

	"talktrace/capture"
)

// PortFilter is the capture filter, in libpcap's syntax, for TCP with one of
// the ports at either end and for the DNS (unicast and multicast), whose
// answers give names to addresses. It must have at least one port.
func PortFilter(ports []uint16) string {
	var all []string
	for _, p := range ports {
		all = append(all, strconv.Itoa(int(p)))
	}
	return "tcp port " + strings.Join(all, " or ") + " or port 53 or udp port 5353"
}

// tagged extends a capture filter to frames with a VLAN tag. The plain
// alternative comes first: the word vlan moves all that is said after it by
// the length of a tag.
func tagged(filter string) string {
	return "(" + filter + ") or (vlan and (" + filter + "))"
}

// filter is the capture filter that the options ask for, empty where all is
// captured.
func (o *Options) filter() string {
	if o.Filter == "" && len(o.Ports) > 0 {
		return PortFilter(o.Ports)
	}
	return o.Filter
}

// snaplen is how many bytes of each frame are kept at most.
func (o *Options) snaplen() int {
	if o.Snaplen <= 0 || o.Snaplen > WholeFrames {
		return WholeFrames
	}
	return o.Snaplen
}

// buffer is the size of the kernel's buffer, in MiB.
func (o *Options) buffer() int {
	if o.BufferMiB <= 0 {
		return DefaultBuffer
	}
	return min(o.BufferMiB, MaxBuffer)
}

func (o *Options) origin(name string) capture.Origin {
	return capture.Origin{Name: name, Filter: o.filter(), Snaplen: o.snaplen()}
}
