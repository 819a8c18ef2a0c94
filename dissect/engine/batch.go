package engine

import "talktrace/dissect"

// A batch is full with either of these.
const (
	batchItems = 512
	batchBytes = 128 << 10
	// batchTags bounds the rows that a batch can give: each takes a "<".
	batchTags = 16 << 10
)

// batches bounds how far the reader runs ahead.
const batches = 4

// keptEvents is the number of events for which a batch keeps memory.
const keptEvents = 2 << 10

// op says what an item is.
type op uint8

const (
	opData op = iota
	opGap
	opConflict
	opEnd
	opPoll // of no connection
)

// item is something that happened on a connection, on its way to the worker.
type item struct {
	conn  *conn
	data  []byte // in the batch's arena
	frame int
	time  int64
	n     int64 // bytes lost or in conflict
	cut   int   // of a gap: the bytes kept of the frame whose rest it is, or 0
	index int32 // place among the items of the batch
	op    op
	side  uint8
	how   dissect.End
}

// batch is the unit of hand-over.
type batch struct {
	arena   dissect.Arena // the reader's, for the items' data
	work    [][]item      // by worker
	results []result      // by worker
	items   int
	tags    int // "<" in the data
	names   []name
	frames  []frameRow
	last    int32 // items from here on came of no frame, but of the end of the input; 0 if there are none
}

// result is what a worker found in a batch.
type result struct {
	arena  dissect.Arena
	events []dissect.Event
	index  []int32 // for each event, the index of the item that it came of
}

// name is a name learnt by the reader, in its place among the items.
type name struct {
	index int32
	dissect.Name
}

func newBatch(workers int) *batch {
	return &batch{work: make([][]item, workers), results: make([]result, workers)}
}

func (b *batch) full() bool {
	return b.items >= batchItems || b.tags >= batchTags || b.arena.Size() >= batchBytes
}

// reset makes the batch empty and keeps its memory.
func (b *batch) reset() {
	b.arena.Reset()
	for i := range b.work {
		clear(b.work[i])
		b.work[i] = b.work[i][:0]
		r := &b.results[i]
		r.arena.Reset()
		clear(r.events)
		if r.events, r.index = r.events[:0], r.index[:0]; cap(r.events) > keptEvents {
			r.events, r.index = nil, nil
		}
	}
	clear(b.frames)
	b.items, b.tags, b.names, b.frames, b.last = 0, 0, b.names[:0], b.frames[:0], 0
}

// pipe is what the batches travel through: from free to the reader, from there
// to every worker and to the merger, and back. What the workers found comes to
// the merger in parts.
type pipe struct {
	free    chan *batch
	work    []chan *batch
	ordered chan *batch
	parts   []parts // by worker
	done    chan struct{}
}

func newPipe(workers int) *pipe {
	p := &pipe{free: make(chan *batch, batches), ordered: make(chan *batch, batches), done: make(chan struct{})}
	for range batches {
		p.free <- newBatch(workers)
	}
	for range workers {
		p.work = append(p.work, make(chan *batch, batches))
		p.parts = append(p.parts, newParts())
	}
	return p
}

// take returns an empty batch, or nil when the trace has been stopped.
func (p *pipe) take() *batch {
	select {
	case b := <-p.free:
		return b
	case <-p.done:
		return nil
	}
}

// send hands a batch to the workers and the merger. The channels have room for
// all batches there are.
func (p *pipe) send(b *batch) {
	p.ordered <- b
	for _, w := range p.work {
		w <- b
	}
}

func (p *pipe) recycle(b *batch) {
	b.reset()
	p.free <- b
}

// end closes the pipe behind the last batch.
func (p *pipe) end() {
	close(p.ordered)
	for _, w := range p.work {
		close(w)
	}
}

// stop makes the reader end before the input does.
func (p *pipe) stop() { close(p.done) }
