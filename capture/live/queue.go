package live

import (
	"sync"

	"talktrace/capture"
)

const (
	// blockBytes is the memory of a block. It holds the largest frame, and is
	// worth handing over.
	blockBytes = 512 << 10

	// blockFrames bounds the frames of a block where they are tiny.
	blockFrames = 8 << 10

	// queueBlocks bounds the memory of a queue: 8 MiB of frames.
	queueBlocks = 16
)

// A queue holds copies of frames between the goroutines that capture and the
// one that reads. Its memory is bounded and used again. It is handed over in
// blocks: the reader takes a whole block at a time, even one that is not full,
// so that it waits only where there is nothing at all, and takes the lock
// seldom where there is a lot.
type queue struct {
	mu     sync.Mutex
	some   sync.Cond // there is something to read, or nothing will come
	room   sync.Cond // there is room, or nobody reads any more
	blocks []*block  // the oldest first; the last one is being filled
	free   []*block
	made   int // blocks that exist
	open   int // goroutines that may still put something in
	closed bool

	// Of the goroutine that reads.
	cur  *block
	next int // index in cur.slots
}

// block is some frames: their bytes, one after the other, and where they are.
type block struct {
	data  []byte
	slots []slot
}

type slot struct {
	time   int64 // nanoseconds since 1970
	begin  int32 // in block.data; the frame's bytes end where the next one's begin
	length int32 // on the wire
	link   capture.LinkType
	source int32
}

// newQueue makes a queue that so many goroutines fill.
func newQueue(fillers int) *queue {
	q := &queue{open: fillers}
	q.some.L, q.room.L = &q.mu, &q.mu
	return q
}

// put copies a frame of at most blockBytes into the queue, and waits where
// there is no room. It returns false if nobody will read it.
func (q *queue) put(s slot, data []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.tail(len(data))
	if b == nil {
		return false
	}
	s.begin = int32(len(b.data))
	b.data = append(b.data, data...)
	b.slots = append(b.slots, s)
	if len(q.blocks) == 1 && len(b.slots) == 1 {
		q.some.Signal()
	}
	return true
}

// tail returns the block that takes so many bytes more, or nil once the queue
// has been closed.
func (q *queue) tail(bytes int) *block {
	for !q.closed {
		if n := len(q.blocks); n > 0 {
			if b := q.blocks[n-1]; len(b.data)+bytes <= cap(b.data) && len(b.slots) < blockFrames {
				return b
			}
		}
		switch n := len(q.free); {
		case n > 0:
			q.blocks = append(q.blocks, q.free[n-1])
			q.free = q.free[:n-1]
		case q.made < queueBlocks:
			q.made++
			q.blocks = append(q.blocks, &block{data: make([]byte, 0, blockBytes)})
		default:
			q.room.Wait()
		}
	}
	return nil
}

// done says that one of the goroutines will put nothing in any more.
func (q *queue) done() {
	q.mu.Lock()
	q.open--
	q.mu.Unlock()
	q.some.Signal()
}

// close lets go those that wait to put something in: nobody reads any more.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.room.Broadcast()
	q.some.Signal()
}

// get fills in the next frame, whose bytes stay as they are until the next
// call, and waits where there is none. It returns false when none will come.
func (q *queue) get(f *capture.Frame) bool {
	if q.cur == nil || q.next == len(q.cur.slots) {
		if !q.take() {
			return false
		}
	}
	s, end := &q.cur.slots[q.next], len(q.cur.data)
	q.next++
	if q.next < len(q.cur.slots) {
		end = int(q.cur.slots[q.next].begin)
	}
	f.Time = s.time
	f.Data = q.cur.data[s.begin:end:end]
	f.Length = int(s.length)
	f.Link = s.link
	f.Interface = int(s.source)
	return true
}

// take exchanges the block that has been read for the next one.
func (q *queue) take() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.cur != nil {
		q.cur.data, q.cur.slots = q.cur.data[:0], q.cur.slots[:0]
		q.free = append(q.free, q.cur)
		q.cur, q.next = nil, 0
		q.room.Signal()
	}
	for len(q.blocks) == 0 {
		if q.open == 0 || q.closed {
			return false
		}
		q.some.Wait()
	}
	q.cur = q.blocks[0]
	q.blocks = append(q.blocks[:0], q.blocks[1:]...)
	return true
}

// buffered reports whether get will return without waiting. It is for the
// goroutine that reads.
func (q *queue) buffered() bool {
	if q.cur != nil && q.next < len(q.cur.slots) {
		return true
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.blocks) > 0 || q.open == 0 || q.closed
}
