package reassembly

import (
	"errors"
	"io"
	"slices"
	"testing"

	"talktrace/capture"
)

// kept is a capture.Writer that remembers the numbers of its frames.
type kept struct {
	numbers []int
	enough  int    // frames after which it is full; 0 is never
	bytes   []byte // the last one of each
}

func (k *kept) WriteFrame(f *capture.Frame) error {
	if k.Full() {
		return io.EOF
	}
	k.numbers = append(k.numbers, f.Number)
	k.bytes = append(k.bytes, f.Data[len(f.Data)-1])
	return nil
}

func (k *kept) Full() bool { return k.enough > 0 && len(k.numbers) >= k.enough }

// of returns a segment from a port, with one letter.
func of(port int, letter string) []byte {
	return appendSegment(nil, 1, 2, uint16(port), 2000, flagACK, 100, 0, []byte(letter), 0)
}

func TestSelection(t *testing.T) {
	p, udp := long(100), inUDP(9, make([]byte, 92))
	inner := inIPv4(protoIPv4, p) // of which the fragments are fragments, each of a whole packet
	tunnel := inIPv4(protoIPv4, piece4(p, 7, 0, 48))
	for _, c := range []struct {
		name   string
		number int
		frames [][]byte
		wait   int64
		want   []int
	}{
		{"the first of two", 0, [][]byte{of(1000, "a"), of(1001, "b"), of(1000, "c"), of(1001, "d")}, 0, []int{1, 3}},
		{"the second of two", 1, [][]byte{of(1000, "a"), of(1001, "b"), of(1000, "c"), of(1001, "d")}, 0, []int{2, 4}},
		{"none", 2, [][]byte{of(1000, "a"), of(1001, "b")}, 0, nil},
		{"no TCP", 0, [][]byte{inUDP(9, []byte("x")), of(1000, "a"), {0x45}}, 0, []int{2}},
		{"fragments", 0, [][]byte{piece4(p, 1, 0, 48), piece4(p, 1, 48, 48), piece4(p, 1, 96, 24)}, 0, []int{1, 2, 3}},
		{"fragments backwards", 0, [][]byte{piece4(p, 1, 96, 24), piece4(p, 1, 48, 48), piece4(p, 1, 0, 48)}, 0, []int{1, 2, 3}},
		{
			"segments among fragments", 0,
			[][]byte{of(1000, "a"), piece4(p, 1, 0, 48), of(1000, "b"), of(1001, "c"), piece4(p, 1, 48, 72), of(1000, "d")},
			0,
			[]int{1, 2, 3, 5, 6},
		},
		{
			"fragments of another", 1,
			[][]byte{of(1001, "a"), of(1000, "b"), piece4(p, 1, 0, 48), of(1001, "c"), of(1000, "d"), piece4(p, 1, 48, 72), of(1000, "e")},
			0,
			[]int{2, 3, 5, 6, 7},
		},
		{
			"fragments of the other one", 0,
			[][]byte{of(1001, "a"), of(1000, "b"), piece4(p, 1, 0, 48), of(1001, "c"), of(1000, "d"), piece4(p, 1, 48, 72), of(1001, "e")},
			0,
			[]int{1, 4, 7},
		},
		{"fragments never whole", 0, [][]byte{of(1000, "a"), piece4(p, 1, 0, 48), of(1000, "b")}, 0, []int{1, 3}},
		{"fragments too late", 0, [][]byte{of(1000, "a"), piece4(p, 1, 0, 48), of(1000, "b"), piece4(p, 1, 48, 72), of(1000, "c")}, 16e9, []int{1, 3, 5}},
		{"fragments of UDP", 0, [][]byte{of(1000, "a"), piece4(udp, 1, 0, 48), of(1000, "b"), piece4(udp, 1, 48, 52), of(1000, "c")}, 0, []int{1, 3, 5}},
		{"fragments in a tunnel", 0, [][]byte{tunnel, piece4(p, 7, 48, 72)}, 0, []int{1, 2}},
		{"fragments of fragments", 0, [][]byte{piece4(tunnel, 1, 0, 40), piece4(tunnel, 1, 40, 28), piece4(p, 7, 48, 72)}, 0, []int{1, 2, 3}},
		{"fragments of a tunnel", 0, [][]byte{piece4(inner, 1, 0, 80), piece4(inner, 1, 80, 60)}, 0, []int{1, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := &kept{}
			s := Select(k, c.number, Limits{})
			buffer := make([]byte, 256) // which a source uses again
			for i, f := range c.frames {
				clear(buffer)
				data := buffer[:copy(buffer, f)]
				if err := s.WriteFrame(&capture.Frame{Number: i + 1, Time: int64(i) * c.wait, Data: data, Length: len(f), Link: capture.LinkRaw}); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Close(); err != nil || !slices.Equal(k.numbers, c.want) {
				t.Errorf("got %v, %v, want %v", k.numbers, err, c.want)
			}
			for i, n := range c.want {
				if f := c.frames[n-1]; k.bytes[i] != f[len(f)-1] {
					t.Errorf("frame %d ends with %q", n, k.bytes[i])
				}
			}
		})
	}
}

// TestSelectionFull has a writer that has enough.
func TestSelectionFull(t *testing.T) {
	p := long(100)
	k := &kept{enough: 2}
	s := Select(k, 0, Limits{})
	var err error
	for i, f := range [][]byte{of(1000, "a"), piece4(p, 1, 0, 48), of(1000, "b"), piece4(p, 1, 48, 72)} {
		if err != nil || s.Full() {
			t.Fatalf("before frame %d: %v, full: %v", i+1, err, s.Full())
		}
		err = s.WriteFrame(&capture.Frame{Number: i + 1, Data: f, Length: len(f), Link: capture.LinkRaw})
	}
	if !errors.Is(err, io.EOF) || !s.Full() || !slices.Equal(k.numbers, []int{1, 2}) {
		t.Errorf("%v: %v", k.numbers, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestSelectionBounds lets frames wait for a fragment until they are too many.
func TestSelectionBounds(t *testing.T) {
	k := &kept{}
	s := Select(k, 0, Limits{})
	most := 0
	for i := range 400_000 {
		f := of(1000, "a")
		if i%100_000 == 1 {
			f = piece4(long(100), uint16(i), 0, 48)
		}
		if err := s.WriteFrame(&capture.Frame{Number: i + 1, Data: f, Length: len(f), Link: capture.LinkRaw}); err != nil {
			t.Fatal(err)
		}
		most = max(most, s.bytes)
	}
	if err := s.Close(); err != nil || len(k.numbers) != 400_000-4 || !slices.IsSorted(k.numbers) {
		t.Errorf("%d frames, %v", len(k.numbers), err)
	}
	if most < heldBytes/2 || most > heldBytes+heldCost+256 {
		t.Errorf("up to %d bytes were held", most)
	}
}
