//go:build cgo

package live

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"talktrace/capture"
)

// ways are those to read an interface.
var ways = map[string]func(string, *Options) (device, error){
	"libpcap":  func(name string, o *Options) (device, error) { return openPcap(name, o) },
	"together": openDevice,
	"kernel":   openKernel,
}

// alike captures in all ways at a time while something is sent, up to the frame
// that ends with "the end". The frames and what is counted have to be the same.
func alike(t *testing.T, name string, o Options, send func()) (frames int) {
	t.Helper()
	open := map[string]*Capture{}
	for way, device := range ways {
		c, err := start(t.Context(), []string{name}, o, device)
		if err != nil {
			t.Fatalf("%s: %s: %v", name, way, err)
		}
		t.Cleanup(func() { _ = c.Close() })
		open[way] = c
	}
	send()
	var read [][]byte
	for _, way := range [...]string{"libpcap", "together", "kernel"} {
		var f capture.Frame
		n := 0
		for last := false; !last; n++ {
			if err := open[way].Next(&f); err != nil {
				t.Fatal(err)
			}
			last = bytes.HasSuffix(f.Data, []byte("the end"))
			// Whether the kernel hands a frame over in the first place, and how long it
			// was, is told apart from the bytes.
			told := fmt.Appendf(nil, "%d bytes of %d, link type %d: %x", len(f.Data), f.Length, f.Link, f.Data)
			if f.Link == capture.LinkLinuxSLL || f.Link == capture.LinkLinuxSLL2 {
				told = cooked(&f)
			}
			if way == "libpcap" {
				read = append(read, told)
			} else if n >= len(read) || !bytes.Equal(told, read[n]) {
				t.Fatalf("%s %+v: frame %d by %s: %s, libpcap has %d:\n%s", name, o, n, way, told, len(read), read[min(n, len(read)-1)])
			}
		}
		if n != len(read) {
			t.Errorf("%s %+v: %d frames by %s, %d by libpcap", name, o, n, way, len(read))
		}
	}
	for _, c := range open {
		if got, want := c.Stats()[0], open["libpcap"].Stats()[0]; got != want {
			t.Errorf("%s %+v: %+v, by libpcap %+v", name, o, got, want)
		}
	}
	for _, c := range open {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	return len(read)
}

// cooked tells what both versions of the header for cooked frames have.
func cooked(f *capture.Frame) []byte {
	h, size := f.Data, 16
	kind, way, hardware := h[14:16], h[1], h[2:4]
	if f.Link == capture.LinkLinuxSLL2 {
		kind, way, hardware, size = h[:2], h[10], h[8:10], cookedBytes
	}
	return fmt.Appendf(nil, "%x, type %d, hardware %x, %d of %d: %x", kind, way, hardware, len(h)-size, f.Length-size, h[size:])
}

// TestKernelAgainstLibpcap reads Ethernet in all ways at a time: the frames are
// the same, tagged, cut and sorted out alike.
func TestKernelAgainstLibpcap(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	long := append(segment(5222, 0), bytes.Repeat([]byte("talk "), 250)...)
	frames := [][]byte{segment(80, 0), segment(5222, 0), segment(5222, 1), long, segment(5269, 2), segment(53, 0), segment(5222, 0)}
	last := append(segment(5222, 1), "the end"...) // which all of the filters let through
	for want, o := range map[int]Options{
		8: {Filter: "ether host 2:2:2:2:2:2"}, // not the greetings of IPv6
		7: {Filter: "tcp"},
		3: {Filter: "vlan"},
		2: {Filter: "vlan and tcp port 5222"},
		6: {Ports: []uint16{5222}, BufferMiB: 1, Promiscuous: true},
		5: {Filter: "tcp port 5222"},
	} {
		if n := alike(t, "far", o, func() { send(t, append(slices.Clone(frames), last)...) }); n != want {
			t.Errorf("%+v: %d frames", o, n)
		}
	}
	for n, filter := range []string{
		"vlan 7", "not vlan 8 and tcp", "vlan and ip", "tcp port 5269 or vlan 7 and tcp",
		"tcp[2:2] = 5222 or vlan 7", "len > 50 and ether src 2:2:2:2:2:2", "greater 40 and ip",
	} {
		if alike(t, "far", Options{Filter: filter}, func() { send(t, append(slices.Clone(frames), last)...) }) < 2 {
			t.Errorf("%d. %s lets only the last frame through", n, filter)
		}
	}
}

// TestAnyAgainstLibpcap reads all interfaces in both ways at a time, among them
// the one that shows each frame twice.
func TestAnyAgainstLibpcap(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	ip(t, "link set lo up")
	socket, err := net.ListenPacket("udp4", "127.0.0.1:5222")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	say := func(text string) {
		if _, err := socket.WriteTo([]byte(text), socket.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		filter string
		frames int
	}{
		{"port 5222", 4},
		{"inbound and port 5222", 3},
		{"udp port 5222", 2},
		{"tcp port 5222 or (tcp port 5269 and inbound) or udp port 5222", 5},
	} {
		n := alike(t, allInterfaces, Options{Filter: c.filter, Promiscuous: true}, func() {
			send(t, segment(80, 0), segment(5222, 0), segment(5269, 0))
			say("talk")
			say("the end")
		})
		if n != c.frames {
			t.Errorf("%+v: %d frames", c, n)
		}
	}
}

// TestTunnelAgainstLibpcap reads an interface whose packets have nothing before IP.
func TestTunnelAgainstLibpcap(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = unix.Close(fd) }()
	request, err := unix.NewIfreq("tun9")
	if err != nil {
		t.Fatal(err)
	}
	request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
		t.Skip(err)
	}
	ip(t, "link set tun9 up")
	arrive := func() {
		for _, f := range [][]byte{segment(80, 0), segment(5222, 0), segment(53, 0), append(segment(5222, 0), "the end"...)} {
			packet := f[14:]
			binary.BigEndian.PutUint16(packet[2:], uint16(len(packet)))
			if _, err := unix.Write(fd, packet); err != nil {
				t.Fatal(err)
			}
		}
	}
	for want, o := range map[int]Options{
		4: {Filter: "ip"},
		2: {Filter: "tcp port 5222"},
		3: {Ports: []uint16{5222}},
	} {
		if n := alike(t, "tun9", o, arrive); n != want {
			t.Errorf("%+v: %d frames", o, n)
		}
	}
}
