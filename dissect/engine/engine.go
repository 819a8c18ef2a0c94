// Package engine runs a trace: it reads and reassembles on one goroutine, lets
// workers dissect the connections side by side, and yields the events in the
// order of the capture. What it yields is the same for any number of workers.
//
// The bytes travel in batches. The reader copies each chunk of stream bytes
// into the batch's memory and puts it into the list of the worker that has the
// connection; every worker goes through its list of every batch, in order; the
// merger, which runs on the goroutine of whoever ranges over the events, takes
// the batches in order and interleaves what the workers found in the order of
// the chunks. Then the batch and all its memory are used again.
package engine

import (
	"errors"
	"io"
	"iter"
	"runtime"
	"sync"
	"sync/atomic"

	"talktrace/capture"
	"talktrace/dissect"
	"talktrace/dissect/tls"
	"talktrace/reassembly"
)

// Options says how a trace is made.
type Options struct {
	dissect.Options
	Keys    *tls.Keys         // open TLS; nil for none
	Workers int               // goroutines that dissect; 0 means one for each processor
	Ports   map[uint16]string // server ports whose protocol the user has fixed: "xmpp" or "tls"
	Frames  bool              // also yield a row of kind "frame" for every frame
	Limits  reassembly.Limits // zero means reassembly.DefaultLimits
	Count   int               // stop after so many frames; 0 means never
	Live    bool              // frames come as they are captured: Run.Poll will be called
	Idle    func()            // called when all events so far have been yielded, by who ranges over them; may be nil
}

// Run is one trace.
type Run struct {
	src       capture.Source
	o         Options
	start     atomic.Int64
	precision atomic.Int64
	frames    atomic.Int64
	atWork    sync.WaitGroup // the reader, while it uses the source
	streams   atomic.Int64   // connections recognized as XMPP or as TLS that may hold it
	conns     atomic.Int64
	stats     reassembly.Stats // once the reader has ended

	reading sync.Mutex   // the reader's, but while it waits for a frame
	reader  *reader      // while it reads; reading guards it
	polled  atomic.Int64 // the time that calls of Poll have told and nobody has taken up
}

// mostWorkers is how many workers there are unless the user wants more: from
// there on the reader is the bottleneck.
const mostWorkers = 8

// New prepares a trace of a source.
func New(src capture.Source, o Options) *Run {
	if o.Workers <= 0 {
		o.Workers = min(runtime.GOMAXPROCS(0), mostWorkers)
	}
	if o.Limits == (reassembly.Limits{}) {
		o.Limits = reassembly.DefaultLimits()
	}
	return &Run{src: src, o: o}
}

func (r *Run) maxStanza() int {
	if r.o.MaxStanza > 0 {
		return r.o.MaxStanza
	}
	return dissect.DefaultMaxStanza
}

// Start is the time of the input's first frame, in nanoseconds since 1970, and
// the decimal digits of a second that it has. They are set before the first
// event is yielded.
func (r *Run) Start() (first int64, precision int) {
	return r.start.Load(), int(r.precision.Load())
}

// Progress says how far the trace has come. It may be called at any time.
func (r *Run) Progress() (frames, connections, recognized int64) {
	return r.frames.Load(), r.conns.Load(), r.streams.Load()
}

// Stats is what the reassembly counted; it is complete once Events has ended.
func (r *Run) Stats() reassembly.Stats { return r.stats }

// Wait returns once the source is not read from any more. Who stops taking events
// before the last one calls it before closing the source; it waits no longer than
// the source takes for the frame that it was asked for last.
func (r *Run) Wait() { r.atWork.Wait() }

// Events yields the rows, numbered from 1. An event is valid until the next one
// is asked for. An error of the source comes last, with a nil event, after
// everything that could be read.
func (r *Run) Events() iter.Seq2[*dissect.Event, error] {
	return func(yield func(*dissect.Event, error) bool) {
		p := newPipe(r.o.Workers)
		defer p.stop()
		rd := &reader{run: r, pipe: p}
		var workers sync.WaitGroup
		for i := range r.o.Workers {
			workers.Add(1)
			go func() {
				defer workers.Done()
				newWorker(r, i).work(p)
			}()
		}
		var failed error
		r.atWork.Add(1)
		go func() {
			defer r.atWork.Done()
			failed = rd.read()
			p.end()
		}()
		m := merger{run: r, pipe: p}
		for b := range p.ordered {
			if !m.batch(b, yield) {
				return
			}
			p.recycle(b)
			if r.o.Idle != nil && len(p.ordered) == 0 {
				r.o.Idle()
			}
		}
		workers.Wait()
		if failed != nil && !errors.Is(failed, io.EOF) {
			yield(nil, failed)
		}
	}
}

// Events is the trace of a source in one call.
func Events(src capture.Source, o Options) iter.Seq2[*dissect.Event, error] {
	return New(src, o).Events()
}
