package scrub

import (
	"bytes"
	"io"
	"iter"

	"talktrace/capture"
	"talktrace/cmd/internal/plaintext"
	"talktrace/dissect"
	"talktrace/dissect/engine"
)

// Opened returns a capture of what was said in another one, in the clear and
// without what it travelled in: a segment for each row, between the same ends and
// at the same time. Keys and workers are those of the options. The first time it is
// read, seen is called for each row, unless it is nil.
func Opened(in Input, o engine.Options, seen func(*dissect.Event)) Input {
	o.Options = dissect.Options{XML: true, ShowSecrets: true}
	return func() (capture.Source, error) {
		src, err := in()
		if err != nil {
			return nil, err
		}
		run := engine.New(src, o)
		next, stop := iter.Pull2(run.Events())
		s := &source{inner: src, next: next, stop: func() { stop(); run.Wait() }, seen: seen}
		seen = nil
		return s, nil
	}
}

// source makes frames of rows.
type source struct {
	inner capture.Source
	next  func() (*dissect.Event, error, bool)
	stop  func()
	seen  func(*dissect.Event)
	talk  plaintext.Talk
	queue []capture.Frame
}

var _ capture.Source = (*source)(nil)

// Next implements capture.Source.
func (s *source) Next(f *capture.Frame) error {
	for len(s.queue) == 0 {
		e, err, more := s.next()
		if !more {
			return io.EOF
		}
		if err == nil && s.seen != nil {
			s.seen(e)
		}
		if err == nil {
			err = s.talk.Say(e, s.push)
		}
		if err != nil {
			return err
		}
	}
	*f = s.queue[0]
	s.queue = s.queue[1:]
	return nil
}

// push keeps a frame until it is asked for.
func (s *source) push(f *capture.Frame) error {
	one := *f
	one.Data = bytes.Clone(f.Data)
	s.queue = append(s.queue, one)
	return nil
}

// Close ends the reading.
func (s *source) Close() error {
	s.stop()
	return s.inner.Close()
}
