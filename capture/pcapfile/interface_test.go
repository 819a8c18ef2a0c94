package pcapfile

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"talktrace/capture"
)

// TestWriterOrigins writes frames of several interfaces, as if two files were
// made one: what is told of them, and how precise their times are, comes back.
func TestWriterOrigins(t *testing.T) {
	wire := &capture.Origin{Name: "eth0", Description: "the wire", Filter: "tcp port 5222", Snaplen: 64}
	same := &capture.Origin{Name: "eth0", Description: "the wire", Filter: "tcp port 5222", Snaplen: 64}
	radio := &capture.Origin{Name: "wlan0"}
	long := bytes.Repeat([]byte{1}, 65)
	frames := []capture.Frame{
		{Time: 1_000_000_000, Precision: 6, Link: 1, Origin: wire},
		{Time: 2_000_000_000, Precision: 6, Link: 1, Origin: radio},
		{Time: 3_123_000_000, Precision: 3, Link: 1, Origin: wire},
		{Time: 4_000_000_000, Precision: 6, Link: 1, Origin: same},
		{Time: 5_123_456_700, Precision: 7, Link: 1, Origin: wire, Interface: 1},
		{Time: 6_000_000_000, Precision: 6, Link: 1, Origin: wire, Data: long, Length: len(long)},
		{Time: 7_000_000_000, Precision: 0, Link: 1},
	}
	var b bytes.Buffer
	w := NewWriter(&b, PcapNG)
	for i := range frames {
		if err := w.WriteFrame(&frames[i]); err != nil {
			t.Fatal(err)
		}
	}
	if size := w.Size(); w.Flush() != nil || size != int64(b.Len()) || size != w.Size() {
		t.Errorf("size %d, then %d, of %d bytes", size, w.Size(), b.Len())
	}
	r, err := NewReader(&b, "", capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	ids := []int{0, 1, 2, 0, 3, 4, 5}
	for i, want := range frames {
		var got capture.Frame
		if err := r.Next(&got); err != nil {
			t.Fatal(err)
		}
		if want.Precision == 0 {
			want.Precision = 6
		}
		if got.Time != want.Time || got.Precision != want.Precision || got.Interface != ids[i] || !bytes.Equal(got.Data, want.Data) {
			t.Errorf("frame %d came back as %+v", i+1, got)
		}
		told := capture.Origin{}
		if want.Origin != nil {
			told = *want.Origin
		}
		if told.Snaplen == 0 {
			told.Snaplen = snapshotLength
		}
		if len(want.Data) > told.Snaplen {
			told.Snaplen = 0
		}
		if got.Origin == nil || *got.Origin != told {
			t.Errorf("frame %d comes from %+v, want %+v", i+1, got.Origin, told)
		}
	}
}

// TestOriginBounds has descriptions that say too much, or nothing.
func TestOriginBounds(t *testing.T) {
	b := build(binary.LittleEndian).section()
	b.iface(1, 0, func(w *builder) {
		w.option(interfaceName, strings.Repeat("n", 5000)).option(interfaceDescription, "d\x00")
		w.option(interfaceFilter, "").option(interfaceFilter, "\x01program").option(interfaceFilter, "\x00ip\x00")
	})
	b.iface(1, 0, nil).enhanced(0, 0, "", 0, nil).enhanced(1, 0, "", 0, nil)
	r, err := NewReader(bytes.NewReader(b.b), "", capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	var f capture.Frame
	want := capture.Origin{Name: strings.Repeat("n", maxTold), Description: "d", Filter: "ip"}
	if err := r.Next(&f); err != nil || f.Origin == nil || *f.Origin != want {
		t.Errorf("%+v, %v", f.Origin, err)
	}
	if err := r.Next(&f); err != nil || f.Origin != nil {
		t.Errorf("%+v, %v", f.Origin, err)
	}
}

// TestWriterSections has more interfaces than a section takes.
func TestWriterSections(t *testing.T) {
	const n = 2*maxDescribed + 5
	var b bytes.Buffer
	w := NewWriter(&b, PcapNG)
	for i := range n {
		for range 2 {
			if err := w.WriteFrame(&capture.Frame{Interface: i}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := read(t, b.Bytes(), capture.Hooks{})
	if err != nil || len(got) != 2*n {
		t.Fatalf("%d frames, %v", len(got), err)
	}
	for i, f := range got {
		if f.Interface != i/2 {
			t.Fatalf("frame %d comes from interface %d", i+1, f.Interface)
		}
	}
}

// TestWriterStatistics checks what stands at the end of a file.
func TestWriterStatistics(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, PcapNG)
	for i, precision := range []int{6, 9, 6} {
		f := capture.Frame{Time: int64(i+1) * 1_500_000_000, Precision: precision, Link: 1, Interface: i % 2, Data: make([]byte, 60), Length: 60}
		if err := w.WriteFrame(&f); err != nil {
			t.Fatal(err)
		}
	}
	w.SetStatistics(0, Statistics{Received: 1 << 33, Dropped: 5, Missed: 7})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	var got [][]byte
	for rest := whole; len(rest) >= leastSize; {
		size := binary.LittleEndian.Uint32(rest[4:])
		if binary.LittleEndian.Uint32(rest) == blockStatistics {
			got = append(got, rest[blockHead:size-4])
		}
		rest = rest[size:]
	}
	times := func(b *builder, ticks ...uint32) *builder {
		for i, t := range ticks {
			if i > 0 {
				b.u16(uint16(1+i), 8)
			}
			b.u32(0, t)
		}
		return b
	}
	count := func(b *builder, code uint16, n uint64) *builder { return b.u16(code, 8).u64(n) }
	first := times(build(binary.LittleEndian).u32(0), 4_500_000, 1_500_000, 4_500_000)
	count(count(count(count(first, 4, 1<<33), 5, 7), 7, 5), 8, 2).u16(0, 0)
	second := count(times(build(binary.LittleEndian).u32(1), 3_000_000_000, 3_000_000_000, 3_000_000_000), 8, 1).u16(0, 0)
	if !slices.EqualFunc(got, [][]byte{first.b, second.b}, bytes.Equal) {
		t.Errorf("got  %x\nwant %x", got, [][]byte{first.b, second.b})
	}
	checkCapinfos(t, whole, "Number of packets:   3", "Capture application: talktrace", "Number of stat entries = 1")
}

// checkCapinfos holds a capture against what Wireshark's capinfos says of it.
func checkCapinfos(t *testing.T, data []byte, want ...string) {
	t.Helper()
	program, err := exec.LookPath("capinfos")
	if err != nil {
		return // the bytes have been compared
	}
	name := filepath.Join(t.TempDir(), "capture")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "-M", name).CombinedOutput()
	if err != nil {
		t.Errorf("capinfos: %v\n%s", err, out)
	}
	for _, line := range want {
		if !bytes.Contains(out, []byte(line)) {
			t.Errorf("capinfos does not say %q:\n%s", line, out)
		}
	}
}

// pieces is an io.Writer that keeps what comes with each call apart.
type pieces [][]byte

func (p *pieces) Write(b []byte) (int, error) {
	*p = append(*p, bytes.Clone(b))
	return len(b), nil
}

// TestWriterWholeRecords checks that the file is complete after each write.
func TestWriterWholeRecords(t *testing.T) {
	for _, format := range []Format{PcapNG, Pcap} {
		var p pieces
		w := NewWriter(&p, format)
		for i := range 1000 {
			if err := w.WriteFrame(&capture.Frame{Data: make([]byte, i*17%2000)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil || len(p) < 10 {
			t.Fatalf("%d writes, %v", len(p), err)
		}
		var all []byte
		for i, piece := range p {
			all = append(all, piece...)
			if _, err := read(t, all, capture.Hooks{}); err != nil {
				t.Fatalf("after write %d: %v", i+1, err)
			}
		}
	}
}
