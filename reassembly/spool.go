package reassembly

import (
	"bytes"
	"cmp"
	"slices"
	"sync"

	"talktrace/capture"
)

// SpoolBytes is how much a Spool holds unless it is told otherwise.
const SpoolBytes = 64 << 20

// A Spool is a capture.Writer that keeps the frames of TCP connections until it
// is told which of them are wanted. Those it hands on, in their order; others it
// lets go of when their connection has ended, or when there are too many of them,
// oldest first. So what waits for a connection that goes on keeps the later ones
// waiting too.
//
// Frames come on one goroutine, and word of what is wanted on another.
type Spool struct {
	to    capture.Writer
	limit int

	mu    sync.Mutex
	asm   *Assembler
	queue []spooled // in order of their numbers
	bytes int       // that the queue takes
	conns map[int]*spooledConn
	over  []ended // connections that ended, in that order
	lost  int
	err   error

	seg   Segment // being taken; without a connection for none
	taken []int   // its frames
}

// spooled is a frame that waits.
type spooled struct {
	capture.Frame
	conn  int   // number of its connection; nobody's until it is known
	with  []int // frames of fragments that came before and belong to it
	state verdict
}

const unknownConn = -1

type verdict uint8

const (
	undecided verdict = iota
	wanted
	unwanted
)

// spooledConn is a connection of which frames wait.
type spooledConn struct {
	frames  []passage // that are undecided, or have been when they came
	opening []int     // those of the handshake
	due     [2]bool   // by side: what it acknowledges next is wanted
	gone    int       // frames that were let go undecided
	marked  int       // the highest number that was wanted
}

// passage is who sent a frame, and whether it did so without payload.
type passage struct {
	frame int
	from  Side
	bare  bool
}

// maxOver bounds the ended connections of which frames wait.
const maxOver = 1 << 16

// ended is a connection that has ended, and the frame in which it did.
type ended struct{ conn, frame int }

var _ capture.Writer = (*Spool)(nil)

// NewSpool returns a Spool that hands on to w, and holds so many bytes.
// Connections have the same numbers as in an Assembler with the same limits that
// sees the same frames.
func NewSpool(w capture.Writer, bytes int, l Limits) *Spool {
	s := &Spool{to: w, limit: bytes, conns: make(map[int]*spooledConn)}
	s.asm = New(spoolHandler{s}, l)
	s.asm.OnSegment(func(g Segment) {
		s.seg, s.taken = g, append(s.taken[:0], g.Frames...)
	})
	return s
}

// spoolHandler hears when connections end.
type spoolHandler struct{ s *Spool }

func (spoolHandler) Chunk(*Conn, Chunk) {}
func (h spoolHandler) End(c *Conn, from Side, _ EndReason, frame int, _ int64) {
	if c.half[from.Other()].ended {
		h.s.over = append(h.s.over, ended{c.Number, frame})
	}
	if len(h.s.over) > maxOver {
		h.s.forget(maxOver / 2)
	}
}
func (spoolHandler) Free(*Conn) {}

// Full implements capture.Writer.
func (s *Spool) Full() bool { return s.to.Full() }

// WriteFrame implements capture.Writer.
func (s *Spool) WriteFrame(f *capture.Frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	fragments := s.asm.stats.Fragments
	s.seg = Segment{}
	s.asm.Frame(f)
	switch {
	case s.seg.Conn != nil:
		s.push(f, s.seg.Conn.Number)
		s.segment()
	case s.asm.stats.Fragments > fragments:
		s.push(f, unknownConn)
	}
	return s.release(f.Time)
}

func (s *Spool) push(f *capture.Frame, conn int) {
	w := spooled{Frame: *f, conn: conn}
	w.Data = bytes.Clone(f.Data)
	s.queue = append(s.queue, w)
	s.bytes += w.cost()
}

// segment takes note of whose the frame is that was just taken, and with it
// those of earlier fragments.
func (s *Spool) segment() {
	n := s.seg.Conn.Number
	c := s.conns[n]
	if c == nil {
		c = &spooledConn{}
		s.conns[n] = c
	}
	for _, number := range s.taken {
		if w := s.find(number); w != nil {
			w.conn = n
		}
	}
	last := len(s.taken) - 1
	s.queue[len(s.queue)-1].with = slices.Clone(s.taken[:last])
	x := passage{s.taken[last], s.seg.From, s.seg.Size == 0}
	c.frames = append(c.frames, x)
	if s.seg.Conn.Opening() {
		c.opening = append(c.opening, x.frame)
	}
	if x.bare && c.due[x.from] {
		c.due[x.from] = false
		s.mark(x.frame)
	}
}

// find returns the frame of a number, nil if it does not wait.
func (s *Spool) find(number int) *spooled {
	i, ok := slices.BinarySearchFunc(s.queue, number, func(w spooled, n int) int { return cmp.Compare(w.Number, n) })
	if !ok {
		return nil
	}
	return &s.queue[i]
}

func (w *spooled) cost() int { return len(w.Data) + heldCost }

// Want says that frames of a connection are wanted, and with them those of its
// handshake and the next acknowledgement of each: who reads them knows by it that
// what is not there is not to be waited for.
func (s *Spool) Want(conn int, frames []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.conns[conn]; c != nil {
		for _, number := range c.opening {
			if !s.mark(number) {
				s.lost++
			}
		}
		c.opening = nil
		for _, number := range frames {
			if !s.mark(number) && number > c.marked {
				s.lost++
			}
			s.acknowledged(c, number)
		}
		c.marked = max(c.marked, slices.Max(frames))
	} else {
		s.lost += len(frames)
	}
	s.handOn()
}

// acknowledged marks what acknowledges a frame, if it has any payload, or takes
// note that it is to come.
func (s *Spool) acknowledged(c *spooledConn, number int) {
	i, ok := slices.BinarySearchFunc(c.frames, number, func(x passage, n int) int { return cmp.Compare(x.frame, n) })
	if !ok || c.frames[i].bare {
		return
	}
	other := c.frames[i].from.Other()
	for _, x := range c.frames[i+1:] {
		if x.bare && x.from == other {
			s.mark(x.frame)
			return
		}
	}
	c.due[other] = true
}

// WantUpTo says that all frames of a connection are wanted up to one of them.
func (s *Spool) WantUpTo(conn, last int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.conns[conn]; c != nil {
		n := 0
		for ; n < len(c.frames) && c.frames[n].frame <= last; n++ {
			s.mark(c.frames[n].frame)
		}
		c.frames, c.opening = c.frames[n:], nil
		s.lost += c.gone
		c.gone, c.marked = 0, max(c.marked, last)
	}
	s.handOn()
}

// Passed says that nobody will ask for frames of connections that ended before
// this one.
func (s *Spool) Passed(frame int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for n < len(s.over) && s.over[n].frame < frame {
		n++
	}
	if n > 0 {
		s.forget(n)
		s.handOn()
	}
}

// forget lets go of the first connections of those that have ended.
func (s *Spool) forget(n int) {
	for _, e := range s.over[:n] {
		if c := s.conns[e.conn]; c != nil {
			for _, x := range c.frames {
				s.decide(x.frame, unwanted)
			}
			delete(s.conns, e.conn)
		}
	}
	s.over = append(s.over[:0], s.over[n:]...)
}

// mark makes a frame a wanted one. It is false where the frame does not wait any
// more.
func (s *Spool) mark(number int) bool { return s.decide(number, wanted) }

// decide gives a verdict on a frame and the fragments that go with it, if there
// is none yet.
func (s *Spool) decide(number int, v verdict) bool {
	w := s.find(number)
	if w == nil {
		return false
	}
	for _, n := range w.with {
		s.decide(n, v)
	}
	if w.state == undecided {
		w.state = v
	}
	return true
}

// release hands on what is decided, and lets go of what nobody can wait for.
func (s *Spool) release(now int64) error {
	for len(s.queue) > 0 {
		w := &s.queue[0]
		nobodys := w.conn == unknownConn && now-w.Time > fragmentWait
		if w.state == undecided && !nobodys && s.bytes <= s.limit {
			break
		}
		s.pop()
	}
	return s.err
}

// handOn hands on what is decided.
func (s *Spool) handOn() {
	for len(s.queue) > 0 && s.queue[0].state != undecided {
		s.pop()
	}
}

// pop takes the first frame from the queue, and hands it on if it is wanted.
func (s *Spool) pop() {
	w := &s.queue[0]
	if c := s.conns[w.conn]; c != nil {
		c.drop(w.Number)
		if w.state == undecided {
			c.gone++
		}
	}
	if w.state == wanted && s.err == nil && !s.to.Full() {
		s.err = s.to.WriteFrame(&w.Frame)
	}
	s.bytes -= w.cost()
	s.queue[0] = spooled{}
	s.queue = s.queue[1:]
}

// drop forgets the numbers of frames that do not wait any more.
func (c *spooledConn) drop(number int) {
	for len(c.frames) > 0 && c.frames[0].frame <= number {
		c.frames = c.frames[1:]
	}
}

// Lost is how many frames were wanted after they had been let go.
func (s *Spool) Lost() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// Close hands on what is wanted and lets go of the rest. It does not close the
// Writer.
func (s *Spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) > 0 {
		s.pop()
	}
	return s.err
}
