//go:build cgo

package live

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
)

// captured are the frames of Ethernet of all captures. Of those that filters
// hardly tell apart there is one.
func captured(t *testing.T) (frames [][]byte) {
	t.Helper()
	paths, err := filepath.Glob("../../testdata/captures/*.pcap*")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d captures: %v", len(paths), err)
	}
	seed, seen := maphash.MakeSeed(), map[uint64]bool{}
	for _, path := range paths {
		file, err := pcapfile.Open(path, nil, capture.Hooks{})
		if err != nil {
			continue // no capture, or one that is broken from its beginning
		}
		var f capture.Frame
		for err = file.Next(&f); err == nil; err = file.Next(&f) {
			key := maphash.Bytes(seed, told(f.Data))
			if f.Link == capture.LinkEthernet && !seen[key] {
				seen[key] = true
				frames = append(frames, bytes.Clone(f.Data))
			}
		}
		if e, ok := errors.AsType[*capture.Error](err); !errors.Is(err, io.EOF) && !ok {
			t.Error(e)
		}
		_ = file.Close()
	}
	return frames
}

// told is what filters look at in a frame of IPv4 on Ethernet: not identifiers,
// checksums and numbers of sequence.
func told(f []byte) []byte {
	if len(f) < 58 {
		return f
	}
	return fmt.Appendf(nil, "%d %x %x %x %x", len(f)/16, f[:18], f[20:24], f[26:38], f[46:48])
}

// madeUp are frames of Ethernet with what the captures have not: tags,
// fragments, options, other protocols, and ends that come too early.
func madeUp() (frames [][]byte) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same each time
	pick := func(of ...uint16) uint16 { return of[random.IntN(len(of))] }
	for range 3000 {
		f := binary.BigEndian.AppendUint16(nil, pick(0x0202, 0xffff, 0x3333, 0))
		f = append(f, slices.Repeat([]byte{byte(pick(2, 0xff, 0))}, 10)...)
		for range pick(0, 0, 1, 2) {
			f = binary.BigEndian.AppendUint16(f, pick(0x8100, 0x88a8, 0x9100))
			f = binary.BigEndian.AppendUint16(f, pick(0, 7, 8, 0x2007))
		}
		begin := len(f) + 2
		switch random.IntN(6) {
		case 0, 1, 2:
			f = append(f, 8, 0, byte(0x40|pick(5, 5, 6, 15)), 0, 0, byte(pick(40, 60, 200)), 0, 0)
			f = binary.BigEndian.AppendUint16(f, pick(0, 0, 0x4000, 0x2000, 0x0010, 0x2010))
			f = append(f, byte(pick(1, 64, 255)), byte(pick(6, 6, 17, 1, 2, 132, 47, 103, 112, 41)), 0, 0)
			f = append(append(f, someIPv4[random.IntN(4)]...), someIPv4[random.IntN(4)]...)
			f = append(f, make([]byte, int(f[begin]&15)*4-20)...)
		case 3:
			f = append(f, 0x86, 0xdd, 0x60, 0, 0, 0, 0, 20, byte(pick(6, 17, 58, 44, 0, 132)), 64)
			f = append(append(f, someIPv6[random.IntN(4)]...), someIPv6[random.IntN(4)]...)
		case 4:
			f = append(f, 8, byte(pick(6, 6, 0x35)), 0, 1, 8, 0, 6, 4, 0, byte(pick(1, 2)), 2, 2, 2, 2, 2, 2)
			f = append(append(append(f, someIPv4[random.IntN(4)]...), 0, 0, 0, 0, 0, 0), someIPv4[random.IntN(4)]...)
		default:
			f = binary.BigEndian.AppendUint16(f, pick(60, 0x8035, 0x88cc, 0x0800, 0x86dd, 1500, 1501))
			f = append(f, byte(pick(66, 0xe0, 0x45)))
		}
		f = binary.BigEndian.AppendUint16(f, pick(5222, 53, 443, 1, 40000, 6, 0x8000))
		f = binary.BigEndian.AppendUint16(f, pick(5222, 5269, 53, 80, 65535, 0x8600))
		for range random.IntN(60) {
			f = append(f, byte(random.Uint32()))
		}
		if random.IntN(4) == 0 {
			f = f[:1+random.IntN(len(f))]
		}
		frames = append(frames, f)
	}
	return frames
}

var (
	someIPv4 = [4][]byte{{192, 0, 2, 1}, {192, 0, 2, 2}, {127, 0, 0, 1}, {224, 0, 0, 251}}
	someIPv6 = [4][]byte{
		{0x20, 1, 0xd, 0xb8, 15: 1}, {15: 1}, {0xfe, 0x80, 15: 1}, {0xff, 2, 15: 0xfb},
	}
)

// reframed gives frames of Ethernet another header, if any.
func reframed(frames [][]byte, header func(uint16, int) []byte) (as [][]byte) {
	if header == nil {
		return frames
	}
	for n, f := range frames {
		if len(f) > 14 {
			as = append(as, append(header(binary.BigEndian.Uint16(f[12:]), n), f[14:]...))
		}
	}
	return as
}
