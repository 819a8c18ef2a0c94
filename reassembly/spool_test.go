package reassembly

import (
	"slices"
	"testing"

	"talktrace/capture"
)

// wire makes frames of connections between port 2000 and others.
type wire struct {
	numbers int
	seq     map[int]uint32 // by port, and negative for the answers to it
}

// sends returns a frame with letters, or an acknowledgement without any. A
// negative port is where it goes.
func (w *wire) sends(port int, letters string, flags uint8) *capture.Frame {
	w.numbers++
	from, to, src, dst := uint16(port), uint16(2000), byte(1), byte(2)
	if port < 0 {
		from, to, src, dst = 2000, uint16(-port), 2, 1
	}
	data := appendSegment(nil, src, dst, from, to, flags|flagACK, 100+w.seq[port], 100+w.seq[-port], []byte(letters), 0)
	w.seq[port] += uint32(len(letters))
	return &capture.Frame{Number: w.numbers, Time: int64(w.numbers) * 1e6, Data: data, Link: capture.LinkRaw}
}

// spooling is a Spool and the frames that go into it.
type spooling struct {
	t *testing.T
	wire
	kept
	spool *Spool
}

func newSpooling(t *testing.T, limit int) *spooling {
	s := &spooling{t: t, wire: wire{seq: map[int]uint32{}}}
	s.spool = NewSpool(&s.kept, limit, Limits{})
	return s
}

func (s *spooling) take(port int, letters string, flags uint8) {
	s.t.Helper()
	if err := s.spool.WriteFrame(s.sends(port, letters, flags)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *spooling) want(numbers ...int) {
	s.t.Helper()
	if !slices.Equal(s.kept.numbers, numbers) {
		s.t.Errorf("written are %v, want %v", s.kept.numbers, numbers)
	}
}

// open takes three frames.
func (s *spooling) open(port int) {
	s.take(port, "", 0)
	s.take(-port, "", 0)
	s.take(port, "", 0)
}

func TestSpool(t *testing.T) {
	s := newSpooling(t, SpoolBytes)
	s.open(1000)            // 1 to 3
	s.open(1001)            // 4 to 6
	s.take(1000, "abc", 0)  // 7
	s.take(1001, "def", 0)  // 8
	s.take(-1000, "", 0)    // 9
	s.take(1000, "ghi", 0)  // 10
	s.take(-1000, "jkl", 0) // 11
	s.want()                // nothing is decided
	s.spool.Want(0, []int{10})
	s.want(1, 2, 3)      // 4 is not decided
	s.take(-1000, "", 0) // 12, which acknowledges
	s.take(1001, "", flagFIN)
	s.take(-1001, "", flagFIN) // 14
	s.spool.Passed(14)
	s.want(1, 2, 3)
	s.spool.Passed(15) // connection 1 is over, and its rows are through
	s.want(1, 2, 3)
	s.spool.WantUpTo(0, 9)
	s.want(1, 2, 3, 7, 9, 10)
	if err := s.spool.Close(); err != nil || s.spool.Lost() != 0 {
		t.Error(err, s.spool.Lost())
	}
	s.want(1, 2, 3, 7, 9, 10, 12)
}

// TestSpoolBound fills a Spool. What is let go and wanted later is counted.
func TestSpoolBound(t *testing.T) {
	s := newSpooling(t, 20*(heldCost+50))
	s.open(1000) // 1 to 3
	for range 40 {
		s.take(1000, "abcdefghij", 0) // 4 to 43
	}
	if n := len(s.spool.queue); n > 21 || n < 15 {
		t.Errorf("%d frames wait", n)
	}
	s.spool.Want(0, []int{5})
	if lost := s.spool.Lost(); lost != 3+1 {
		t.Errorf("%d frames are lost, want the handshake and another", lost)
	}
	s.spool.Want(0, []int{42, 43})
	s.spool.WantUpTo(0, 43)
	first := 43 - len(s.kept.numbers) + 1
	if s.kept.numbers[0] != first || s.spool.Lost() != 3+1+first-1 {
		t.Errorf("from %d on, %d lost", first, s.spool.Lost())
	}
	s.spool.Want(7, []int{44})
	if s.spool.Lost() != 3+1+first-1+1 {
		t.Error("a connection that was never seen")
	}
}

// TestSpoolFragments has a segment come in two fragments with another packet in
// between.
func TestSpoolFragments(t *testing.T) {
	p := long(100)
	for _, c := range []struct {
		name   string
		choose func(s *Spool)
		want   []int
	}{
		{"wanted", func(s *Spool) { s.Want(0, []int{3}) }, []int{1, 3}},
		{"whole", func(s *Spool) { s.WantUpTo(0, 3) }, []int{1, 3}},
		{"unwanted", func(*Spool) {}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var k kept
			s := NewSpool(&k, SpoolBytes, Limits{})
			for i, data := range [][]byte{piece4(p, 1, 0, 48), inUDP(9, []byte("x")), piece4(p, 1, 48, 72)} {
				if err := s.WriteFrame(&capture.Frame{Number: i + 1, Time: int64(i), Data: data, Link: capture.LinkRaw}); err != nil {
					t.Fatal(err)
				}
			}
			c.choose(s)
			if err := s.Close(); err != nil || !slices.Equal(k.numbers, c.want) {
				t.Error(k.numbers, err)
			}
		})
	}
}

// TestSpoolFull ends when who it writes to has enough.
func TestSpoolFull(t *testing.T) {
	s := newSpooling(t, SpoolBytes)
	s.enough = 2
	s.open(1000)
	s.take(1000, "a", 0)
	s.spool.WantUpTo(0, 4)
	if !s.spool.Full() || s.spool.Close() != nil {
		t.Error("it does not end")
	}
	s.want(1, 2)
}
