package live

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"talktrace/capture"
)

// A device is an interface that has been opened.
type device interface {
	// next returns the next frame, or errQuiet if there was none for
	// blockTime. The bytes are valid until the next call.
	next() (data []byte, s slot, err error)
	// counts returns what the kernel has counted since the device was opened.
	// It may be called while next runs.
	counts() (Stats, error)
	close()
}

// errQuiet says that no frame has come.
var errQuiet = errors.New("no frame has come")

// goneError says why an interface cannot be captured on now. It may come back.
type goneError struct{ why string }

func (e *goneError) Error() string { return e.why }

func isGone(err error) bool {
	_, gone := errors.AsType[*goneError](err)
	return gone
}

// A Capture is a capture.Source of one or more interfaces, whose frames come
// in the order in which they arrived in this process; Frame.Interface is the
// index of the interface's name in the call of Open.
type Capture struct {
	ctx     context.Context
	cancel  context.CancelFunc
	stopped atomic.Int64 // when ctx ended, in nanoseconds since 1970; 0 before
	o       Options
	open    func(name string, o *Options) (device, error)
	lines   []*line
	queue   *queue
	begin   sync.Once
	readers sync.WaitGroup

	// Of the goroutine that calls Next.
	frames int
	err    error

	mu       sync.Mutex // held while o.Notice runs, and for failures
	failures []error    // of interfaces that are captured on no more
}

var (
	_ capture.Source   = (*Capture)(nil)
	_ capture.Buffered = (*Capture)(nil)
)

// Open begins to capture on the named interfaces ("any" is all of them, on
// Linux). When ctx ends, Next goes on until all frames of the time before have
// been handed out, and then returns io.EOF; Close, too, makes it return.
//
// The frames wait in the kernel until the first call of Next: no thread of this
// package runs before, and privileges can be given up.
//
// Errors are *capture.Error, with a hint where one is known.
func Open(ctx context.Context, names []string, o Options) (*Capture, error) {
	return start(ctx, names, o, openDevice)
}

func start(ctx context.Context, names []string, o Options, open func(string, *Options) (device, error)) (*Capture, error) {
	c := &Capture{o: o, open: open, queue: newQueue(len(names))}
	c.ctx, c.cancel = context.WithCancel(ctx)
	context.AfterFunc(c.ctx, func() { c.stopped.CompareAndSwap(0, time.Now().UnixNano()) })
	for i, name := range names {
		l := &line{capture: c, index: int32(i), name: name, origin: o.origin(name)}
		c.lines = append(c.lines, l)
		err := l.reopen()
		if o.Wait && isGone(err) {
			c.notice(l, cause(err).Error()+"; waiting for it")
			continue
		}
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return c, nil
}

// Next implements capture.Source.
func (c *Capture) Next(f *capture.Frame) error {
	if c.err != nil {
		return c.err
	}
	c.begin.Do(func() {
		for _, l := range c.lines {
			c.readers.Go(l.run)
		}
	})
	f.Comment = ""
	if !c.queue.get(f) {
		c.err = c.ending()
		return c.err
	}
	c.frames++
	f.Number, f.Precision, f.Origin = c.frames, 9, &c.lines[f.Interface].origin
	return nil
}

// Buffered implements capture.Buffered.
func (c *Capture) Buffered() bool { return c.err != nil || c.queue.buffered() }

// ending is how a capture ends that has no frames any more.
func (c *Capture) ending() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch len(c.failures) {
	case 0:
		return io.EOF
	case 1:
		return c.failures[0]
	}
	return errors.Join(c.failures...)
}

// Stats returns what was counted on each interface, in the order of the call
// of Open. It may be called at any time, and after Close.
func (c *Capture) Stats() []Stats {
	all := make([]Stats, 0, len(c.lines))
	for _, l := range c.lines {
		all = append(all, l.stats())
	}
	return all
}

// Close ends the capture. It must not be called while Next runs, nor before the
// last frame's Data has been done with.
func (c *Capture) Close() error {
	c.stopped.CompareAndSwap(0, 1) // what is still in the kernel is not wanted
	c.cancel()
	c.queue.close()
	c.begin.Do(func() {}) // or never
	c.readers.Wait()
	for _, l := range c.lines {
		l.shut()
	}
	if c.err == nil {
		c.err = io.EOF
	}
	return nil
}

// notice tells the user what has happened.
func (c *Capture) notice(l *line, text string) {
	if c.o.Notice == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.o.Notice(l.name + ": " + text)
}

// failed keeps why an interface is captured on no more.
func (c *Capture) failed(l *line, err *capture.Error) {
	c.mu.Lock()
	c.failures = append(c.failures, err)
	others := len(c.failures) < len(c.lines)
	c.mu.Unlock()
	if others {
		c.notice(l, err.Err.Error()+"; going on without it")
	}
}

// cause is an error without the name of its interface.
func cause(err error) error {
	if e, ok := errors.AsType[*capture.Error](err); ok {
		return e.Err
	}
	return err
}
