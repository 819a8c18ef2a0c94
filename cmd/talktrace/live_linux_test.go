package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/capture/traffic"
)

const played = "../../testdata/captures/plain-session.pcap"

// inNamespace reports whether the test runs in a network namespace of its own.
// Where it does not, it runs it there, in another process. The namespace ends
// with the process, and needs no root where users may make namespaces.
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

// wire makes a pair of interfaces, near and far, out of which the system itself
// says nothing.
func wire(t *testing.T) {
	t.Helper()
	const noIPv6 = "/proc/sys/net/ipv6/conf/default/disable_ipv6" // which greets its neighbours
	if err := os.WriteFile(noIPv6, []byte("1"), 0); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	ip(t, "link add near mtu 65535 type veth peer name far mtu 65535")
	for _, name := range []string{"near", "far", "lo"} {
		ip(t, "link set "+name+" up")
	}
}

// ip runs the program ip.
func ip(t *testing.T, command string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "ip", strings.Fields(command)...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v\n%s", command, err, out)
	}
}

// packetSocket opens a socket that sees and sends frames on an interface, or
// sees those of all.
func packetSocket(t *testing.T, name string) (fd, index int) {
	t.Helper()
	const all = unix.ETH_P_ALL<<8&0xff00 | unix.ETH_P_ALL>>8
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, all)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	if name == "" {
		return fd, 0
	}
	device, err := net.InterfaceByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return fd, device.Index
}

// replay sends the frames of a capture file out of the interface near, and
// returns how many there are.
func replay(t *testing.T, path string) (frames int) {
	t.Helper()
	file, err := pcapfile.Open(path, nil, capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	return send(t, file)
}

// send sends the frames of a source out of the interface near, as fast as it
// can, and returns how many there are.
func send(t *testing.T, src capture.Source) (frames int) {
	t.Helper()
	socket, near := packetSocket(t, "near")
	var f capture.Frame
	for {
		err := src.Next(&f)
		if errors.Is(err, io.EOF) {
			return frames
		}
		if err != nil {
			t.Fatal(err)
		}
		err = unix.Sendto(socket, f.Data, 0, &unix.SockaddrLinklayer{Ifindex: near})
		if errors.Is(err, unix.ENOBUFS) || errors.Is(err, unix.EAGAIN) {
			continue // lost before it was sent
		}
		if err != nil {
			t.Fatal(err)
		}
		frames++
	}
}

// talktrace prepares the command.
func talktrace(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path := filepath.Join(t.TempDir(), "talktrace") // the name says which program the test binary is to be
	if err := os.Symlink(os.Args[0], path); err != nil {
		t.Fatal(err)
	}
	return exec.CommandContext(t.Context(), path, args...)
}

// rows runs the command and returns what it writes.
func output(t *testing.T, args ...string) []byte {
	t.Helper()
	out, err := talktrace(t, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// running is a command that traces an interface.
type running struct {
	*exec.Cmd
	rows   *bufio.Reader
	errors *bufio.Reader
}

// start starts the command and waits until it captures.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{Cmd: talktrace(t, args...)}
	stdout, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := r.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.rows, r.errors = bufio.NewReaderSize(stdout, 1<<20), bufio.NewReader(stderr)
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	r.says(t, "the capture filter is: tcp port 5222 or")
	return r
}

// says waits for a line on standard error.
func (r *running) says(t *testing.T, want string) {
	t.Helper()
	for {
		line, err := r.errors.ReadString('\n')
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if strings.Contains(line, want) {
			return
		}
	}
}

// stop interrupts the command and returns what it says then.
func (r *running) stop(t *testing.T) string {
	t.Helper()
	if err := r.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	said, err := io.ReadAll(r.errors)
	if err := errors.Join(err, r.Wait()); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	return string(said)
}

// rights returns what the system says of the rights of each thread.
func (r *running) rights(t *testing.T) []map[string]string {
	t.Helper()
	paths, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", r.Process.Pid))
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	var all []map[string]string
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // the thread has ended
		}
		fields := map[string]string{}
		for line := range strings.Lines(string(text)) {
			key, value, _ := strings.Cut(line, ":")
			if slices.Contains([]string{"NoNewPrivs", "Seccomp", "CapEff", "CapPrm"}, key) {
				fields[key] = strings.TrimSpace(value)
			}
		}
		all = append(all, fields)
	}
	return all
}

// TestLive traces a session while it happens and writes it. A trace of what was
// written has the same rows; none of the process's threads has any rights; and
// nothing but the session was seen on any interface: the command never sends.
func TestLive(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	everything, _ := packetSocket(t, "")
	_, near := packetSocket(t, "near")
	expected := bytes.Count(output(t, "-r", played, "-T", "jsonl"), []byte("\n"))

	written := filepath.Join(t.TempDir(), "written.pcapng")
	live := start(t, "-i", "far", "-T", "jsonl", "-N", "-w", written)
	replay(t, played)
	var rows bytes.Buffer
	for n := range expected {
		line, err := live.rows.ReadBytes('\n')
		if err != nil {
			t.Fatalf("row %d of %d: %v", n+1, expected, err)
		}
		rows.Write(line)
	}
	const none = "0000000000000000"
	confined := map[string]string{"NoNewPrivs": "1", "Seccomp": "2", "CapEff": none, "CapPrm": none}
	for _, thread := range live.rights(t) {
		if !maps.Equal(thread, confined) {
			t.Errorf("%v", thread)
		}
	}
	said := live.stop(t)
	if !strings.Contains(said, "; 0 dropped by the kernel, 0 by the interface") || strings.Contains(said, "error") {
		t.Errorf("%s", said)
	}
	if again := output(t, "-r", written, "-T", "jsonl", "-N"); !bytes.Equal(again, rows.Bytes()) {
		t.Errorf("live:\n%s\nwritten:\n%s", rows.Bytes(), again)
	}
	onlySession(t, everything, near)
}

// TestReturns traces on an interface that is yet to be made, and that is made
// again when it has gone: what it takes for that is not given up.
func TestReturns(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	live := start(t, "-i", "far", "--wait", "-q")
	frames := 0
	for range 2 {
		wire(t)
		live.says(t, "far: capturing")
		frames += replay(t, played)
		ip(t, "link del far")
		live.says(t, "far: the interface has disappeared; waiting for it to return")
	}
	if said, want := live.stop(t), fmt.Sprintf("talktrace: %d frames, ", frames); !strings.HasPrefix(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}

// TestOverload sends more than can be kept to a command whose rows nobody reads.
// What was dropped is counted, and told of in rows where bytes are missing, and
// memory stays in its bounds; in the end all is read and nothing hangs.
func TestOverload(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	wire(t)
	live := start(t, "-i", "far", "-B", "1", "-T", "jsonl")
	gaps, first := make(chan int), make(chan struct{})
	read := func() {
		n := 0
		for rows := bufio.NewScanner(live.rows); rows.Scan(); {
			if bytes.Contains(rows.Bytes(), []byte(`"kind":"gap"`)) {
				if n++; n == 1 {
					close(first)
				}
			}
		}
		gaps <- n
	}
	sent := send(t, &flood{
		Source: traffic.New(traffic.Options{Stanzas: 2_000_000, Connections: 100, Seed: 3}), unread: 150_000, read: read, told: first,
	})
	peak := live.peak(t)
	if err := live.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	said, err := io.ReadAll(live.errors)
	told := <-gaps
	if err := errors.Join(err, live.Wait()); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	var frames, connections, rows, counted, lost, dropped int
	_, err = fmt.Sscanf(string(said), "talktrace: %d frames, %d TCP connections, %d rows, %d gaps (%d bytes lost); %d dropped by the kernel,",
		&frames, &connections, &rows, &counted, &lost, &dropped)
	if err != nil || dropped == 0 || frames+dropped != sent || told == 0 || told != counted {
		t.Errorf("%d frames were sent, %d rows told of gaps: %v\n%s", sent, told, err, said)
	}
	if peak > 192<<10 { // half of it is the race detector's
		t.Errorf("%d KiB of memory", peak)
	}
}

// flood is traffic of which the first frames come while nobody reads the rows, and
// more until one of them tells of what that has lost.
type flood struct {
	capture.Source
	unread, sent int
	read         func()
	told         <-chan struct{}
}

func (f *flood) Next(frame *capture.Frame) error {
	if f.sent == f.unread {
		go f.read()
	}
	f.sent++
	select {
	case <-f.told:
		return io.EOF
	default:
		return f.Source.Next(frame)
	}
}

// peak returns the most memory that the process has had, in KiB.
func (r *running) peak(t *testing.T) (kib int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(text), "VmHWM:")
	if _, err := fmt.Sscan(line, &kib); err != nil {
		t.Fatal(err)
	}
	return kib
}

// onlySession reads all that a packet socket has seen: frames that go out of
// the interface near and arrive at the other one.
func onlySession(t *testing.T, socket, near int) {
	t.Helper()
	seen := 0
	for {
		_, from, err := unix.Recvfrom(socket, make([]byte, 1), 0)
		if errors.Is(err, unix.EAGAIN) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		link := from.(*unix.SockaddrLinklayer)
		if (link.Pkttype == unix.PACKET_OUTGOING) != (link.Ifindex == near) {
			t.Errorf("a frame of type %d on interface %d", link.Pkttype, link.Ifindex)
		}
		seen++
	}
	if seen == 0 {
		t.Error("not even the session was seen")
	}
}

// TestNoPermission says what gives it.
func TestNoPermission(t *testing.T) {
	command := talktrace(t, "-i", "lo")
	if os.Getuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{AmbientCaps: nil, Credential: &syscall.Credential{Uid: 65533, Gid: 65533}}
		self, err := os.ReadFile(os.Args[0])
		if err != nil {
			t.Fatal(err)
		}
		folder, err := os.MkdirTemp("", "talktrace")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(folder) })
		command.Path = filepath.Join(folder, "talktrace")
		command.Args[0] = command.Path
		err = errors.Join(os.Chmod(folder, 0o755), os.WriteFile(command.Path, self, 0o755)) //nolint:gosec // another user runs it
		if err != nil {
			t.Fatal(err)
		}
	}
	out, err := command.CombinedOutput()
	failed, ok := errors.AsType[*exec.ExitError](err)
	if !ok || failed.ExitCode() != 2 || !strings.Contains(string(out), "talktrace: hint: run it by sudo, or once: sudo setcap cap_net_raw,cap_net_admin+eip /") {
		t.Errorf("%v\n%s", err, out)
	}
}
