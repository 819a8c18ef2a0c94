package live

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"talktrace/capture"
	"talktrace/capture/bpf"
)

// kernel captures without libpcap.
func kernel(t *testing.T, name string, o Options) *Capture {
	t.Helper()
	c, err := start(t.Context(), []string{name}, o, openKernel)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// TestKernelFilters has the kernel judge what it alone knows of a frame: which
// way it goes, and by which interface.
func TestKernelFilters(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	for _, c := range []struct {
		name, filter string
		want         []uint16 // of the segments' ports
	}{
		// The tag is among the bytes of a frame that goes out, and apart from one that comes in.
		{"near", "tcp and outbound", []uint16{80, 5222, 1}},
		{"far", "tcp and inbound", []uint16{80, 5222, 443, 1}},
		{"near", "inbound or tcp port 1", []uint16{1}},
		{"far", "outbound or tcp port 1", []uint16{1}},
		{"far", "tcp dst port 5222 or tcp[2:2] = 1", []uint16{5222, 1}},
		{"near", "tcp port 1 or (vlan 7 and tcp)", []uint16{443, 1}},
		{"far", "tcp port 1 or (vlan 7 and tcp)", []uint16{443, 1}},
		{"far", "tcp and not vlan", []uint16{80, 5222, 1}},
	} {
		all := kernel(t, c.name, Options{Filter: c.filter})
		send(t, segment(80, 0), segment(5222, 0), segment(443, 1), segment(1, 0))
		for n, want := range c.want {
			var f capture.Frame
			if err := all.Next(&f); err != nil {
				t.Fatal(err)
			}
			if got, _ := port(&f); got != want {
				t.Errorf("%s on %s: frame %d is for port %d, want %d", c.filter, c.name, n, got, want)
			}
		}
	}
}

// TestKernelAny sees a frame leave one interface and arrive at another, each
// with the number of its interface.
func TestKernelAny(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	c := kernel(t, allInterfaces, Options{Ports: []uint16{5222}, Snaplen: 60, Promiscuous: true})
	send(t, segment(80, 0), segment(5222, 1))
	var seen []byte
	for range 2 {
		var f capture.Frame
		if err := c.Next(&f); err != nil {
			t.Fatal(err)
		}
		// The tag, and behind it IP.
		if f.Link != capture.LinkLinuxSLL2 || f.Length != 64 || len(f.Data) != 60 ||
			string(f.Data[:2]) != "\x81\x00" || string(f.Data[20:25]) != "\x00\x07\x08\x00\x45" {
			t.Errorf("%d of %d bytes: %x", len(f.Data), f.Length, f.Data)
		}
		seen = append(seen, f.Data[7], f.Data[10])
	}
	if seen[0] == seen[2] || seen[1] == seen[3] || !slices.Contains(seen, unix.PACKET_OUTGOING) {
		t.Errorf("interfaces and types %d", seen)
	}
}

// TestKernelTakes attaches programs to a socket: the kernel checks them.
func TestKernelTakes(t *testing.T) {
	socket, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(socket) }()
	taken := 0
	for _, link := range []capture.LinkType{capture.LinkEthernet, capture.LinkLinuxSLL2, capture.LinkRaw} {
		for _, filter := range []string{
			"", "tcp", "port 5222 or 5269", "host 192.0.2.1 and vlan", "vlan 7 and vlan 8 and ip6",
			"inbound and ifindex 3", "len > 60", "tcp[((tcp[12] & 0xf0) >> 2):4] = ip[ip[0] & 0xf] % len",
			"port " + strings.Repeat("1 or ", 60) + "2", "ether multicast", "-len * 2 / len = 3",
			"vlan and (" + tagged(PortFilter([]uint16{5222, 5223, 5269})) + ")",
		} {
			program, err := socketFilter(&Options{Filter: filter}, link)
			if _, ok := errors.AsType[*bpf.Error](err); ok && link != capture.LinkEthernet {
				continue // about what such frames have not
			}
			if err == nil {
				err = unix.SetsockoptSockFprog(socket, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
					&unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]})
			}
			if err != nil {
				t.Errorf("%s, link type %d: %v", filter, link, err)
			}
			taken++
		}
	}
	if taken < 30 {
		t.Errorf("%d programs", taken)
	}
}

// TestKernelRefuses says what is wrong with an interface or a filter.
func TestKernelRefuses(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	ip(t, "link set far down")
	for _, c := range []struct{ name, filter, want, hint string }{
		{"nothing0", "", "nothing0: there is no such interface", "talktrace -D"},
		{"a-name-that-is-far-too-long", "", "there is no such interface", "talktrace -D"},
		{"far", "", "far: the interface is down", "ip link set far up"},
		{"near", "tcp prot 5222", `capture filter "tcp prot 5222": "prot" in column 5: `, "pcap-filter"},
		{"any", "ether broadcast", `"broadcast" in column 7: frames of this kind do not tell it`, "pcap-filter"},
	} {
		_, err := start(t.Context(), []string{c.name}, Options{Filter: c.filter}, openKernel)
		e, ok := errors.AsType[*capture.Error](err)
		if !ok || !strings.Contains(err.Error(), c.want) || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
