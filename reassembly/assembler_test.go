package reassembly

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"talktrace/capture"
)

// segmentFrame returns a frame with a segment between A and B, in buffer.
func segmentFrame(buffer []byte, number int, port uint16, fromB bool, flags byte, seq, ack uint32, payload []byte) *capture.Frame {
	src, dst, sport, dport := byte(1), byte(2), port, uint16(5222)
	if fromB {
		src, dst, sport, dport = 2, 1, 5222, port
	}
	buffer = appendSegment(buffer[:0], src, dst, sport, dport, flags, seq, ack, payload, 0)
	return &capture.Frame{Number: number, Time: int64(number) * 1e6, Data: buffer, Length: len(buffer), Link: capture.LinkRaw}
}

// tally is a Handler that only counts.
type tally struct{ chunks, bytes, missed, ends, frees int }

func (n *tally) Chunk(_ *Conn, ch Chunk) {
	n.chunks++
	n.bytes += len(ch.Data)
	n.missed += int(ch.Missed)
}
func (n *tally) End(*Conn, Side, EndReason, int, int64) { n.ends++ }
func (n *tally) Free(*Conn)                             { n.frees++ }

// TestDeterminism takes the same frames of many connections twice, at limits
// that have to be enforced all the time.
func TestDeterminism(t *testing.T) {
	run := func() string {
		r := rand.New(rand.NewPCG(3, 3))
		j := newJournal(t)
		a := New(j, Limits{Connections: 60, ConnBuffered: 800, TotalBuffered: 6000})
		var next [100]uint32
		for n := range 20_000 {
			port := r.IntN(1 + r.IntN(100)) // some are busier than others
			size := uint32(r.IntN(50))
			if r.IntN(4) > 0 {
				a.Frame(segmentFrame(nil, n+1, uint16(port), false, flagACK, next[port], 0, letters(next[port], int(size))))
			}
			next[port] += size
			consistent(t, a)
			if r.IntN(30) == 0 {
				a.Frame(segmentFrame(nil, n+1, uint16(port), true, flagACK, 0, next[port], nil))
			}
		}
		a.Close()
		if s := a.Stats(); s.Evicted == 0 || s.Released == 0 {
			t.Errorf("no limit was reached: %+v", s)
		}
		return strings.Join(j.lines, "\n")
	}
	first := run()
	for range 3 {
		if run() != first {
			t.Fatal("the same frames gave something else")
		}
	}
}

// TestBufferBounds sends 64 MiB behind one hole, and then behind many, and
// looks at what is held.
func TestBufferBounds(t *testing.T) {
	for _, c := range []struct{ connections, size, step int }{
		{1, 1400, 1400}, {1, 60000, 60000}, {1, 1, 2}, {1, 1, -2}, {1, 1400, -1400}, {200, 1400, 1400}, {200, 60000, 60000},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			n := &tally{}
			a := New(n, Limits{})
			payload := make([]byte, c.size)
			seq := uint32(1 << 20)
			frames := min(100_000, 64<<20/c.size)
			if c.connections > 1 {
				frames *= 4
			}
			if testing.Short() {
				frames /= 10
			}
			for i := range c.connections {
				a.Frame(segmentFrame(nil, i, uint16(i), false, flagSYN, 0, 0, nil))
			}
			for i := range frames {
				f := segmentFrame(nil, i, uint16(i%c.connections), false, flagACK, seq, 0, payload)
				f.Time = 0
				a.Frame(f)
				if i%c.connections == c.connections-1 {
					seq += uint32(c.step)
				}
				if a.buffered > a.limits.TotalBuffered {
					t.Fatalf("%d bytes are held", a.buffered)
				}
				for _, conn := range a.conns {
					if conn.held() > a.limits.ConnBuffered {
						t.Fatalf("a connection holds %d bytes", conn.held())
					}
					if g := conn.half[0].gap; g != nil && len(g.pieces) > maxPieces {
						t.Fatalf("a connection holds %d pieces", len(g.pieces))
					}
					break
				}
			}
			a.Close()
			if a.buffered != 0 || n.bytes == 0 {
				t.Errorf("%d bytes are held after the end, %d were told", a.buffered, n.bytes)
			}
		})
	}
}

// TestConnectionBounds opens more connections than are followed at a time.
func TestConnectionBounds(t *testing.T) {
	n := &tally{}
	a := New(n, Limits{Connections: 1000})
	for i := range 5000 {
		a.Frame(segmentFrame(nil, i, uint16(i), false, flagSYN, 1, 0, nil))
		if len(a.conns) > 1000 {
			t.Fatalf("%d connections", len(a.conns))
		}
	}
	// One reset after another: a connection counts as open when it begins.
	for i := range 40_000 {
		a.Frame(segmentFrame(nil, i, uint16(i+5000), false, flagRST, 1, 0, nil))
	}
	if len(a.conns) != 999+closedConnections || a.closed.len != closedConnections {
		t.Errorf("%d connections are known, %d closed", len(a.conns), a.closed.len)
	}
	a.Close()
	if s := a.Stats(); s.Evicted != 4001 || n.frees != 45_000 || n.ends != 90_000 || s.Connections != 45_000 {
		t.Errorf("%+v, %+v", s, n)
	}
}

// TestIdlest keeps one connection of many in use and sees that it is not the
// one which is forgotten.
func TestIdlest(t *testing.T) {
	n := &tally{}
	a := New(n, Limits{Connections: 100})
	for i := range 10_000 {
		a.Frame(segmentFrame(nil, i, 60000, false, flagACK, uint32(i), 0, []byte("x")))
		a.Frame(segmentFrame(nil, i, uint16(i), false, flagSYN, 1, 0, nil))
	}
	if c := a.Stats().Connections; c != 10_001 {
		t.Errorf("%d connections: the one in use was forgotten", c)
	}
}

// TestIdleMemory measures 100,000 connections that have said hello.
func TestIdleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 60 MiB")
	}
	const count = 100_000
	a := New(&tally{}, Limits{})
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	buffer := make([]byte, 0, 100)
	for i := range count {
		f := segmentFrame(buffer, i, uint16(i), false, flagACK, 1, 1, []byte("hello"))
		f.Data[15] = byte(i >> 16)
		a.Frame(f)
	}
	each := (heap() - before) / count
	t.Logf("%d bytes a connection", each)
	if len(a.conns) != count || each > 512 {
		t.Errorf("%d connections of %d bytes", len(a.conns), each)
	}
	runtime.KeepAlive(a)
}

// TestInOrderAllocations sees that nothing is allocated for segments in order.
func TestInOrderAllocations(t *testing.T) {
	a := New(&tally{}, Limits{})
	frames := conversation(10, 100)
	for _, f := range frames {
		a.Frame(f)
	}
	round := uint32(100)
	n := testing.AllocsPerRun(100, func() {
		for _, f := range frames {
			advance(f, round)
			a.Frame(f)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations for %d frames", n, len(frames))
	}
}

// conversation returns one data segment and its acknowledgement for each of
// some connections.
func conversation(connections, size int) (frames []*capture.Frame) {
	for c := range connections {
		frames = append(frames, segmentFrame(nil, 1, uint16(c), false, flagACK, 0, 0, letters(0, size)))
	}
	for c := range connections {
		frames = append(frames, segmentFrame(nil, 1, uint16(c), true, flagACK, 0, uint32(size), nil))
	}
	return frames
}

// advance moves a frame of a conversation on to the next segment.
func advance(f *capture.Frame, size uint32) {
	add := func(b []byte) {
		n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		n += size
		b[0], b[1], b[2], b[3] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
	}
	if len(f.Data) > 40 {
		add(f.Data[24:])
	} else {
		add(f.Data[28:])
	}
}

// BenchmarkInOrder takes data segments and acknowledgements of interleaved
// connections.
func BenchmarkInOrder(b *testing.B) {
	for _, c := range []struct{ connections, size int }{{1, 200}, {1000, 200}, {1000, 1400}, {50_000, 200}} {
		b.Run(fmt.Sprintf("connections=%d/size=%d", c.connections, c.size), func(b *testing.B) {
			a := New(&tally{}, Limits{})
			frames := conversation(c.connections, c.size)
			for _, f := range frames {
				a.Frame(f)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				f := frames[i%len(frames)]
				advance(f, uint32(c.size))
				a.Frame(f)
			}
		})
	}
}

// BenchmarkSynFlood takes SYNs that are each a connection of its own.
func BenchmarkSynFlood(b *testing.B) {
	a := New(&tally{}, Limits{})
	f := segmentFrame(nil, 1, 0, false, flagSYN, 1, 0, nil)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.Data[13], f.Data[14], f.Data[15] = byte(i>>16), byte(i>>8), byte(i)
		a.Frame(f)
	}
}

// BenchmarkTinyPieces takes segments of one byte with holes between them, in
// no order.
func BenchmarkTinyPieces(b *testing.B) {
	a := New(&tally{}, Limits{})
	f := segmentFrame(nil, 1, 0, false, flagACK, 0, 0, []byte("x"))
	a.Frame(f)
	r := rand.New(rand.NewPCG(1, 1))
	seq := uint32(2)
	for b.Loop() {
		seq += 2
		at := seq + 2*uint32(r.IntN(1<<14))
		f.Data[24], f.Data[25], f.Data[26], f.Data[27] = byte(at>>24), byte(at>>16), byte(at>>8), byte(at)
		a.Frame(f)
	}
}

// BenchmarkOldCopies takes copies of bytes that were sent one at a time.
func BenchmarkOldCopies(b *testing.B) {
	a := New(&tally{}, Limits{})
	for i := range uint32(20_000) {
		a.Frame(segmentFrame(nil, 1, 0, false, flagACK, i, 0, []byte("x")))
	}
	f := segmentFrame(nil, 1, 0, false, flagACK, 10_000, 0, slices.Repeat([]byte("x"), 5000))
	for b.Loop() {
		a.Frame(f)
	}
}
