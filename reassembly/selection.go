package reassembly

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"talktrace/capture"
)

// heldBytes bounds what a Selection holds.
const heldBytes = 16 << 20

// heldCost is the memory that a held frame takes besides its bytes.
const heldCost = 160

// A Selection is a capture.Writer that hands on the frames of one TCP
// connection, or of several: whatever they travel in, retransmissions and IP
// fragments included. It has an Assembler of its own, so that it can do so before
// anyone else has seen the frame.
//
// Of which connection a fragment is, is known when its datagram is whole. Until
// then it is held, as are the frames of the connection after it, so that all
// come out in their order.
type Selection struct {
	to     capture.Writer
	mine   func(s *Segment) bool
	asm    *Assembler
	wanted bool // the frame being taken is one of those selected
	named  bool // it is known whose it is
	queue  []held
	bytes  int // that the queue takes
}

// held is a frame that waits.
type held struct {
	capture.Frame
	wanted bool
	named  bool
}

var _ capture.Writer = (*Selection)(nil)

// Select returns a Selection of the connection with that number, which hands
// its frames to w. Connections have the same numbers as in an Assembler with
// the same limits that sees the same frames.
func Select(w capture.Writer, number int, l Limits) *Selection {
	return SelectFunc(w, func(s *Segment) bool { return s.Conn.Number == number }, l)
}

// SelectFunc returns a Selection of the segments that mine is true for.
func SelectFunc(w capture.Writer, mine func(s *Segment) bool, l Limits) *Selection {
	s := &Selection{to: w, mine: mine, asm: New(nobody{}, l)}
	s.asm.OnSegment(s.segment)
	return s
}

// nobody is a Handler who does not care.
type nobody struct{}

func (nobody) Chunk(*Conn, Chunk)                     {}
func (nobody) End(*Conn, Side, EndReason, int, int64) {}
func (nobody) Free(*Conn)                             {}

// Full implements capture.Writer.
func (s *Selection) Full() bool { return s.to.Full() }

// WriteFrame implements capture.Writer.
func (s *Selection) WriteFrame(f *capture.Frame) error {
	fragments := s.asm.stats.Fragments
	s.wanted, s.named = false, false
	s.asm.Frame(f)
	open := !s.named && s.asm.stats.Fragments > fragments
	switch {
	case s.wanted && len(s.queue) == 0:
		return s.to.WriteFrame(f)
	case s.wanted || open:
		h := held{Frame: *f, wanted: s.wanted, named: s.named}
		h.Data = bytes.Clone(f.Data)
		s.queue = append(s.queue, h)
		s.bytes += h.cost()
	}
	return s.release(f.Time)
}

// segment implements SegmentFunc.
func (s *Selection) segment(g Segment) {
	mine := s.mine(&g)
	s.wanted, s.named = s.wanted || mine, true
	for _, number := range g.Frames[:len(g.Frames)-1] {
		i, held := slices.BinarySearchFunc(s.queue, number, func(h held, n int) int { return cmp.Compare(h.Number, n) })
		if held {
			s.queue[i].named = true
			s.queue[i].wanted = s.queue[i].wanted || mine
		}
	}
}

func (h *held) cost() int { return len(h.Data) + heldCost }

// release hands on what need not wait any more. A fragment whose datagram is
// given up was nobody's.
func (s *Selection) release(now int64) error {
	n := 0
	var err error
	for ; n < len(s.queue) && err == nil; n++ {
		h := &s.queue[n]
		if !h.named && now-h.Time <= fragmentWait && s.bytes <= heldBytes {
			break
		}
		if h.wanted {
			err = s.to.WriteFrame(&h.Frame)
		}
		s.bytes -= h.cost()
	}
	clear(s.queue[:n])
	s.queue = s.queue[n:]
	return err
}

// Close hands on what is still held. It does not close the Writer.
func (s *Selection) Close() error {
	var errs []error
	for i := range s.queue {
		if h := &s.queue[i]; h.wanted && !s.to.Full() {
			errs = append(errs, s.to.WriteFrame(&h.Frame))
		}
	}
	s.queue, s.bytes = nil, 0
	return errors.Join(errs...)
}
