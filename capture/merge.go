package capture

import (
	"errors"
	"io"
)

// Merge returns a Source of all frames of the given ones, ordered by time and
// numbered from 1. Frames of one source stay in their order even where its
// clock runs backwards; of frames with equal times those of the source that
// was named first come first.
//
// A source that fails does not keep the others from being read: its error
// comes after the last frame of all. Where several failed, the errors are
// joined, the one that happened first in front. Close closes all sources.
func Merge(sources ...Source) Source {
	if len(sources) == 1 {
		return &numbered{Source: sources[0]}
	}
	return &merged{sources: sources}
}

// numbered numbers the frames of a single source.
type numbered struct {
	Source
	frames int
}

func (n *numbered) Next(f *Frame) error {
	if err := n.Source.Next(f); err != nil {
		return err
	}
	n.frames++
	f.Number = n.frames
	return nil
}

func (n *numbered) Buffered() bool { return buffered(n.Source) }

// buffered asks a source that may not know; those that do not wait for others.
func buffered(s Source) bool {
	b, knows := s.(Buffered)
	return !knows || b.Buffered()
}

// merged is a heap of the sources' next frames. Those stay where they are,
// in the buffers of their sources: a source is asked for its next frame only
// when the consumer has come back for what follows the one before.
type merged struct {
	sources []Source
	begun   bool
	heap    []head // the earliest in front
	frames  int
	failed  []error
	err     error
}

// head is the next frame of a source.
type head struct {
	frame  Frame
	source int // index in sources
}

func (a *head) before(b *head) bool {
	return a.frame.Time < b.frame.Time || (a.frame.Time == b.frame.Time && a.source < b.source)
}

func (m *merged) Next(f *Frame) error {
	if m.err != nil {
		return m.err
	}
	if m.begun {
		m.advance()
	} else {
		m.begin()
	}
	if len(m.heap) == 0 {
		m.err = io.EOF
		if len(m.failed) > 0 {
			m.err = joined(m.failed)
		}
		return m.err
	}
	m.frames++
	*f = m.heap[0].frame
	f.Number = m.frames
	return nil
}

// Buffered asks the one source that the next call of Next will ask.
func (m *merged) Buffered() bool {
	return m.begun && (len(m.heap) == 0 || buffered(m.sources[m.heap[0].source]))
}

// begin fetches the first frame of each source.
func (m *merged) begin() {
	m.begun = true
	m.heap = make([]head, 0, len(m.sources))
	for i := range m.sources {
		h := head{source: i}
		if m.fetch(&h) {
			m.heap = append(m.heap, h)
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.sink(i)
	}
}

// advance replaces the earliest frame by the next of the same source, or takes
// the source out at its end.
func (m *merged) advance() {
	if len(m.heap) == 0 {
		return
	}
	if !m.fetch(&m.heap[0]) {
		last := len(m.heap) - 1
		m.heap[0] = m.heap[last]
		m.heap[last] = head{}
		m.heap = m.heap[:last]
	}
	m.sink(0)
}

// fetch gets the next frame of a head's source, and reports whether there is one.
func (m *merged) fetch(h *head) bool {
	err := m.sources[h.source].Next(&h.frame)
	if err != nil && !errors.Is(err, io.EOF) {
		m.failed = append(m.failed, err)
	}
	return err == nil
}

// sink moves the head at place i down until none below it is earlier.
func (m *merged) sink(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(m.heap); child++ {
			if m.heap[child].before(&m.heap[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		m.heap[i], m.heap[least] = m.heap[least], m.heap[i]
		i = least
	}
}

func joined(errs []error) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

func (m *merged) Close() error {
	var errs []error
	for _, s := range m.sources {
		errs = append(errs, s.Close())
	}
	m.heap = nil
	if m.err == nil {
		m.err = io.EOF
	}
	return errors.Join(errs...)
}
