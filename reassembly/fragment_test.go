package reassembly

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"talktrace/capture"
)

// piece4 returns a fragment of the IPv4 packet p: n bytes of its payload from
// offset on.
func piece4(p []byte, id uint16, offset, n int) []byte {
	f := slices.Concat(p[:20], p[20+offset:][:n])
	binary.BigEndian.PutUint16(f[2:], uint16(len(f)))
	binary.BigEndian.PutUint16(f[4:], id)
	word := uint16(offset / 8)
	if 20+offset+n < len(p) {
		word |= 0x2000
	}
	binary.BigEndian.PutUint16(f[6:], word)
	return f
}

// long returns an IPv4 packet with a segment of n letters.
func long(n int) []byte {
	return appendSegment(nil, 1, 2, 1000, 2000, flagACK, 0, 0, letters(0, n), 0)
}

func TestFragments(t *testing.T) {
	p := long(100) // 120 bytes of IP payload
	other := appendSegment(nil, 1, 2, 1001, 2000, flagACK, 0, 0, []byte(strings.Repeat("X", 100)), 0)
	six := hello6("06", "")
	six1 := slices.Concat(six[:6], []byte{protoFragment}, six[7:40], unhex("0600 0001 00000009"), six[40:56])
	six2 := slices.Concat(six[:6], []byte{protoFragment}, six[7:40], unhex("0600 0010 00000009"), six[56:])
	six2[40] = protoUDP // only the first one's counts
	six1[5], six2[5] = 24, byte(8+len(six)-56)
	whole := string(letters(0, 100))
	for _, c := range []struct {
		name    string
		frames  [][]byte
		wait    int64
		want    string
		dropped int
	}{
		{"in order", [][]byte{piece4(p, 1, 0, 48), piece4(p, 1, 48, 48), piece4(p, 1, 96, 24)}, 0, whole, 0},
		{"backwards", [][]byte{piece4(p, 1, 96, 24), piece4(p, 1, 48, 48), piece4(p, 1, 0, 48)}, 0, whole, 0},
		{"middle last", [][]byte{piece4(p, 1, 96, 24), piece4(p, 1, 0, 48), piece4(p, 1, 48, 48)}, 0, whole, 0},
		{"twice", [][]byte{piece4(p, 1, 0, 48), piece4(p, 1, 0, 48), piece4(p, 1, 48, 72), piece4(p, 1, 48, 72)}, 0, whole, 1},
		{
			"overlap, the first stands",
			[][]byte{piece4(p, 1, 40, 24), piece4(other, 1, 24, 56), piece4(p, 1, 0, 24), piece4(p, 1, 80, 40)},
			0,
			whole[:4] + strings.Repeat("X", 16) + whole[20:44] + strings.Repeat("X", 16) + whole[60:], 0,
		},
		{"another packet between", [][]byte{piece4(p, 1, 0, 48), piece4(p, 2, 48, 72), piece4(p, 1, 48, 72)}, 0, whole, 1},
		{"tail missing", [][]byte{piece4(p, 1, 0, 48), piece4(p, 1, 48, 48)}, 0, "", 2},
		{"too late", [][]byte{piece4(p, 1, 0, 48), piece4(p, 1, 48, 72)}, 31e9, "", 2},
		{"just in time", [][]byte{piece4(p, 1, 0, 48), piece4(p, 1, 48, 72)}, 30e9, whole, 0},
		{"no multiple of 8", [][]byte{piece4(p, 1, 0, 47), piece4(p, 1, 48, 72)}, 0, "", 2},
		{"no multiple of 8, but all is there", [][]byte{piece4(p, 1, 0, 47), piece4(p, 1, 40, 80)}, 0, "", 2},
		{"two ends, the first stands", [][]byte{piece4(p, 1, 48, 72), piece4(long(80), 1, 96, 4), piece4(p, 1, 0, 48)}, 0, whole, 0},
		{"beyond the end", [][]byte{piece4(p, 1, 48, 72), piece4(long(200), 1, 96, 48)}, 0, "", 2},
		{"IPv6", [][]byte{six1, six2}, 0, "hello", 0},
		{"IPv6 backwards", [][]byte{six2, six1}, 0, "hello", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := &gathered{}
			a := New(g, Limits{})
			for i, f := range c.frames {
				a.Frame(&capture.Frame{Number: i + 1, Time: int64(i) * c.wait, Data: f, Length: len(f), Link: capture.LinkRaw})
			}
			a.Close()
			if string(g.data) != c.want {
				t.Errorf("got %q, want %q", g.data, c.want)
			}
			if s := a.Stats(); s.FragmentsDropped != c.dropped || s.Fragments != len(c.frames) {
				t.Errorf("%d of %d fragments dropped, want %d", s.FragmentsDropped, s.Fragments, c.dropped)
			}
		})
	}
}

// TestFragmentCut drops a fragment of which the capture holds only a part.
func TestFragmentCut(t *testing.T) {
	g := &gathered{}
	a := New(g, Limits{})
	p := long(100)
	for _, f := range [][]byte{piece4(p, 1, 0, 48), piece4(p, 1, 48, 72)} {
		a.Frame(&capture.Frame{Number: 1, Data: f[:len(f)-1], Length: len(f), Link: capture.LinkRaw})
	}
	if s := a.Stats(); len(g.data) > 0 || s.FragmentsDropped != 2 {
		t.Errorf("got %q, %+v", g.data, s)
	}
}

// TestFragmentOrder puts random cuts in random order together.
func TestFragmentOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	g := &gathered{}
	a := New(g, Limits{})
	p := long(3000)
	for i := range 500 {
		var frames [][]byte
		for at := 0; at < len(p)-20; {
			n := min(len(p)-20-at, 8*(1+r.IntN(60)))
			frames = append(frames, piece4(p, uint16(i), at, n))
			at += n
		}
		r.Shuffle(len(frames), func(i, j int) { frames[i], frames[j] = frames[j], frames[i] })
		for _, f := range frames {
			a.Frame(&capture.Frame{Number: i, Data: f, Length: len(f), Link: capture.LinkRaw})
		}
		if a.Stats().Segments != i+1 {
			t.Fatalf("packet %d is not whole: %+v", i, a.Stats())
		}
	}
	if a.fragments.bytes != 0 || len(a.fragments.order) != 0 {
		t.Errorf("%d bytes, %d datagrams left", a.fragments.bytes, len(a.fragments.order))
	}
	if !bytes.Equal(g.data, letters(0, 3000)) {
		t.Error("the first packet is wrong")
	}
}

// TestFragmentBounds sends first fragments that never become whole packets.
func TestFragmentBounds(t *testing.T) {
	a := New(&gathered{}, Limits{})
	p := long(65000)
	for i := range 5000 {
		f := piece4(p, uint16(i), 8*(i%8000), 8)
		a.Frame(&capture.Frame{Number: i + 1, Data: f, Length: len(f), Link: capture.LinkRaw})
		if n := a.fragments.bytes; n > maxFragmentBytes || len(a.fragments.order) > maxDatagrams || len(a.fragments.known) > maxDatagrams {
			t.Fatalf("%d bytes, %d datagrams", n, len(a.fragments.known))
		}
	}
	for i := range 500 { // every other one of the places in one packet
		f := piece4(p, 1, 16*i, 8)
		a.Frame(&capture.Frame{Number: i + 1, Data: f, Length: len(f), Link: capture.LinkRaw})
		for _, p := range a.fragments.order {
			if len(p.spans) > maxSpans {
				t.Fatalf("%d spans", len(p.spans))
			}
		}
	}
	known := len(a.fragments.known)
	beyond := piece4(p, 9999, 8*8000, 1000)
	binary.BigEndian.PutUint16(beyond[6:], 0x2000|8191)
	a.Frame(&capture.Frame{Number: 1, Data: beyond, Length: len(beyond), Link: capture.LinkRaw})
	if len(a.fragments.known) != known {
		t.Error("a fragment beyond the largest datagram is kept")
	}
	a.Close()
	if s := a.Stats(); s.Fragments != 5501 || s.FragmentsDropped != 5501 {
		t.Errorf("%+v", s)
	}
}
