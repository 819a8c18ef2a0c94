package cli

import (
	"context"
	"io"
	"os"
	"os/signal"
	"sync"
	"time"
)

// flushEvery is how often written files are made complete: what was captured a
// second ago is on its way to the disk.
const flushEvery = time.Second / 2

// frames returns how many frames are wanted; 0 is all.
func (o *options) frames() int {
	if n := o.writing.stops.count("packets"); n > 0 && (o.count == 0 || n < o.count) {
		return n
	}
	return o.count
}

// deadline returns a context that ends when the user has said it should.
func (o *options) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.writing.stops.has("duration") {
		return context.WithTimeout(ctx, o.writing.stops.seconds("duration"))
	}
	return context.WithCancel(ctx)
}

// attend looks after a trace while it runs: written files are kept complete and
// keys looked for, also while no frames come, and signals are answered. enough ends the trace.
// The function that it returns ends the attendance.
func (t *tracer) attend(enough context.CancelFunc, w io.Writer) (leave func()) {
	signals := make(chan os.Signal, 8) // with room for some of each
	notify(signals, t.record != nil)
	ticker := time.NewTicker(flushEvery)
	done := make(chan struct{})
	var attending sync.WaitGroup
	attending.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				if t.in.live {
					t.run.Poll(flushEvery) // keys may come when nothing else does
				}
				// A source of frames that never come is not to be waited for.
				if t.record.tick() && t.in.live {
					enough()
				}
			case s := <-signals:
				t.answer(s, w)
			}
		}
	})
	return func() {
		signal.Stop(signals)
		ticker.Stop()
		close(done)
		attending.Wait()
	}
}
