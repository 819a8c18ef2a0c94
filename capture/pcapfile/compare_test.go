package pcapfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcapgo"

	"talktrace/capture"
)

// captures are the real captures of the project.
func captures(t testing.TB) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.pcap", "*.pcapng", "*.gz"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "testdata", "captures", pattern))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		t.Fatal("no captures in testdata")
	}
	return all
}

// gopacketReader is what pcapgo's readers share.
type gopacketReader interface {
	ReadPacketData() ([]byte, gopacket.CaptureInfo, error)
}

func openGopacket(file []byte) (gopacketReader, error) {
	if bytes.HasPrefix(file, []byte("\x0a\x0d\x0d\x0a")) {
		return pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.NgReaderOptions{WantMixedLinkType: true})
	}
	return pcapgo.NewReader(bytes.NewReader(file))
}

func plainFile(t *testing.T, path string) []byte {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(path, ".gz") {
		return file
	}
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if file, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestAgainstGopacket reads the real captures with gopacket's own readers too.
func TestAgainstGopacket(t *testing.T) {
	compared := 0
	for _, path := range captures(t) {
		f, err := Open(path, nil, capture.Hooks{})
		if err != nil {
			t.Error(err)
			continue
		}
		frames, err := readAll(f)
		var cut *CutOffError
		if err != nil && !errors.As(err, &cut) {
			t.Error(err)
		}
		other, err := openGopacket(plainFile(t, path))
		if err != nil {
			t.Errorf("%s: gopacket: %v", path, err)
			continue
		}
		for _, f := range frames {
			data, info, err := other.ReadPacketData()
			if err != nil || f.Data != string(data) || f.Length != info.Length || f.Time != info.Timestamp.UnixNano() {
				t.Errorf("%s: frame %d is %d bytes at %d, gopacket has %d at %d: %v",
					path, f.Number, f.Length, f.Time, info.Length, info.Timestamp.UnixNano(), err)
				break
			}
			compared++
		}
		if _, _, err := other.ReadPacketData(); errors.Is(err, io.EOF) != (cut == nil) {
			t.Errorf("%s: we end with %v, gopacket with %v", path, cut, err)
		}
	}
	t.Logf("%d frames are the same", compared)
}

// TestAgainstWireshark compares the number of frames, their summed length and
// the first and last time, in the precision of the capture, with what
// Wireshark's reader finds.
func TestAgainstWireshark(t *testing.T) {
	capinfos, err := exec.LookPath("capinfos")
	if err != nil {
		t.Skip("capinfos, which comes with tshark, is not installed")
	}
	paths := captures(t)
	var out bytes.Buffer
	command := exec.Command(capinfos, append([]string{"-TmrScdae"}, paths...)...)
	command.Stdout = &out
	// Its status tells of captures that are cut off; its lines, of all.
	if err := command.Run(); err != nil && out.Len() == 0 {
		t.Fatal(err)
	}
	theirs := make(map[string]string)
	for lines := bufio.NewScanner(&out); lines.Scan(); {
		path, rest, _ := strings.Cut(lines.Text(), ",")
		theirs[path] = rest
	}
	for _, path := range paths {
		f, err := Open(path, nil, capture.Hooks{})
		if err != nil {
			t.Error(err)
			continue
		}
		frames, _ := readAll(f) // what is there; TestAgainstGopacket looks at errors
		if got := summary(frames); got != theirs[path] {
			t.Errorf("%s is %s, to Wireshark %s", path, got, theirs[path])
		}
	}
}

// summary tells of frames what capinfos does.
func summary(frames []frame) string {
	bytes, first, last := 0, frames[0], frames[0]
	for _, f := range frames {
		bytes += f.Length
		if f.Time < first.Time {
			first = f
		}
		if f.Time > last.Time {
			last = f
		}
	}
	seconds := func(f frame) string {
		return fmt.Sprintf("%d.%09d", f.Time/1e9, f.Time%1e9)[:len("1795333976.")+f.Precision]
	}
	return fmt.Sprintf("%d,%d,%s,%s", len(frames), bytes, seconds(first), seconds(last))
}
