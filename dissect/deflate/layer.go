package deflate

import (
	"strconv"

	"talktrace/dissect"
)

// The bytes that are handed on at a time.
const (
	minPiece = 4 << 10
	maxPiece = 64 << 10
)

// Layer inflates both directions of a connection and hands the plain bytes to
// the layer inside, with the frames they came in. It is a dissect.Layer.
type Layer struct {
	layers string
	inner  dissect.Layer
	limits Limits
	dirs   [2]direction
}

var _ dissect.Layer = (*Layer)(nil)

// direction is what one side sends.
type direction struct {
	inflater *Inflater // nil before the first byte, and once it is given up
	first    int       // the frame of the first byte that waits to come out
	lost     bool      // given up
	reason   string    // why
	skipped  int       // bytes since then, and not told yet
	since    int       // the frame of the first of them
}

// New returns a layer for zlib streams inside via, which is the Layers column of
// what lies outside, such as "tcp". The plain bytes go to inner, which was made
// for via + ":deflate".
func New(via string, inner dissect.Layer, l Limits) *Layer {
	return &Layer{layers: via + ":deflate", inner: inner, limits: l.withDefaults()}
}

// Data implements dissect.Layer. The inner layer gets the plain bytes in pieces
// that live in the context's arena.
func (l *Layer) Data(c *dissect.Context, from dissect.Sender, b dissect.Bytes) {
	d := &l.dirs[from]
	if d.lost {
		d.pass(&b)
		return
	}
	if d.inflater == nil {
		d.inflater = NewInflater(Zlib, l.limits)
	}
	if d.first == 0 {
		d.first = b.FirstFrame()
	}
	rest, err := l.inflate(c, from, b)
	if err != nil {
		b.Data = rest
		l.giveUp(c, from, b, err)
	} else if d.inflater.between() {
		d.first = 0
	}
}

// inflate hands on what the bytes inflate to, and returns what of them it could
// not use, and why.
func (l *Layer) inflate(c *dissect.Context, from dissect.Sender, b dissect.Bytes) (rest []byte, err error) {
	d := &l.dirs[from]
	rest = b.Data
	for total := 0; ; {
		room := c.Arena.Begin(minPiece)
		room = room[:0:min(cap(room), maxPiece, l.limits.Chunk-total+1)]
		var plain []byte
		plain, rest, err = d.inflater.Inflate(room, rest)
		full := len(plain) == cap(plain)
		total += len(plain)
		if total > l.limits.Chunk {
			plain, err = plain[:len(plain)-1], ErrChunk
		}
		if plain = c.Arena.Done(plain); len(plain) > 0 {
			out := dissect.Bytes{Data: plain, Frame: b.Frame, Time: b.Time}
			if d.first != b.Frame {
				out.First = d.first
			}
			l.inner.Data(c, from, out)
			d.first = b.FirstFrame()
		}
		if err != nil || !full {
			return rest, err
		}
	}
}

// giveUp tells that a direction cannot be inflated from these bytes on.
func (l *Layer) giveUp(c *dissect.Context, from dissect.Sender, b dissect.Bytes, why error) {
	d := &l.dirs[from]
	d.lose(why.Error())
	e := l.malformed(c, from)
	e.FirstFrame, e.Length = b.FirstFrame(), len(b.Data)
	e.Info = c.Arena.Printf("zlib stream given up: %s; %s left", d.reason, count(e.Length))
}

// Gap implements dissect.Layer. What was lost would be needed for all that
// follows: no flush forgets the window (RFC 1951 section 2). The layer inside
// tells of the loss, and of the element that it cuts; it gets no more bytes from
// this side.
func (l *Layer) Gap(c *dissect.Context, from dissect.Sender, n int64) {
	d := &l.dirs[from]
	if d.lost {
		c.Gap(from, l.layers, n)
		return
	}
	d.lose("bytes before it were lost")
	l.inner.Gap(c, from, n)
}

// End implements dissect.Layer.
func (l *Layer) End(c *dissect.Context, from dissect.Sender, how dissect.End) {
	d := &l.dirs[from]
	if d.skipped > 0 {
		e := l.malformed(c, from)
		e.FirstFrame, e.Length = d.since, d.skipped
		e.Info = c.Arena.Printf("rest of the zlib stream, %s, not inflated: %s", count(d.skipped), d.reason)
	}
	*d = direction{lost: true, reason: d.reason}
	l.inner.End(c, from, how)
}

// malformed begins the row for bytes that cannot be inflated.
func (l *Layer) malformed(c *dissect.Context, from dissect.Sender) *dissect.Event {
	e := c.Emit(from, dissect.KindMalformed)
	e.Protocol, e.Layers = "zlib", l.layers
	return e
}

// lose lets go of the inflater.
func (d *direction) lose(reason string) {
	d.lost, d.reason, d.inflater = true, reason, nil
}

// pass counts bytes that are not inflated any more.
func (d *direction) pass(b *dissect.Bytes) {
	if d.skipped == 0 {
		d.since = b.FirstFrame()
	}
	d.skipped += len(b.Data)
}

// count says how many bytes.
func count(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return strconv.Itoa(n) + " bytes"
}
