package cli

import (
	"errors"
	"io"
	"os"
	"slices"
	"sync"

	"talktrace/capture"
	"talktrace/dissect"
	"talktrace/reassembly"
)

// cut collects the frames that chosen rows came from, for -w with -Y.
//
// Of a stream in the clear these are the frames with the row's bytes, those of the
// stream headers in front of it, since they say what the names in it mean, the
// connection's handshake, and an acknowledgement of each, by which who reads the
// file knows that what lies between was not captured. Where what a byte means depends on all that came
// before, inside TLS, compression or HTTP, they are all frames of the connection
// up to the row.
//
// Files are read a second time, once it is known which frames are wanted. What
// cannot be read twice waits in a spool.
type cut struct {
	spool *reassembly.Spool // nil: frames are picked in a second reading
	again []string          // files to be read once more
	one   bool              // rows are frames

	picked frameSet
	passed int // the highest frame of a row
	last   int // the highest frame that is wanted
	list   []int
	heads  map[int]*[2][]int // by connection: the frames of the latest stream headers

	mu     sync.Mutex
	chosen map[int]*chosen // connections that are wanted
	due    int             // acknowledgements that are waited for in the second reading
}

// chosen is a connection that is wanted.
type chosen struct {
	whole int     // the frame up to which it is so as a whole
	due   [2]bool // by side: the next acknowledgement is wanted
}

const (
	// maxHeads bounds the connections whose stream headers are remembered.
	maxHeads = 1 << 17
	// maxChosen bounds the connections that a trace without end remembers.
	maxChosen = 1 << 20
)

// newCut returns a cut for the rows of an input, of which frames are handed on
// to w. The Writer that it returns is to be in the way of the input's frames; it
// is nil where they are read again.
func newCut(o *options, w capture.Writer) (*cut, capture.Writer) {
	c := &cut{one: o.packets, heads: make(map[int]*[2][]int), chosen: make(map[int]*chosen)}
	if o.rereadable() {
		c.again = o.files
		return c, nil
	}
	c.spool = reassembly.NewSpool(w, reassembly.SpoolBytes, reassembly.DefaultLimits())
	return c, c.spool
}

// rereadable reports whether all of the input can be read a second time.
func (o *options) rereadable() bool {
	if len(o.interfaces) > 0 || o.capturing.follow {
		return false
	}
	return !slices.ContainsFunc(o.files, func(name string) bool {
		info, err := os.Stat(name)
		return name == "-" || err != nil || !info.Mode().IsRegular()
	})
}

// has reports whether a connection is one of those that are wanted.
func (c *cut) has(number int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.chosen[number]
	return ok
}

// row takes note of a row, and of its frames if it is chosen.
func (c *cut) row(e *dissect.Event, chosen bool) {
	if c == nil {
		return
	}
	switch {
	case c.one && chosen:
		c.picked.add(e.Frame)
		c.last = max(c.last, e.Frame)
	case c.one || e.Conn == nil || e.Conn.Number < 0:
	case chosen:
		c.choose(e)
	case e.Kind == dissect.KindStream && !chained(e):
		c.remember(e)
	}
	if c.spool != nil && e.Frame > c.passed {
		c.spool.Passed(e.Frame)
	}
	c.passed = max(c.passed, e.Frame)
}

// chained reports whether what the row's bytes mean depends on all before them.
func chained(e *dissect.Event) bool { return e.Layers != "tcp:xmpp" && e.Layers != "tcp" }

// frames returns the frames with a row's bytes.
func (c *cut) frames(e *dissect.Event) []int {
	c.list = append(c.list[:0], e.FirstFrame, e.Frame)
	for _, p := range e.Parts {
		c.list = append(c.list, p.Frame)
	}
	slices.Sort(c.list)
	c.list = slices.Compact(c.list)
	return c.list
}

// remember keeps the frames of a stream header.
func (c *cut) remember(e *dissect.Event) {
	if len(c.heads) >= maxHeads {
		clear(c.heads)
	}
	h := c.heads[e.Conn.Number]
	if h == nil {
		h = new([2][]int)
		c.heads[e.Conn.Number] = h
	}
	h[e.Sender&1] = slices.Clone(c.frames(e))
}

// choose takes note of the frames of a chosen row.
func (c *cut) choose(e *dissect.Event) {
	number := e.Conn.Number
	whole := 0
	if chained(e) {
		whole = max(e.Frame, c.passed) // it may have become certain behind its frame
		if c.spool != nil {
			c.spool.WantUpTo(number, whole)
		}
	} else {
		c.pick(number, c.frames(e))
		if h := c.heads[number]; h != nil {
			for _, frames := range h {
				c.pick(number, frames)
			}
			delete(c.heads, number)
		}
	}
	c.last = max(c.last, e.Frame, whole)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.spool != nil && len(c.chosen) >= maxChosen {
		clear(c.chosen)
	}
	if c.chosen[number] == nil {
		c.chosen[number] = &chosen{}
	}
	c.chosen[number].whole = max(c.chosen[number].whole, whole)
}

// pick takes note of frames of a connection.
func (c *cut) pick(number int, frames []int) {
	switch {
	case len(frames) == 0:
	case c.spool != nil:
		c.spool.Want(number, frames)
	default:
		for _, f := range frames {
			c.picked.add(f)
		}
	}
}

// finish writes what is still to be written, and says what has been lost.
func (c *cut) finish(w capture.Writer, say func(string)) error {
	if c.spool == nil {
		return c.reread(w)
	}
	err := c.spool.Close()
	if n := c.spool.Lost(); n > 0 {
		say(count(int64(n), "frame") + " that rows came from had been let go before the rows were complete; they are not written")
	}
	if errors.Is(err, io.EOF) { // there are enough
		return nil
	}
	return err
}

// reread reads the files again, up to the last frame that is wanted. What is
// wrong with them has been said the first time.
func (c *cut) reread(w capture.Writer) error {
	if c.last == 0 {
		return nil
	}
	var sources []capture.Source
	for i, name := range c.again {
		f, err := openNumber(i, name)
		if err != nil {
			return errors.Join(err, capture.Merge(sources...).Close())
		}
		sources = append(sources, f)
	}
	src := capture.Merge(sources...)
	defer src.Close()
	flush := func() error { return nil }
	if !c.one {
		s := reassembly.SelectFunc(w, c.wants, reassembly.DefaultLimits())
		w, flush = s, s.Close
	}
	var f capture.Frame
	for src.Next(&f) == nil && !w.Full() {
		if f.Number > c.last && (c.due == 0 || f.Number > c.last+maxDue) {
			break
		}
		if c.one && !c.picked.has(f.Number) {
			continue
		}
		if err := w.WriteFrame(&f); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
	}
	return flush()
}

// maxDue is how many frames are read beyond the last row for acknowledgements.
const maxDue = 10_000

// wants reports whether a segment is wanted.
func (c *cut) wants(s *reassembly.Segment) bool {
	x := c.chosen[s.Conn.Number]
	switch frame := s.Frame(); {
	case x == nil:
		return false
	case s.Size > 0 && c.picked.has(frame):
		if other := s.From.Other(); !x.due[other] {
			x.due[other] = true
			c.due++
		}
		return true
	case s.Size == 0 && x.due[s.From]:
		x.due[s.From] = false
		c.due--
		return true
	default:
		return frame <= x.whole || s.Conn.Opening() || c.picked.has(frame)
	}
}

// frameSet is a set of frames by their numbers: a bit for each.
type frameSet []uint64

func (s *frameSet) add(frame int) {
	for len(*s) <= frame/64 {
		*s = append(*s, 0)
	}
	(*s)[frame/64] |= 1 << (frame % 64)
}

func (s frameSet) has(frame int) bool {
	return frame/64 < len(s) && s[frame/64]&(1<<(frame%64)) != 0
}
