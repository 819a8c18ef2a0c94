package live

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"talktrace/capture"
)

// inNamespace reports whether the test runs in a network namespace of its own.
// Where it does not, it runs it there, in another process, and that is all
// there is to do. The namespace ends with the process.
func inNamespace(t *testing.T) bool {
	t.Helper()
	const variable = "TALKTRACE_TEST_NAMESPACE"
	if os.Getenv(variable) == t.Name() {
		return true
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip(err)
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), variable+"="+t.Name())
	again.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWNET | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	out, err := again.CombinedOutput()
	switch {
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EINVAL):
		t.Skip("no namespaces can be made here: ", err)
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("%s", out)
	}
	return false
}

// ip runs the program ip.
func ip(t *testing.T, command string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "ip", strings.Fields(command)...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v\n%s", command, err, out)
	}
}

// wire makes a pair of interfaces, near and far, that are connected.
func wire(t *testing.T) {
	t.Helper()
	ip(t, "link add near type veth peer name far")
	ip(t, "link set near up")
	ip(t, "link set far up")
}

// send sends frames out of the interface near.
func send(t *testing.T, frames ...[]byte) {
	t.Helper()
	device, err := net.InterfaceByName("near")
	if err != nil {
		t.Fatal(err)
	}
	socket, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(socket) }()
	for _, f := range frames {
		if err := unix.Sendto(socket, f, 0, &unix.SockaddrLinklayer{Ifindex: device.Index}); err != nil {
			t.Fatal(err)
		}
	}
}

// segment is an empty TCP segment to a port, behind so many VLAN tags.
func segment(port uint16, tags int) []byte {
	f := slices.Repeat([]byte{2}, 12)
	for range tags {
		f = append(f, 0x81, 0, 0, 7)
	}
	f = append(f, 8, 0,
		0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2)
	f = binary.BigEndian.AppendUint16(f, 40000)
	f = binary.BigEndian.AppendUint16(f, port)
	return append(f, make([]byte, 16)...)
}

// port is the destination port of a segment, and whether it was tagged.
func port(f *capture.Frame) (uint16, bool) {
	if binary.BigEndian.Uint16(f.Data[12:]) == 0x8100 {
		return binary.BigEndian.Uint16(f.Data[40:]), true
	}
	return binary.BigEndian.Uint16(f.Data[36:]), false
}

// TestDefaultFilter captures what goes to XMPP's ports, tagged or not, and
// nothing else.
func TestDefaultFilter(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	c := open(t.Context(), t, "far", Options{Ports: []uint16{5222, 5269}})
	send(t, segment(80, 0), segment(5222, 0), segment(443, 1), segment(5269, 1), segment(53, 0))
	var f capture.Frame
	for _, want := range []struct {
		port   uint16
		tagged bool
	}{{5222, false}, {5269, true}, {53, false}} {
		if err := c.Next(&f); err != nil {
			t.Fatal(err)
		}
		if got, tag := port(&f); got != want.port || tag != want.tagged || f.Link != capture.LinkEthernet {
			t.Errorf("%+v, want port %d", f, want.port)
		}
	}
}

// TestWait captures on an interface that is made, goes down, returns, is taken
// away and is made again, all while it is waited for.
func TestWait(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	ctx, cancel := context.WithCancel(t.Context())
	notices := make(chan string, 10)
	c := open(ctx, t, "far", Options{Filter: "tcp", Wait: true, Notice: func(text string) { notices <- text }})
	expect := func(want string) {
		t.Helper()
		if got := <-notices; got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}
	got := make(chan uint16)
	ended := make(chan error)
	go func() {
		var f capture.Frame
		for {
			if err := c.Next(&f); err != nil {
				ended <- err
				return
			}
			p, _ := port(&f)
			got <- p
		}
	}()
	arrives := func(p uint16) {
		t.Helper()
		send(t, segment(p, 0))
		if g := <-got; g != p {
			t.Errorf("port %d, want %d", g, p)
		}
	}
	expect("far: there is no such interface; waiting for it")
	wire(t)
	expect("far: capturing")
	arrives(1)
	ip(t, "link set far down")
	expect("far: the interface has gone down; waiting for it to return")
	ip(t, "link set far up")
	expect("far: capturing")
	arrives(2)
	ip(t, "link del far")
	expect("far: the interface has disappeared; waiting for it to return")
	wire(t)
	expect("far: capturing")
	arrives(3)
	if s := c.Stats()[0]; s.Received != 3 || s.Dropped != 0 {
		t.Errorf("%+v", s)
	}
	cancel()
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

// TestNoWait ends with the interface, after all its frames.
func TestNoWait(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	c := open(t.Context(), t, "far", Options{Filter: "tcp"})
	send(t, segment(1, 0), segment(2, 0))
	var f capture.Frame
	for range 2 {
		if err := c.Next(&f); err != nil {
			t.Fatal(err)
		}
	}
	ip(t, "link del far")
	err := c.Next(&f)
	if e, ok := errors.AsType[*capture.Error](err); !ok || !isGone(err) || e.Frame != 2 || !strings.Contains(e.Hint, "--wait") {
		t.Errorf("%#v", err)
	}
}

// TestDrops floods an interface that is not read, and then reads it: what the
// kernel could not keep it has counted.
func TestDrops(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	ctx, cancel := context.WithCancel(t.Context())
	c := open(ctx, t, "far", Options{Filter: "tcp", BufferMiB: 1})
	const sent = 40_000
	send(t, slices.Repeat([][]byte{segment(5222, 0)}, sent)...)
	for c.Stats()[0].Received < sent {
		runtime.Gosched()
	}
	cancel()
	var f capture.Frame
	read := int64(0)
	for c.Next(&f) == nil {
		read++
	}
	if s := c.Stats()[0]; s.Received != sent || s.Dropped == 0 || read == 0 || read != sent-s.Dropped {
		t.Errorf("%d frames read, %+v", read, s)
	}
}

// TestLastFrames ends the context right after a frame was sent, which the kernel
// has not handed out by then.
func TestLastFrames(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		c := open(ctx, t, "far", Options{Filter: "tcp"})
		send(t, segment(1, 0), segment(2, 0))
		var f capture.Frame
		if err := c.Next(&f); err != nil {
			t.Fatal(err)
		}
		send(t, segment(3, 0))
		cancel()
		frames := 1
		for c.Next(&f) == nil {
			frames++
		}
		if frames != 3 {
			t.Errorf("%d frames", frames)
		}
	}
}

// TestInterfaces lists an interface that is down, one that is up and the one
// that leads to everywhere.
func TestInterfaces(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	ip(t, "addr add 192.0.2.1/24 dev near")
	ip(t, "route add default via 192.0.2.2")
	ip(t, "link set far down")
	all, err := Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, i := range all {
		switch i.Name {
		case "near":
			if !i.Up || !i.Default || i.Loopback || len(i.Addresses) == 0 {
				t.Errorf("%+v", i)
			}
		case "far":
			if i.Up || i.Default || i.Loopback {
				t.Errorf("%+v", i)
			}
		case "lo":
			if !i.Loopback || i.Default {
				t.Errorf("%+v", i)
			}
		default:
			continue
		}
		seen++
	}
	if seen < 2 { // libpcap leaves out what is down, in some versions
		t.Errorf("%+v", all)
	}
}
