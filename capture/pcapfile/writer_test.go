package pcapfile

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"talktrace/capture"
)

func TestWriterNG(t *testing.T) {
	frames := []capture.Frame{
		{Time: 1_000_002_000, Precision: 6, Data: []byte("one"), Length: 3, Link: 1},
		{Time: 1_000_002_003, Precision: 9, Data: []byte("four"), Length: 40, Link: 1, Comment: "a\nb"},
		{Time: 0, Precision: 6, Link: 276, Interface: 1},
		{Time: 1 << 62, Precision: 9, Data: []byte("later"), Length: 5, Link: 1},
	}
	var b bytes.Buffer
	w := NewWriter(&b, PcapNG)
	var said []string
	for _, err := range []error{
		w.WriteSecrets(1, []byte("key log")),
		w.WriteFrame(&frames[0]),
		w.WriteFrame(&frames[1]),
		w.WriteName(netip.MustParseAddr("192.0.2.1"), "host"),
		w.WriteName(netip.MustParseAddr("2001:db8::1"), "host6"),
		w.WriteFrame(&frames[2]),
		w.WriteFrame(&frames[3]),
		w.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := read(t, b.Bytes(), capture.Hooks{
		Secrets: func(kind uint32, data []byte) { said = append(said, fmt.Sprint(kind, string(data))) },
		Name:    func(a netip.Addr, name string) { said = append(said, a.String()+" "+name) },
	})
	want := []frame{
		{1, 1_000_002_000, 6, "one", 3, 1, 0, ""},
		{2, 1_000_002_003, 9, "four", 40, 1, 1, "a\nb"},
		{3, 0, 6, "", 0, 276, 2, ""},
		{4, 1 << 62, 9, "later", 5, 1, 1, ""},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
	if want := []string{"1key log", "192.0.2.1 host", "2001:db8::1 host6"}; !slices.Equal(said, want) {
		t.Errorf("the hooks heard %q", said)
	}
}

func TestWriterClassic(t *testing.T) {
	f := capture.Frame{Time: 7_123_456_789, Data: []byte("data"), Length: 90, Link: 113}
	for format, want := range map[Format]frame{
		Pcap:            {1, 7_123_456_000, 6, "data", 90, 113, 0, ""},
		PcapNanoseconds: {1, 7_123_456_789, 9, "data", 90, 113, 0, ""},
	} {
		var b bytes.Buffer
		w := NewWriter(&b, format)
		if err := errors.Join(w.WriteFrame(&f), w.Flush()); err != nil {
			t.Fatal(err)
		}
		expect(t, b.Bytes(), []frame{want})
		other := f
		other.Link = 1
		if err := w.WriteFrame(&other); !errors.Is(err, ErrNotHeld) {
			t.Errorf("another link type: %v", err)
		}
		if err := w.WriteSecrets(1, nil); !errors.Is(err, ErrNotHeld) {
			t.Errorf("secrets: %v", err)
		}
		if err := w.WriteName(netip.IPv6Unspecified(), "x"); !errors.Is(err, ErrNotHeld) {
			t.Errorf("name: %v", err)
		}
	}
}

func TestWriterEmpty(t *testing.T) {
	for _, format := range []Format{PcapNG, Pcap, PcapNanoseconds} {
		var b bytes.Buffer
		if err := NewWriter(&b, format).Close(); err != nil {
			t.Fatal(err)
		}
		expect(t, b.Bytes(), nil)
	}
}

// TestWriterRefuses has what cannot be written; the file goes on without it.
func TestWriterRefuses(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, PcapNG)
	for name, err := range map[string]error{
		"long frame":   w.WriteFrame(&capture.Frame{Data: make([]byte, maxFrame+1)}),
		"early frame":  w.WriteFrame(&capture.Frame{Time: -1}),
		"late frame":   NewWriter(&b, Pcap).WriteFrame(&capture.Frame{Time: 1 << 62}),
		"long secrets": w.WriteSecrets(1, make([]byte, maxBlock)),
		"no address":   w.WriteName(netip.Addr{}, "x"),
		"long name":    w.WriteName(netip.IPv6Unspecified(), strings.Repeat("x", 2000)),
	} {
		if err == nil {
			t.Error(name, "was written")
		}
	}
	long := strings.Repeat("c", 70_000)
	if err := errors.Join(w.WriteFrame(&capture.Frame{Comment: long}), w.Close()); err != nil {
		t.Fatal(err)
	}
	expect(t, b.Bytes(), []frame{{1, 0, 6, "", 0, 0, 0, long[:65535]}})
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWriterFailure(t *testing.T) {
	w := NewWriter(full{}, Pcap)
	f := capture.Frame{Data: make([]byte, 1<<20)}
	if err := w.WriteFrame(&f); err == nil {
		t.Error("nothing was said")
	}
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Error(err)
	}
}
