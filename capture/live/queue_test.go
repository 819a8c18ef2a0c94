package live

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"testing"

	"talktrace/capture"
)

// TestQueueOrder fills a queue from several goroutines, with frames of all
// sizes, and reads each one's frames in their order and whole.
func TestQueueOrder(t *testing.T) {
	const fillers, frames = 3, 20_000
	q := newQueue(fillers)
	for i := range fillers {
		go func() {
			defer q.done()
			random := rand.New(rand.NewPCG(1, uint64(i)))
			large := bytes.Repeat([]byte{byte(i)}, WholeFrames)
			for n := range frames {
				size := 8 + random.IntN(300)
				if n%1000 == 0 {
					size = WholeFrames
				}
				data := large[:size]
				binary.LittleEndian.PutUint64(data, uint64(n))
				if !q.put(slot{time: int64(n), length: int32(size), source: int32(i)}, data) {
					t.Error("the queue is closed")
					return
				}
			}
		}()
	}
	var next [fillers]int
	var f capture.Frame
	for q.get(&f) {
		n := next[f.Interface]
		next[f.Interface]++
		if int(binary.LittleEndian.Uint64(f.Data)) != n || f.Time != int64(n) || len(f.Data) != f.Length {
			t.Fatalf("frame %d of %d is %+v", n, f.Interface, f)
		}
		if rest := f.Data[8:]; bytes.Count(rest, []byte{byte(f.Interface)}) != len(rest) {
			t.Fatalf("frame %d of %d has another one's bytes", n, f.Interface)
		}
	}
	if next != [fillers]int{frames, frames, frames} {
		t.Errorf("%d frames", next)
	}
	if q.made > queueBlocks {
		t.Errorf("%d blocks", q.made)
	}
}

// TestQueueBound fills a queue that nobody reads: it takes so many bytes and no
// more, until it is read.
func TestQueueBound(t *testing.T) {
	q := newQueue(1)
	frame := make([]byte, WholeFrames)
	const room = queueBlocks * (blockBytes / WholeFrames)
	for range room {
		q.put(slot{}, frame)
	}
	var late sync.WaitGroup
	late.Go(func() { q.put(slot{time: 1}, frame) })
	var f capture.Frame
	for range room {
		if !q.buffered() || !q.get(&f) || f.Time != 0 {
			t.Fatal("the queue lost a frame")
		}
	}
	if !q.get(&f) || f.Time != 1 {
		t.Errorf("%+v", f)
	}
	late.Wait()
	if q.buffered() {
		t.Error("an empty queue has something")
	}
	if q.done(); !q.buffered() || q.get(&f) {
		t.Error("a queue that nobody fills has no end")
	}
}

// TestQueueClose closes a queue under those that wait for room in it.
func TestQueueClose(t *testing.T) {
	q := newQueue(1)
	frame := make([]byte, WholeFrames)
	var filler sync.WaitGroup
	filler.Go(func() {
		for q.put(slot{}, frame) {
		}
		q.done()
	})
	var f capture.Frame
	q.get(&f)
	q.close()
	filler.Wait()
}

func BenchmarkQueue(b *testing.B) {
	q := newQueue(1)
	frame := make([]byte, 400)
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	go func() {
		for q.put(slot{}, frame) {
		}
		q.done()
	}()
	var f capture.Frame
	for b.Loop() {
		q.get(&f)
	}
	q.close()
}
