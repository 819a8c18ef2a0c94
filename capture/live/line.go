package live

import (
	"errors"
	"io"
	"sync"
	"time"

	"talktrace/capture"
)

// maxDrain bounds the frames that are still taken after the end of the context,
// should the clock that stamps them never reach that time.
const maxDrain = 1 << 20

// A line is an interface that is captured on, opened or waited for.
type line struct {
	capture *Capture
	index   int32
	name    string
	origin  capture.Origin
	frames  int

	mu     sync.Mutex // held by whoever opens, closes or counts; reading needs none
	dev    device     // nil while the interface is waited for
	counts Stats      // of the devices before dev
}

// run reads the interface until the capture ends, or until it has gone and is
// not waited for.
func (l *line) run() {
	c := l.capture
	defer c.queue.done()
	var err error
	for err == nil {
		if l.dev == nil {
			err = l.wait()
			continue
		}
		err = l.read()
		if c.o.Wait && isGone(err) {
			c.notice(l, cause(err).Error()+"; waiting for it to return")
			l.shut()
			err = nil
		}
	}
	if !errors.Is(err, io.EOF) {
		l.fail(err)
	}
}

// read copies frames into the queue until the device fails, or the capture
// ends: then it returns io.EOF.
func (l *line) read() error {
	drained := 0
	for {
		data, s, err := l.dev.next()
		stop := l.capture.stopped.Load()
		switch {
		case errors.Is(err, errQuiet):
			if stop != 0 && time.Now().UnixNano()-stop > int64(lastBlock) {
				return io.EOF
			}
			continue
		case err != nil:
			return err
		case stop != 0:
			if drained++; s.time > stop || drained > maxDrain {
				return io.EOF
			}
		}
		s.source = l.index
		if !l.capture.queue.put(s, data) {
			return io.EOF
		}
		l.frames++
	}
}

// wait waits until the interface can be opened. It returns io.EOF if the
// capture ends before.
func (l *line) wait() error {
	retry := time.NewTicker(retryTime)
	defer retry.Stop()
	for {
		err := l.reopen()
		if err == nil {
			l.capture.notice(l, "capturing")
			return nil
		}
		if !isGone(err) {
			return err
		}
		select {
		case <-l.capture.ctx.Done():
			return io.EOF
		case <-retry.C:
		}
	}
}

// fail says why the interface is captured on no more.
func (l *line) fail(err error) {
	e, ok := errors.AsType[*capture.Error](err)
	if !ok {
		e = &capture.Error{File: l.name, Err: err}
	}
	e.Frame = l.frames
	if isGone(err) {
		e.Hint = "--wait goes on when it returns"
	}
	l.capture.failed(l, e)
}

// reopen opens the interface.
func (l *line) reopen() error {
	dev, err := l.capture.open(l.name, &l.capture.o)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dev = dev
	return nil
}

// shut closes the device, if there is one, and keeps what it has counted.
func (l *line) shut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dev == nil {
		return
	}
	l.counts = l.counted()
	l.dev.close()
	l.dev = nil
}

// stats returns what was counted on all devices of the line.
func (l *line) stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.counted()
	s.Interface = l.name
	return s
}

// counted adds up what was counted. An interface that has gone may no longer
// tell; its last frames are then known by the reader alone.
func (l *line) counted() Stats {
	s := l.counts
	if l.dev == nil {
		return s
	}
	if n, err := l.dev.counts(); err == nil {
		s.Received += n.Received
		s.Dropped += n.Dropped
		s.Missed += n.Missed
	}
	return s
}
