package pcapfile

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"talktrace/capture"
)

// samples are small files of each format, with what their whole frames are.
func samples() map[string][]byte {
	return map[string][]byte{
		"pcap":     build(be).classicHeader(magicNanoseconds, 1).record(1, 1, "one", 3).record(2, 2, "", 9).record(3, 3, "three", 5).b,
		"modified": build(le).classicHeader(magicModified, 1).u32(1, 2, 3, 4, 7, 0).raw("abc").u32(1, 2, 3, 4, 7, 0).raw("def").b,
		"pcapng": append(build(le).section().iface(1, 0, func(b *builder) { b.option(9, "\x09") }).
			block(blockSecrets, func(b *builder) { b.u32(1, 3).padded("key") }).
			enhanced(0, 1, "one", 3, func(b *builder) { b.option(optionComment, "!") }).
			block(0xbad, func(b *builder) { b.raw("skip") }).
			block(blockNames, func(b *builder) { b.option(nameIPv4, "1234name\x00").option(0, "") }).
			block(blockSimplePacket, func(b *builder) { b.u32(3).padded("two") }).b,
			build(be).section().iface(1, 0, nil).enhanced(0, 3, "three", 5, nil).b...),
	}
}

var nothing = capture.Hooks{
	Secrets: func(uint32, []byte) {},
	Name:    nil,
}

// TestCutAnywhere cuts files at every byte: the frames before the cut are what
// they were, and then comes an error, unless the cut is between two records.
func TestCutAnywhere(t *testing.T) {
	for name, file := range samples() {
		whole, err := read(t, file, nothing)
		if err != nil {
			t.Fatal(name, err)
		}
		clean := 0
		for cut := range file {
			got, err := read(t, file[:cut], nothing)
			if len(got) > len(whole) || !slices.Equal(got, whole[:len(got)]) {
				t.Errorf("%s cut at %d: frames %+v", name, cut, got)
			}
			if err == nil {
				clean++
				continue
			}
			e, ok := errors.AsType[*capture.Error](err)
			if !ok || e.File != "test" || e.Frame != len(got) {
				t.Errorf("%s cut at %d: %#v", name, cut, err)
				continue
			}
			if cut >= 4 {
				c, ok := errors.AsType[*CutOffError](err)
				if !ok || c.Missing <= 0 || cut+c.Missing > len(file) || e.Offset >= int64(cut) || !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("%s cut at %d: %v", name, cut, err)
				}
			}
		}
		if want := map[string]int{"pcap": 3, "modified": 2, "pcapng": 9}[name]; clean != want {
			t.Errorf("%s has %d places to end at, want %d", name, clean, want)
		}
	}
}

func TestCutOffSaysWhere(t *testing.T) {
	file := build(le).classicHeader(magicMicroseconds, 1).record(1, 0, "abc", 3).record(2, 0, "defghi", 6).b
	_, err := read(t, file[:len(file)-2], capture.Hooks{})
	const want = "test: after frame 1, at byte 43: the file is cut off in the middle of a packet record (2 bytes missing)"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if e, ok := errors.AsType[*capture.Error](err); !ok || e.Hint == "" {
		t.Error("no hint")
	}
}

func TestDamage(t *testing.T) {
	section := func() *builder { return build(le).section() }
	oneFrame := func() *builder { return section().iface(1, 0, nil).enhanced(0, 0, "x", 1, nil) }
	for _, c := range []struct {
		name string
		file *builder
		want string
	}{
		{
			"record of 16 MiB and a byte", build(le).classicHeader(magicMicroseconds, 1).u32(1, 2, 16<<20+1, 5),
			"test: after frame 0, at byte 24: the file is damaged: a packet record claims 16777217 captured bytes",
		},
		{
			"record of 4 GiB", build(le).classicHeader(magicMicroseconds, 1).record(1, 1, "x", 1).u32(1, 2, 0xffffffff, 5).raw("y"),
			"after frame 1, at byte 41: the file is damaged: a packet record claims 4294967295 captured bytes",
		},
		{"block of no length", oneFrame().u32(blockFrame, 0, 0), "after frame 1, at byte 84: the file is damaged: a packet record claims a length of 0 bytes"},
		{"block over 64 MiB", oneFrame().u32(0xbad, 64<<20+4, 0), "a block claims a length of 67108868 bytes"},
		{"lengths that differ", section().u32(0xbad, 12, 16), "a block begins with the length 12 and ends with 16"},
		{"data past its block", section().iface(1, 0, nil).block(blockFrame, func(b *builder) { b.u32(0, 0, 0, 5, 5, 0) }), "claims 5 captured bytes and has room for 4"},
		{"data past its old block", section().iface(1, 0, nil).block(blockPacket, func(b *builder) { b.u32(0, 0, 0, 5, 5, 0) }), "claims 5 captured bytes and has room for 4"},
		{"short packet", section().iface(1, 0, nil).block(blockFrame, func(b *builder) { b.u32(0, 0, 0, 0) }), "a packet record of 16 bytes is too short"},
		{"short old packet", section().iface(1, 0, nil).block(blockPacket, func(b *builder) { b.u32(0, 0, 0, 0) }), "a packet record of 16 bytes is too short"},
		{"short simple packet", section().iface(1, 0, nil).block(blockSimplePacket, func(b *builder) {}), "has no length or no interface"},
		{"simple packet without interface", section().block(blockSimplePacket, func(b *builder) { b.u32(0) }), "has no length or no interface"},
		{"unknown interface", oneFrame().enhanced(1, 0, "", 0, nil), "names interface 1 of 1"},
		{"interface of the section before", oneFrame().section().enhanced(0, 0, "", 0, nil), "names interface 0 of 0"},
		{"short interface", section().block(blockInterface, func(b *builder) { b.u32(1) }), "an interface description of 4 bytes is too short"},
		{"short section", build(le).block(blockSection, func(b *builder) { b.u32(byteOrderMagic).u16(1, 0) }), "a section header of 8 bytes is too short"},
		{"section of the future", build(le).block(blockSection, func(b *builder) { b.u32(byteOrderMagic).u16(2, 0).u64(0) }), "version 2 of pcapng is not known"},
		{"section without byte order", oneFrame().block(blockSection, func(b *builder) { b.u32(1).u16(1, 0).u64(0) }), "without byte-order magic"},
	} {
		t.Run(c.name, func(t *testing.T) {
			frames, err := read(t, c.file.b, capture.Hooks{})
			if _, ok := errors.AsType[*DamageError](err); !ok || !strings.Contains(err.Error(), c.want) {
				t.Errorf("after %d frames: got  %v\nwant %s", len(frames), err, c.want)
			}
		})
	}
}

func TestTooManyInterfaces(t *testing.T) {
	file := build(le).section()
	for range maxInterfaces {
		file.iface(1, 0, nil)
	}
	file.enhanced(maxInterfaces-1, 0, "x", 1, nil)
	if frames, err := read(t, file.b, capture.Hooks{}); len(frames) != 1 || err != nil {
		t.Fatal(len(frames), err)
	}
	_, err := read(t, file.iface(1, 0, nil).b, capture.Hooks{})
	if _, ok := errors.AsType[*DamageError](err); !ok {
		t.Error(err)
	}
}

// TestErrorsStay asks again after the end and after an error.
func TestErrorsStay(t *testing.T) {
	for _, file := range [][]byte{samples()["pcap"], samples()["pcapng"][:100]} {
		r, err := NewReader(bytes.NewReader(file), "test", capture.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		_, first := readAll(r)
		if _, again := readAll(r); !errors.Is(again, first) {
			t.Errorf("first %v, then %v", first, again)
		}
		var f capture.Frame
		if err := r.Close(); err != nil || r.Next(&f) == nil {
			t.Error("a closed reader goes on")
		}
	}
}

// TestReadFailure has a disk that fails in the second frame.
func TestReadFailure(t *testing.T) {
	disk := errors.New("the disk is on fire")
	file := samples()["pcap"]
	r, err := NewReader(io.MultiReader(bytes.NewReader(file[:50]), iotest.ErrReader(disk)), "test", capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	frames, err := readAll(r)
	if len(frames) != 1 || !errors.Is(err, disk) || !strings.Contains(err.Error(), "after frame 1, at byte 43: cannot be read: the disk") {
		t.Errorf("%d frames, %v", len(frames), err)
	}
	if _, err := NewReader(iotest.ErrReader(disk), "test", capture.Hooks{}); !errors.Is(err, disk) || errors.Is(err, ErrNotCapture) {
		t.Error(err)
	}
}

// stalled is a stream that delivers nothing and does not end.
type stalled struct{}

func (stalled) Read([]byte) (int, error) { return 0, nil }

func TestStalledStream(t *testing.T) {
	r, err := NewReader(io.MultiReader(bytes.NewReader(samples()["pcap"][:24]), stalled{}), "test", capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readAll(r); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}

// TestFlippedBytes changes each byte of the samples in several ways. Whatever
// comes of it ends, by itself, with an error that says where.
func TestFlippedBytes(t *testing.T) {
	for name, file := range samples() {
		for at := range file {
			for _, flip := range []byte{0x01, 0x80, 0xff} {
				broken := bytes.Clone(file)
				broken[at] ^= flip
				frames, err := read(t, broken, nothing)
				checkFrames(t, frames, len(file))
				if _, ok := errors.AsType[*capture.Error](err); err != nil && !ok {
					t.Errorf("%s, byte %d: %v", name, at, err)
				}
			}
		}
	}
}

// checkFrames checks what holds for the frames of any file.
func checkFrames(t *testing.T, frames []frame, size int) {
	t.Helper()
	total := 0
	for i, f := range frames {
		total += len(f.Data)
		if f.Number != i+1 || f.Length < len(f.Data) || f.Precision < 0 || f.Precision > 9 || f.Interface < 0 {
			t.Errorf("frame %d is %+v", i+1, f)
		}
	}
	if total > size {
		t.Errorf("%d bytes in the frames of a file of %d", total, size)
	}
}

// TestLyingLengthTakesNoMemory has records that promise far more than comes.
func TestLyingLengthTakesNoMemory(t *testing.T) {
	for name, file := range map[string]*builder{
		"pcap":    build(le).classicHeader(magicMicroseconds, 1).u32(0, 0, maxFrame, maxFrame).raw("x"),
		"pcapng":  build(le).section().u32(blockFrame, maxBlock).raw("xxxx"),
		"unknown": build(le).section().u32(0xbad, maxBlock).raw(strings.Repeat("x", 3*firstWindow)),
	} {
		r, err := NewReader(bytes.NewReader(file.b), "test", capture.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readAll(r); !errors.Is(err, io.ErrUnexpectedEOF) || len(r.in.buf) > firstWindow {
			t.Errorf("%s: %v, with a buffer of %d bytes", name, err, len(r.in.buf))
		}
	}
}

// TestLargeFrame reads frames larger than the buffer, among small ones.
func TestLargeFrame(t *testing.T) {
	large := strings.Repeat("0123456789abcdef", 1<<20-1) + "0123456789abcdef"
	for _, file := range []*builder{
		build(le).classicHeader(magicMicroseconds, 1).record(0, 0, "a", 1).record(0, 0, large, maxFrame).record(0, 0, "b", 1),
		build(le).section().iface(1, 0, nil).enhanced(0, 0, "a", 1, nil).enhanced(0, 0, large, maxFrame, nil).enhanced(0, 0, "b", 1, nil),
	} {
		frames, err := read(t, file.b, capture.Hooks{})
		if err != nil || len(frames) != 3 || frames[1].Data != large || frames[2].Data != "b" {
			t.Error(len(frames), err)
		}
	}
}
