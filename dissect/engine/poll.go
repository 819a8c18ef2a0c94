package engine

import (
	"time"

	"talktrace/capture"
	"talktrace/dissect"
)

// Poll has those connections looked after that wait for keys, although no frame
// may come. In a live trace (Options.Live) it is to be called now and then, from
// any goroutine, with the time since the call before; it does not wait. The times
// of frames and these together are the clock of those who wait.
func (r *Run) Poll(d time.Duration) {
	r.polled.Add(int64(d))
	if !r.reading.TryLock() {
		return // the reader sees it
	}
	defer r.reading.Unlock()
	if r.reader != nil {
		r.reader.pollAtRest()
	}
}

// next reads the next frame. Where that may take long, Poll may step in.
func (r *reader) next(f *capture.Frame) error {
	if r.run.o.Live && r.waits() {
		r.run.reading.Unlock()
		defer r.run.reading.Lock()
	}
	return r.run.src.Next(f)
}

// pollAtRest sends a batch with nothing but a poll in it, if there is a batch to
// go on with. The reader is waiting for a frame.
func (r *reader) pollAtRest() {
	if r.cur == nil || r.run.polled.Load() == 0 {
		return
	}
	select {
	case b := <-r.pipe.free:
		r.poll()
		r.pipe.send(r.cur)
		r.cur = b
	default: // there is much to do as it is
	}
}

// poll puts what was asked for by Poll in its place among the items.
func (r *reader) poll() {
	r.idle += r.run.polled.Swap(0)
	r.pollAll(dissect.EndFIN)
}

// pollAll puts a poll into the list of every worker; with dissect.EndCapture it
// is the last one.
func (r *reader) pollAll(how dissect.End) {
	for i := range r.cur.work {
		r.cur.work[i] = append(r.cur.work[i], item{
			op: opPoll, how: how, index: int32(r.cur.items),
			frame: int(r.run.frames.Load()), time: r.latest + r.idle,
		})
	}
	r.cur.items++
}
