package ring

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
)

// victim names the file that the test binary writes instead of testing.
const victim = "TALKTRACE_RING_VICTIM"

func TestMain(m *testing.M) {
	if name := os.Getenv(victim); name != "" {
		os.Exit(writeForEver(name))
	}
	os.Exit(m.Run())
}

// writeForEver writes frames, and after each flush their number to standard
// output, until somebody ends it.
func writeForEver(name string) int {
	format := pcapfile.PcapNG
	if strings.HasSuffix(name, ".pcap") {
		format = pcapfile.Pcap
	}
	r, err := New(Options{Name: name, Format: format, Switch: Limits{Packets: 5000}, Keep: 1000})
	if err != nil {
		return 1
	}
	for n := 0; ; n++ {
		f := at(float64(n))
		f.Data = make([]byte, n*37%1500)
		if r.WriteFrame(f) != nil {
			return 1
		}
		if n%500 == 499 {
			r.Flush()
			if _, err := fmt.Println(n + 1); err != nil {
				return 0 // nobody is there any more
			}
		}
	}
}

// TestKill ends a program by SIGKILL while it writes. All that was flushed is
// there, and each file is whole but perhaps for its very end.
func TestKill(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 20 {
		dir := t.TempDir()
		name := filepath.Join(dir, "a"+[]string{".pcapng", ".pcap.gz", ".zst"}[i%3])
		flushed := killed(t, name, 1+random.IntN(60))
		names, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(names)
		next := 0
		for j, name := range names {
			next = follows(t, name, next, j == len(names)-1)
		}
		if next < flushed {
			t.Errorf("%d frames were flushed and %d are there", flushed, next)
		}
	}
}

// TestKillTshark holds what tshark makes of files whose writer was killed against
// what we make of them: as many frames, and nothing to complain of but an end
// that is cut off.
func TestKillTshark(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not installed")
	}
	random := rand.New(rand.NewPCG(5, 6))
	for _, suffix := range []string{".pcapng", ".pcap", ".pcapng.gz", ".pcapng.zst"} {
		dir := t.TempDir()
		flushed := killed(t, filepath.Join(dir, "a"+suffix), 11+random.IntN(60)) // the second file, at least
		names, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(names) < 2 {
			t.Fatal(names, err)
		}
		slices.Sort(names)
		next, count, last := 0, 0, ""
		for j, name := range names {
			before := next
			if next = follows(t, name, before, j == len(names)-1); next > before {
				count, last = next-before, name
			}
		}
		var said strings.Builder
		cmd := exec.CommandContext(t.Context(), tshark, "-n", "-r", last, "-T", "fields", "-e", "frame.number")
		cmd.Stderr = &said
		shown, err := cmd.Output()
		if n := strings.Count(string(shown), "\n"); n != count || err != nil && !strings.Contains(said.String(), "cut short") {
			t.Errorf("%s: tshark shows %d frames of %d: %v\n%s", last, n, count, err, said.String())
		}
		if next < flushed {
			t.Errorf("%d frames were flushed and %d are there", flushed, next)
		}
	}
}

// killed runs a victim until it has said something so many times, and returns
// how many frames it said last.
func killed(t *testing.T, name string, times int) (flushed int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		if n == times {
			_ = cmd.Process.Kill()
		}
		if flushed, err = strconv.Atoi(strings.TrimSpace(lines.Text())); err != nil {
			t.Error(err)
		}
	}
	if err := cmd.Wait(); err == nil || flushed == 0 {
		t.Fatalf("the victim ended by itself: %v", err)
	}
	return flushed
}

// follows reads a file whose first frame is to be that with a number, and
// returns the number that is to follow its last one.
func follows(t *testing.T, name string, next int, last bool) int {
	t.Helper()
	src, err := pcapfile.Open(name, nil, capture.Hooks{})
	if err != nil {
		if info, statErr := os.Stat(name); last && statErr == nil && info.Size() == 0 {
			return next // nothing had been flushed
		}
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	var f capture.Frame
	for err = src.Next(&f); err == nil; err = src.Next(&f) {
		if want := at(float64(next)); f.Time != want.Time || len(f.Data) != next*37%1500 {
			t.Fatalf("%s: frame %d is %+v", name, next, f)
		}
		next++
	}
	// A write that is under way when the program is killed may end early: at the
	// end of a page, as far as Linux is concerned.
	if !errors.Is(err, io.EOF) && !(last && errors.Is(err, io.ErrUnexpectedEOF)) {
		t.Errorf("%s: %v", name, err)
	}
	return next
}
