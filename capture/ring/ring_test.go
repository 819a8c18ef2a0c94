package ring

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
)

// noon is when the tests take place.
var noon = time.Date(2026, time.November, 5, 12, 0, 0, 0, time.Local)

// at is a frame that was captured so many seconds after noon.
func at(seconds float64) *capture.Frame {
	after := time.Duration(seconds * float64(time.Second))
	return &capture.Frame{Number: 1, Time: noon.Add(after).UnixNano(), Precision: 9, Data: make([]byte, 68), Length: 68, Link: capture.LinkEthernet}
}

// content is what tests compare of a file: the seconds after noon of its frames.
func content(t *testing.T, name string) (seconds []float64) {
	t.Helper()
	src, err := pcapfile.Open(name, nil, capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	var f capture.Frame
	for err = src.Next(&f); err == nil; err = src.Next(&f) {
		seconds = append(seconds, time.Unix(0, f.Time).Sub(noon).Seconds())
	}
	if !errors.Is(err, io.EOF) {
		t.Errorf("%s after %d frames: %v", name, len(seconds), err)
	}
	return seconds
}

// files returns what is in a folder: each name and the frames in the file.
func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, fmt.Sprint(e.Name(), " ", content(t, filepath.Join(dir, e.Name()))))
	}
	return all
}

// open returns a Ring that the test closes.
func open(t *testing.T, o Options) *Ring {
	t.Helper()
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// write writes frames until there are enough, and returns how many that were.
func write(t *testing.T, r *Ring, frames ...*capture.Frame) int {
	t.Helper()
	for i, f := range frames {
		full := r.Full()
		err := r.WriteFrame(f)
		if errors.Is(err, io.EOF) {
			return i
		}
		if full || err != nil {
			t.Fatalf("frame %d was taken, full: %v, %v", i, full, err)
		}
	}
	return len(frames)
}

func TestSeries(t *testing.T) {
	for _, c := range []struct {
		name  string
		o     Options
		times []float64
		taken int
		want  []string
	}{
		{"one file", Options{Name: "a.pcapng"}, []float64{0, 1}, 2, []string{"a.pcapng [0 1]"}},
		{"no frames", Options{Name: "a"}, nil, 0, []string{"a []"}},
		{"a series without frames", Options{Name: "a", Switch: Limits{Packets: 1}}, nil, 0, nil},
		{
			"packets",
			Options{Name: "a.pcapng", Switch: Limits{Packets: 2}},
			[]float64{0, 1, 2, 3, 4},
			5,
			[]string{"a_00001_20261105120000.pcapng [0 1]", "a_00002_20261105120002.pcapng [2 3]", "a_00003_20261105120004.pcapng [4]"},
		},
		{
			"duration",
			Options{Name: "x.y.pcap.gz", Switch: Limits{Duration: 10 * time.Second}},
			[]float64{3, 12.999, 13, 99, 100, 2},
			6,
			[]string{"x.y_00001_20261105120003.pcap.gz [3 12.999]", "x.y_00002_20261105120013.pcap.gz [13]", "x.y_00003_20261105120139.pcap.gz [99 100 2]"},
		},
		{
			"interval",
			Options{Name: "a.zst", Switch: Limits{Interval: time.Minute}},
			[]float64{-7, -0.001, 0, 59, 60, 200},
			6,
			[]string{"a_00001_20261105115953.zst [-7 -0.001]", "a_00002_20261105120000.zst [0 59]", "a_00003_20261105120100.zst [60]", "a_00004_20261105120320.zst [200]"},
		},
		{
			"days",
			Options{Name: ".a", Switch: Limits{Interval: 24 * time.Hour}},
			[]float64{0, 43199, 43200},
			3,
			[]string{".a_00001_20261105120000 [0 43199]", ".a_00002_20261106000000 [43200]"},
		},
		{
			"duration or interval",
			Options{Name: "a", Switch: Limits{Interval: time.Minute, Duration: 40 * time.Second}},
			[]float64{0, 40, 59, 60},
			4,
			[]string{"a_00001_20261105120000 [0]", "a_00002_20261105120040 [40 59]", "a_00003_20261105120100 [60]"},
		},
		{
			"size",
			Options{Name: "a", Format: pcapfile.Pcap, Switch: Limits{Size: 24 + 2*84}},
			[]float64{0, 1, 2},
			3,
			[]string{"a_00001_20261105120000 [0 1]", "a_00002_20261105120002 [2]"},
		},
		{
			"a little more",
			Options{Name: "a", Format: pcapfile.Pcap, Switch: Limits{Size: 24 + 2*84 + 1}},
			[]float64{0, 1, 2, 3},
			4,
			[]string{"a_00001_20261105120000 [0 1 2]", "a_00002_20261105120003 [3]"},
		},
		{
			"some files are kept",
			Options{Name: "a", Switch: Limits{Packets: 1}, Keep: 2},
			[]float64{0, 1, 2, 3},
			4,
			[]string{"a_00003_20261105120002 [2]", "a_00004_20261105120003 [3]"},
		},
		{
			"so many files",
			Options{Name: "a", Switch: Limits{Packets: 1}, Files: 2},
			[]float64{0, 1, 2},
			2,
			[]string{"a_00001_20261105120000 [0]", "a_00002_20261105120001 [1]"},
		},
		{
			"so many files by time",
			Options{Name: "a", Switch: Limits{Duration: 2 * time.Second}, Files: 2},
			[]float64{0, 1, 2, 3, 4},
			4,
			[]string{"a_00001_20261105120000 [0 1]", "a_00002_20261105120002 [2 3]"},
		},
		{"so many bytes", Options{Name: "a", Format: pcapfile.Pcap, Size: 24 + 2*84}, []float64{0, 1, 2}, 2, []string{"a [0 1]"}},
		{
			"so many bytes of several files",
			Options{Name: "a", Format: pcapfile.Pcap, Size: 3 * (24 + 84), Switch: Limits{Packets: 1}},
			[]float64{0, 1, 2, 3},
			3,
			[]string{"a_00001_20261105120000 [0]", "a_00002_20261105120001 [1]", "a_00003_20261105120002 [2]"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			c.o.Name = filepath.Join(dir, c.o.Name)
			r := open(t, c.o)
			var frames []*capture.Frame
			for _, seconds := range c.times {
				frames = append(frames, at(seconds))
			}
			taken := write(t, r, frames...)
			if err := r.Close(); err != nil || taken != c.taken || r.WriteFrame(at(0)) != io.EOF { //nolint:errorlint // it is not wrapped
				t.Errorf("%d frames taken, %v", taken, err)
			}
			if got := files(t, dir); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestClock has time go on while no frames come.
func TestClock(t *testing.T) {
	dir := t.TempDir()
	now := noon
	r := open(t, Options{
		Name: filepath.Join(dir, "a"), Files: 2,
		Switch: Limits{Interval: 10 * time.Second},
		Now:    func() time.Time { return now },
	})
	check := func(want ...string) {
		t.Helper()
		r.Flush()
		if got := files(t, dir); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	check("a_00001_20261105120000 []")
	now = now.Add(15 * time.Second) // an empty file goes on
	check("a_00001_20261105120000 []")
	write(t, r, at(99)) // in the next file, whatever the frame says
	check("a_00001_20261105120000 []", "a_00002_20261105120015 [99]")
	now = now.Add(4 * time.Second)
	if check("a_00001_20261105120000 []", "a_00002_20261105120015 [99]"); r.Full() {
		t.Error("full before its time")
	}
	now = now.Add(time.Second)
	if check("a_00001_20261105120000 []", "a_00002_20261105120015 [99]"); !r.Full() {
		t.Error("not full after two files")
	}
}

// TestFlush reads compressed and plain files while they are being written.
func TestFlush(t *testing.T) {
	for _, suffix := range []string{".pcapng", ".pcap.gz", ".zst"} {
		t.Run(suffix, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "a"+suffix)
			r := open(t, Options{Name: name})
			info, err := os.Stat(name)
			if err != nil || info.Mode() != 0o600 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			r.Flush()
			for n := range 5 {
				write(t, r, at(float64(n)), at(float64(n)))
				r.Flush()
				r.Flush()
				if got := content(t, name); len(got) != 2*(n+1) {
					t.Fatalf("%d frames after %d flushes", len(got), n+1)
				}
			}
			checkTshark(t, name, 10)
		})
	}
}

// checkTshark has tshark count the frames of a file.
func checkTshark(t *testing.T, name string, frames int) {
	t.Helper()
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		return
	}
	cmd := exec.Command(tshark, "-n", "-r", name)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil || strings.Count(string(out), "\n") != frames {
		t.Errorf("tshark: %v\n%s%s", err, out, said.String())
	}
}

// TestMembers writes more than a member of a compressed file holds.
func TestMembers(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.gz")
	r := open(t, Options{Name: name})
	big := at(0)
	big.Data = make([]byte, memberSize/4)
	before := int64(-1)
	grown := 0
	for range 10 {
		write(t, r, big)
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > before {
			grown++
		}
		if before = info.Size(); before > 0 {
			content(t, name)
		}
		if r.file.packed.Len() > memberSize {
			t.Errorf("%d bytes in memory", r.file.packed.Len())
		}
	}
	if grown < 3 || r.Close() != nil || len(content(t, name)) != 10 {
		t.Errorf("written %d times", grown)
	}
}

// TestExtras looks for secrets and names in every file.
func TestExtras(t *testing.T) {
	dir := t.TempDir()
	r := open(t, Options{Name: filepath.Join(dir, "a"), Switch: Limits{Packets: 1}})
	addr := netip.MustParseAddr("192.0.2.1")
	r.WriteSecrets(1, []byte("early"))
	write(t, r, at(0))
	r.WriteSecrets(2, []byte("late"))
	r.WriteName(addr, "host")
	r.WriteName(addr, "host")
	r.WriteName(netip.Addr{}, "nobody")
	r.WriteName(addr, strings.Repeat("x", maxName+1))
	write(t, r, at(1), at(2))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(names) != 3 {
		t.Fatal(names)
	}
	for _, name := range names {
		var said []string
		src, err := pcapfile.Open(name, nil, capture.Hooks{
			Secrets: func(kind uint32, data []byte) { said = append(said, fmt.Sprint(kind, string(data))) },
			Name:    func(a netip.Addr, name string) { said = append(said, a.String()+" "+name) },
		})
		if err != nil {
			t.Fatal(err)
		}
		var f capture.Frame
		for err == nil {
			err = src.Next(&f)
		}
		if want := []string{"1early", "2late", "192.0.2.1 host"}; !slices.Equal(said, want) {
			t.Errorf("%s: %q, %v", name, said, err)
		}
		if err := src.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestExtrasBounds(t *testing.T) {
	var e extras
	for range 100 {
		e.addSecrets(1, make([]byte, 1<<20))
	}
	for range 1 << 20 {
		e.addSecrets(1, nil)
	}
	if n := len(e.secrets) * secretCost; e.bytes > maxSecrets || n != e.bytes {
		t.Errorf("%d bytes, %d said", n, e.bytes)
	}
	addr := netip.MustParseAddr("10.0.0.0")
	for range maxNames + 10 {
		addr = addr.Next()
		e.addName(addr, "x")
	}
	if len(e.names) != maxNames || len(e.known) != maxNames {
		t.Errorf("%d names", len(e.names))
	}
}

// TestRotate ends files on demand.
func TestRotate(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.pcapng")
	r := open(t, Options{Name: name, Now: func() time.Time { return noon }})
	write(t, r, at(0))
	if err := os.Rename(name, filepath.Join(dir, "moved")); err != nil {
		t.Fatal(err)
	}
	r.Rotate()
	write(t, r, at(1))
	r.Rotate()
	write(t, r, at(2))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r.Rotate()
	want := []string{"a.pcapng [1]", "a_00003_20261105120000.pcapng [2]", "moved [0]"}
	if got := files(t, dir); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	last := open(t, Options{Name: name, Switch: Limits{Packets: 5}, Files: 1})
	last.Rotate() // of which there is none yet
	write(t, last, at(0))
	if last.Rotate(); !last.Full() {
		t.Error("one file more than wanted")
	}
}

// TestInput does not overwrite what is being read.
func TestInput(t *testing.T) {
	dir := t.TempDir()
	name, other := filepath.Join(dir, "in"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(name, []byte("precious"), 0o600), os.Symlink(name, other)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{name, other} {
		if _, err := New(Options{Name: to, Inputs: []fs.FileInfo{info}}); !errors.Is(err, ErrInput) {
			t.Errorf("%s: %v", to, err)
		}
	}
	if b, err := os.ReadFile(name); string(b) != "precious" || err != nil {
		t.Errorf("%q is left, %v", b, err)
	}
	if _, err := New(Options{Name: filepath.Join(dir, "no", "where")}); !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), "where") != 1 {
		t.Error(err)
	}
	lazy := open(t, Options{Name: filepath.Join(dir, "no", "where"), Switch: Limits{Packets: 1}})
	if err := lazy.WriteFrame(at(0)); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// TestUnfit has frames that a pcap file cannot hold.
func TestUnfit(t *testing.T) {
	var said []string
	name := filepath.Join(t.TempDir(), "a.pcap")
	r := open(t, Options{Name: name, Format: pcapfile.PcapNanoseconds, Say: func(text string) { said = append(said, text) }})
	odd := at(1)
	odd.Number, odd.Link = 7, capture.LinkRaw
	write(t, r, at(0), odd, odd, at(2.000000001))
	err := r.Close()
	loss, ok := errors.AsType[*LossError](err)
	if !ok || loss.Frames != 2 || !strings.Contains(err.Error(), "2 frames") {
		t.Error(err)
	}
	if len(said) != 1 || !strings.Contains(said[0], "frame 7") {
		t.Errorf("said %q", said)
	}
	if got := content(t, name); !slices.Equal(got, []float64{0, 2.000000001}) {
		t.Error(got)
	}
}

// TestStdout writes to a file that is not the ring's own.
func TestStdout(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	r := open(t, Options{Name: "-", Stdout: out, Format: pcapfile.Pcap})
	write(t, r, at(0))
	r.Rotate()
	write(t, r, at(1))
	if err := errors.Join(r.Close(), out.Close()); err != nil {
		t.Error(err)
	}
	if got := content(t, out.Name()); !slices.Equal(got, []float64{0, 1}) {
		t.Error(got)
	}
}
