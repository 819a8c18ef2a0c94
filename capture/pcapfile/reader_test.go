package pcapfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"talktrace/capture"
)

var (
	le = binary.LittleEndian
	be = binary.BigEndian
)

// orders are both byte orders; every format test runs in each.
func orders(t *testing.T, test func(t *testing.T, o order)) {
	t.Run("little", func(t *testing.T) { test(t, le) })
	t.Run("big", func(t *testing.T) { test(t, be) })
}

func expect(t *testing.T, file []byte, want []frame) {
	t.Helper()
	got, err := read(t, file, capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	// However the bytes arrive, they are the same frames.
	r, err := NewReader(iotest.OneByteReader(bytes.NewReader(file)), "test", capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err = readAll(r); err != nil || !slices.Equal(got, want) {
		t.Errorf("byte by byte: got %+v, %v\nwant %+v", got, err, want)
	}
}

func TestClassic(t *testing.T) {
	orders(t, func(t *testing.T, o order) {
		for _, c := range []struct {
			name  string
			magic uint32
			time  int64
			prec  int
		}{
			{"microseconds", magicMicroseconds, 1_000_002_000, 6},
			{"nanoseconds", magicNanoseconds, 1_000_000_002, 9},
		} {
			t.Run(c.name, func(t *testing.T) {
				expect(t, build(o).classicHeader(c.magic, 1).
					record(1, 2, "first", 5).
					record(0xffffffff, 0, "", 60).
					record(1, 2, strings.Repeat("x", 100), 1500).b, // over the announced 64
					[]frame{
						{1, c.time, c.prec, "first", 5, 1, 0, ""},
						{2, 0xffffffff * 1e9, c.prec, "", 60, 1, 0, ""},
						{3, c.time, c.prec, strings.Repeat("x", 100), 1500, 1, 0, ""},
					})
			})
		}
	})
}

func TestClassicModified(t *testing.T) {
	orders(t, func(t *testing.T, o order) {
		expect(t, build(o).classicHeader(magicModified, 113).
			u32(1, 2, 3, 4, 7).u16(0x800, 0).raw("abc").
			u32(2, 0, 1, 1, 7).u16(0x800, 0).raw("d").b,
			[]frame{
				{1, 1_000_002_000, 6, "abc", 4, 113, 0, ""},
				{2, 2_000_000_000, 6, "d", 1, 113, 0, ""},
			})
	})
}

func TestClassicLinkTypeWord(t *testing.T) {
	orders(t, func(t *testing.T, o order) {
		expect(t, build(o).classicHeader(magicMicroseconds, 0x24000000|101).record(0, 0, "E", 1).b,
			[]frame{{1, 0, 6, "E", 1, 101, 0, ""}})
	})
}

func TestClassicLengthsInOldFiles(t *testing.T) {
	old := build(le).u32(magicMicroseconds).u16(2, 2).u32(0, 0, 64, 1).u32(1, 0, 9, 3).raw("abc").b
	expect(t, old, []frame{{1, 1e9, 6, "abc", 9, 1, 0, ""}})
	// Today's order of the lengths is certain, and the record's own claim holds.
	today := build(le).classicHeader(magicMicroseconds, 1).u32(1, 0, 3, 2).raw("abc").b
	expect(t, today, []frame{{1, 1e9, 6, "abc", 3, 1, 0, ""}})
}

func TestNGPacketBlocks(t *testing.T) {
	orders(t, func(t *testing.T, o order) {
		file := build(o).section().iface(1, 5, nil).iface(113, 0, nil).
			enhanced(1, 1<<32|5, "enhanced", 80, nil).
			block(blockPacket, func(b *builder) { b.u16(1, 65535).u32(0, 7, 3, 30).padded("old").option(optionComment, "dustiest") }).
			block(blockSimplePacket, func(b *builder) { b.u32(6).padded("simpl") }).
			block(blockSimplePacket, func(b *builder) { b.u32(3).padded("sim") }).
			enhanced(0, 9, "longer than the snapshot length", 31, nil).
			section().iface(101, 0, nil).
			block(blockSimplePacket, func(b *builder) { b.u32(5).padded("whole") })
		expect(t, file.b, []frame{
			{1, (1<<32 + 5) * 1000, 6, "enhanced", 80, 113, 1, ""},
			{2, 7000, 6, "old", 30, 113, 1, "dustiest"},
			{3, 0, 0, "simpl", 6, 1, 0, ""},
			{4, 0, 0, "sim", 3, 1, 0, ""},
			{5, 9000, 6, "longer than the snapshot length", 31, 1, 0, ""},
			{6, 0, 0, "whole", 5, 101, 2, ""},
		})
	})
}

func TestNGSkippedBlocks(t *testing.T) {
	orders(t, func(t *testing.T, o order) {
		file := build(o).section()
		for _, kind := range []uint32{5, 7, 0xbad, 0x40000bad, 0x80000001, blockNames, blockSecrets} {
			file.block(kind, func(b *builder) { b.raw(strings.Repeat("junk", 100_000)) })
		}
		file.block(99, func(*builder) {}).iface(1, 0, nil).enhanced(0, 1, "x", 1, nil)
		expect(t, file.b, []frame{{1, 1000, 6, "x", 1, 1, 0, ""}})
	})
}

func TestNGSections(t *testing.T) {
	file := build(le).section().iface(1, 0, nil).iface(101, 0, nil).enhanced(1, 1, "a", 1, nil).b
	file = append(file, build(be).section().iface(113, 0, nil).enhanced(0, 2, "b", 1, nil).b...)
	file = append(file, build(le).section().iface(0, 0, nil).enhanced(0, 3, "c", 1, nil).b...)
	expect(t, file, []frame{
		{1, 1000, 6, "a", 1, 101, 1, ""},
		{2, 2000, 6, "b", 1, 113, 2, ""},
		{3, 3000, 6, "c", 1, 0, 3, ""},
	})
}

func TestNGTime(t *testing.T) {
	orders(t, func(t *testing.T, o order) {
		for _, c := range []struct {
			resolution byte
			offset     int64
			units      uint64
			time       int64
			precision  int
		}{
			{0, 0, 12, 12e9, 0},
			{3, 0, 1_234, 1_234e6, 3},
			{6, 0, 1_000_001, 1_000_001_000, 6},
			{9, 0, 1_000_000_001, 1_000_000_001, 9},
			{9, 100, 1, 100_000_000_001, 9},
			{9, -1, 2_000_000_000, 1_000_000_000, 9},
			{12, 0, 1_999, 1, 9},
			{28, 0, math.MaxUint64, 1, 9},
			{29, 0, math.MaxUint64, 0, 9},
			{127, 0, math.MaxUint64, 0, 9},
			{0x80, 0, 3, 3e9, 0},
			{0x80 | 10, 0, 1536, 1_500_000_000, 9},
			{0x80 | 32, 0, 3 << 31, 1_500_000_000, 9},
			{0x80 | 63, 0, 3 << 62, 1_500_000_000, 9},
			{0x80 | 64, 0, 1 << 63, 500_000_000, 9},
			{0x80 | 127, 0, math.MaxUint64, 0, 9},
			{6, 0, math.MaxUint64, math.MaxInt64, 6},
			{9, 0, math.MaxUint64, math.MaxInt64, 9},
			{0x80, 0, math.MaxUint64, math.MaxInt64, 0},
			{9, 9_000_000_000, math.MaxInt64, math.MaxInt64, 9},
			{9, math.MinInt64, 5, 5, 9},
			{9, math.MaxInt64, 5, 5, 9},
		} {
			t.Run(fmt.Sprintf("%#x,%d,%d", c.resolution, c.offset, c.units), func(t *testing.T) {
				offset := build(o).u64(uint64(c.offset)).b
				file := build(o).section().iface(1, 0, func(b *builder) {
					b.option(2, "eth0").option(13, "\x04") // if_name, if_fcslen
					b.option(interfaceResolution, "\x00")
					b.b[len(b.b)-4] = c.resolution
					b.option(interfaceOffset, string(offset))
				}).enhanced(0, c.units, "x", 1, nil)
				expect(t, file.b, []frame{{1, c.time, c.precision, "x", 1, 1, 0, ""}})
			})
		}
	})
}

func TestNGComments(t *testing.T) {
	orders(t, func(t *testing.T, o order) {
		file := build(o).section().iface(1, 0, nil).
			enhanced(0, 0, "abc", 3, func(b *builder) {
				b.option(optionComment, "one").option(2, "\x01\x00\x00\x00").option(optionComment, "").option(optionComment, "three")
			}).
			enhanced(0, 0, "abcd", 4, func(b *builder) { b.option(optionEnd, "").option(optionComment, "too late") }).
			block(blockFrame, func(b *builder) { // an option that reaches past the block
				b.u32(0, 0, 0, 1, 1).padded("x").option(optionComment, "kept").u16(optionComment, 60000).raw("lost")
			})
		expect(t, file.b, []frame{
			{1, 0, 6, "abc", 3, 1, 0, "one\n\nthree"},
			{2, 0, 6, "abcd", 4, 1, 0, ""},
			{3, 0, 6, "x", 1, 1, 0, "kept"},
		})
	})
}

// TestNGUnpaddedLength has blocks whose length does not count the padding, as
// some writers make them.
func TestNGUnpaddedLength(t *testing.T) {
	file := build(le).section().iface(1, 0, nil).
		u32(blockFrame, 33, 0, 0, 0, 1, 1).padded("x").u32(33).
		u32(0xbad, 13).padded("y").u32(13).
		enhanced(0, 0, "z", 1, nil)
	expect(t, file.b, []frame{{1, 0, 6, "x", 1, 1, 0, ""}, {2, 0, 6, "z", 1, 1, 0, ""}})
}

// TestNGHooks reads secrets and names, and sees that they come before the
// frames after them.
func TestNGHooks(t *testing.T) {
	orders(t, func(t *testing.T, o order) {
		var said []string
		var kept []byte
		hooks := capture.Hooks{
			Secrets: func(kind uint32, data []byte) {
				said = append(said, fmt.Sprintf("%#x %s", kind, data))
				kept = append(kept, data...)
			},
			Name: func(a netip.Addr, name string) { said = append(said, a.String()+" "+name) },
		}
		file := build(o).section().iface(1, 0, nil).
			block(blockSecrets, func(b *builder) { b.u32(0x544c534b, 5).padded("KEY 1") }).
			enhanced(0, 0, "x", 1, nil).
			block(blockNames, func(b *builder) {
				b.option(nameIPv4, "\xc0\x00\x02\x01one\x00uno\x00")
				b.option(3, "\x01\x02\x03\x04\x05\x06mac\x00")
				b.option(nameIPv6, "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01six\x00")
				b.option(nameIPv4, "\x7f\x00").option(nameIPv4, "\xc0\x00\x02\x02unended")
				b.option(nameEnd, "").option(optionComment, "\xc0\x00\x02\x03past the end\x00")
			}).
			block(blockSecrets, func(b *builder) { b.u32(7, 1<<31).raw("lies") }).
			block(blockSecrets, func(b *builder) { b.u32(7) }).
			enhanced(0, 0, "x", 1, nil)
		r, err := NewReader(bytes.NewReader(file.b), "test", hooks)
		if err != nil {
			t.Fatal(err)
		}
		var f capture.Frame
		for _, want := range [][]string{
			{"0x544c534b KEY 1"},
			{"192.0.2.1 one", "192.0.2.1 uno", "2001:db8::1 six", "192.0.2.2 unended", "0x7 lies"},
		} {
			said = nil
			if err := r.Next(&f); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(said, want) {
				t.Errorf("before frame %d: %q, want %q", f.Number, said, want)
			}
		}
		if string(kept) != "KEY 1lies" {
			t.Errorf("kept secrets are %q", kept)
		}
	})
}
