package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A probe is what a process finds out about itself after Apply: for each thing
// that it tries, the error or nothing. It tries in several threads, some of
// which were there before Apply, and says "differs" where they do not agree.
type probe map[string]string

const probing = "TALKTRACE_TEST_PROBE"

func TestMain(m *testing.M) {
	if os.Getenv(probing) == "" {
		os.Exit(m.Run())
	}
	if err := inProbe(os.Stdin, os.Stdout); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// inProbe applies the policy that it reads, tries everything, and waits to be
// looked at from outside until its input ends.
func inProbe(in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return err
	}
	var p Policy
	if err := json.Unmarshal(line, &p); err != nil {
		return err
	}
	var tried sync.WaitGroup
	var there sync.WaitGroup
	applied := make(chan struct{})
	const threads = 4
	results := make([]probe, threads)
	for i := range threads {
		there.Add(1)
		tried.Go(func() {
			runtime.LockOSThread() // and never unlocked: the thread stays there to be looked at
			there.Done()
			<-applied
			results[i] = try(p, i)
		})
	}
	there.Wait()
	missing, err := Apply(p)
	if err != nil {
		return err
	}
	close(applied)
	tried.Wait()
	found := results[0]
	for _, r := range results[1:] {
		for what, how := range r {
			if found[what] != how {
				found[what] = "differs: " + found[what] + ", " + how
			}
		}
	}
	found["missing"] = strings.Join(missing, "\n")
	if err := json.NewEncoder(out).Encode(found); err != nil {
		return err
	}
	_, err = lines.ReadByte()
	if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func try(p Policy, thread int) probe {
	found := probe{}
	says := func(what string, err error) {
		found[what] = ""
		if err != nil {
			found[what] = err.Error()
			if e, ok := errors.AsType[syscall.Errno](err); ok {
				found[what] = unix.ErrnoName(e)
			}
		}
	}
	read := func(path string) error {
		_, err := os.ReadFile(path)
		return err
	}
	socket := func(domain, kind int) error {
		fd, err := unix.Socket(domain, kind, 0)
		if err == nil {
			_ = unix.Close(fd)
		}
		return err
	}
	says("read shadow", read("/etc/shadow"))
	says("read passwd", read("/etc/passwd"))
	says("list /", func() error { _, err := os.ReadDir("/"); return err }())
	says("write outside", os.WriteFile(filepath.Join(os.TempDir(), fmt.Sprint("outside", os.Getpid())), nil, 0o600))
	if len(p.Read) > 0 {
		says("read allowed", read(p.Read[0]))
		says("read beside", read(filepath.Join(filepath.Dir(p.Read[0]), beside)))
	}
	if len(p.Write) > 0 {
		path := filepath.Join(p.Write[0], fmt.Sprint("file", thread))
		says("write allowed", os.WriteFile(path, []byte("row"), 0o600))
		says("write again", os.WriteFile(path, nil, 0o600))
		says("rename allowed", os.Rename(path, path+".1"))
		says("read written", read(path+".1"))
		says("list written", func() error { _, err := os.ReadDir(p.Write[0]); return err }())
		says("remove allowed", os.Remove(path+".1"))
	}
	says("socket inet", socket(unix.AF_INET, unix.SOCK_DGRAM))
	says("socket inet6", socket(unix.AF_INET6, unix.SOCK_STREAM))
	says("socket unix", socket(unix.AF_UNIX, unix.SOCK_STREAM))
	says("socket netlink", socket(unix.AF_NETLINK, unix.SOCK_RAW))
	says("socket packet", socket(unix.AF_PACKET, unix.SOCK_RAW))
	says("send", func() error {
		err := unix.Sendto(-1, nil, 0, &unix.SockaddrLinklayer{})
		if errors.Is(err, unix.EBADF) { // it was tried
			return nil
		}
		return err
	}())
	says("exec", exec.Command("/bin/true").Run()) //nolint:noctx // there is nothing to cancel
	says("ptrace", unix.PtraceAttach(os.Getppid()))
	says("unshare", unix.Unshare(unix.CLONE_NEWUTS))
	says("become root", unix.Setresuid(0, 0, 0))
	says("time zone", read("/usr/share/zoneinfo/Europe/Rome"))
	return found
}

// run applies a policy in another process and returns what that one found, and
// what the system says of each of its threads.
func run(t *testing.T, p Policy, as *syscall.Credential, env ...string) (probe, []map[string]string) {
	t.Helper()
	line, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program(t))
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SUDO_") }), probing+"=1")
	cmd.Env = append(cmd.Env, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := stdin.Write(append(line, '\n')); err != nil {
		t.Error(err)
	}
	answer, err := bufio.NewReader(stdout).ReadBytes('\n')
	var found probe
	if err == nil {
		err = json.Unmarshal(answer, &found)
	}
	if err != nil {
		t.Errorf("%v: %s", err, answer)
	}
	threads := status(t, cmd.Process.Pid)
	if err := errors.Join(stdin.Close(), cmd.Wait()); err != nil {
		t.Error(err)
	}
	return found, threads
}

// program is a copy of the test binary that everybody may run.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	folder := shared(t)
	path := filepath.Join(folder, "probe")
	if err := os.WriteFile(path, self, 0o755); err != nil { //nolint:gosec // others are to run it
		t.Fatal(err)
	}
	return path
}

// shared is a folder in which everybody may make files.
func shared(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "sandbox")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o777); err != nil { //nolint:gosec // that is what it is for
		t.Fatal(err)
	}
	return folder
}

// status is what /proc says of each thread of a process.
func status(t *testing.T, pid int) []map[string]string {
	t.Helper()
	paths, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(paths) < 4 {
		t.Fatalf("%d threads: %v", len(paths), err)
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
			fields[key] = strings.Join(strings.Fields(value), " ")
		}
		all = append(all, fields)
	}
	return all
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root")
	}
}

func policy(t *testing.T) Policy {
	t.Helper()
	folder := shared(t)
	keys := filepath.Join(folder, "keys")
	for _, path := range []string{keys, filepath.Join(folder, beside)} {
		if err := os.WriteFile(path, nil, 0o644); err != nil { //nolint:gosec // as above
			t.Fatal(err)
		}
	}
	return Policy{Read: []string{keys, filepath.Join(folder, "missing")}, Write: []string{shared(t)}}
}

// beside is the name of a file in the folder of one that may be read.
const beside = "beside"

// refusals are what must fail whoever the process is, and how.
var refusals = map[string]string{
	"read shadow": "EACCES", "read passwd": "EACCES", "list /": "EACCES", "write outside": "EACCES",
	"read beside": "EACCES", "read written": "EACCES", "list written": "EACCES",
	"socket inet": "EPERM", "socket inet6": "EPERM", "socket unix": "EPERM",
	"ptrace": "EPERM", "unshare": "EPERM",
}

func check(t *testing.T, found probe, refused ...string) {
	t.Helper()
	if strings.Contains(found["missing"], "Landlock") || found["missing"] != "" {
		t.Skip(found["missing"])
	}
	for what, how := range refusals {
		if found[what] != how {
			t.Errorf("%s: %q, want %s", what, found[what], how)
		}
	}
	if found["exec"] == "" {
		t.Error("it can run programs")
	}
	for what, how := range found {
		if _, known := refusals[what]; known || what == "exec" || what == "missing" || slices.Contains(refused, what) {
			continue
		}
		if how != "" {
			t.Errorf("%s: %s", what, how)
		}
	}
	for _, what := range refused {
		if found[what] != "EPERM" {
			t.Errorf("%s: %q, want EPERM", what, found[what])
		}
	}
}

const none = "0000000000000000"

func expect(t *testing.T, threads []map[string]string, want map[string]string) {
	t.Helper()
	for _, thread := range threads {
		for key, value := range want {
			if thread[key] != value {
				t.Errorf("thread %s: %s is %q, want %q", thread["Pid"], key, thread[key], value)
			}
		}
	}
}

// TestSudo gives up being root for the user who called sudo.
func TestSudo(t *testing.T) {
	needRoot(t)
	found, threads := run(t, policy(t), nil, "SUDO_UID=65533", "SUDO_GID=65532")
	check(t, found, "send", "socket packet", "socket netlink", "become root")
	expect(t, threads, map[string]string{
		"Uid": "65533 65533 65533 65533", "Gid": "65532 65532 65532 65532", "Groups": "",
		"CapInh": none, "CapPrm": none, "CapEff": none, "CapBnd": none, "CapAmb": none,
		"NoNewPrivs": "1", "Seccomp": "2",
	})
}

// TestRoot stays root, without what makes it one.
func TestRoot(t *testing.T) {
	needRoot(t)
	found, threads := run(t, policy(t), nil)
	check(t, found, "send", "socket packet", "socket netlink")
	expect(t, threads, map[string]string{
		"Uid": "0 0 0 0", "CapPrm": none, "CapEff": none, "CapBnd": none, "NoNewPrivs": "1", "Seccomp": "2",
	})
}

// TestKeepUser stays root to read what root alone can, and is confined all the
// same.
func TestKeepUser(t *testing.T) {
	needRoot(t)
	p := policy(t)
	p.KeepUser = true
	p.Read = append(p.Read, "/etc/shadow")
	p.Write = append(p.Write, filepath.Join(p.Write[0], "missing"))
	found, threads := run(t, p, nil, "SUDO_UID=65533", "SUDO_GID=65532")
	if found["read shadow"] != "" {
		t.Errorf("read shadow: %s", found["read shadow"])
	}
	found["read shadow"] = "EACCES" // as for the others
	check(t, found, "send", "socket packet", "socket netlink")
	expect(t, threads, map[string]string{"Uid": "0 0 0 0", "NoNewPrivs": "1", "Seccomp": "2"})
}

// TestCapture keeps what it takes to open an interface again, and no more.
func TestCapture(t *testing.T) {
	needRoot(t)
	p := policy(t)
	p.User, p.Capture = "nobody", true
	found, threads := run(t, p, nil)
	refused := []string{"become root"}
	if !withLibpcap {
		refused = append(refused, "send")
	}
	check(t, found, refused...)
	const raw = "0000000000002000"
	expect(t, threads, map[string]string{
		"CapPrm": raw, "CapEff": raw, "CapInh": none, "CapAmb": none, "CapBnd": none, "Groups": "",
		"NoNewPrivs": "1", "Seccomp": "2",
	})
	for _, thread := range threads {
		if strings.HasPrefix(thread["Uid"], "0") {
			t.Error("still root")
		}
	}
}

// TestUser restricts a process that was not root in the first place.
func TestUser(t *testing.T) {
	var as *syscall.Credential
	if os.Getuid() == 0 {
		as = &syscall.Credential{Uid: 65533, Gid: 65533}
	}
	found, threads := run(t, policy(t), as)
	check(t, found, "send", "socket packet", "socket netlink", "become root")
	expect(t, threads, map[string]string{"CapPrm": none, "CapEff": none, "NoNewPrivs": "1", "Seccomp": "2"})
}

func TestUnknownUser(t *testing.T) {
	if who, err := (Policy{User: "no such user"}).identity(); err == nil {
		t.Errorf("%+v", who)
	}
	t.Setenv("SUDO_UID", "-1")
	t.Setenv("SUDO_GID", "0")
	if who, err := (Policy{}).identity(); err != nil || who != nil {
		t.Errorf("%+v, %v", who, err)
	}
}
