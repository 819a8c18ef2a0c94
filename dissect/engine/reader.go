package engine

import (
	"bytes"
	"hash/fnv"
	"io"
	"net/netip"

	"talktrace/capture"
	"talktrace/dissect"
	"talktrace/dissect/packet"
	"talktrace/reassembly"
)

// reader reads frames, reassembles them and fills batches. It is the
// assembler's handler.
type reader struct {
	run    *Run
	pipe   *pipe
	asm    *reassembly.Assembler
	cur    *batch
	view   *packet.Decoder // for frame rows; nil where they are not wanted
	shared bool            // connections between the same hosts share TLS sessions
	latest int64           // the time of the latest frame
	idle   int64           // the time that went by since, as far as somebody told
}

var _ reassembly.Handler = (*reader)(nil)

// frameRow is the row of a frame, in its place among the items.
type frameRow struct {
	index int32 // items with this index and above came of this frame
	frame int
	time  int64
	packet.Summary
}

// read reads to the end of the input and returns the source's error.
func (r *reader) read() error {
	r.run.reading.Lock()
	defer r.run.reading.Unlock()
	if r.cur = r.pipe.take(); r.cur == nil {
		return io.EOF
	}
	r.run.reader = r
	defer func() { r.run.reader = nil }()
	r.asm = reassembly.New(r, r.run.o.Limits)
	r.shared = r.run.o.Keys != nil && r.run.o.Keys.SharesSessions()
	if r.run.o.Names {
		r.asm.OnUDP(r.datagram)
	}
	if r.run.o.Frames {
		r.view = packet.NewDecoder()
	}
	err := r.frames()
	if r.cur == nil { // nobody wants the rest
		return err
	}
	r.cur.last = int32(r.cur.items) + 1
	r.cur.items++
	r.pollAll(dissect.EndCapture)
	r.asm.Close()
	r.run.stats = r.asm.Stats()
	r.pipe.send(r.cur)
	return err
}

func (r *reader) frames() error {
	var f capture.Frame
	for n := 0; r.run.o.Count == 0 || n < r.run.o.Count; n++ {
		if err := r.next(&f); err != nil {
			return err
		}
		r.latest, r.idle = f.Time, 0
		if r.run.polled.Load() != 0 {
			r.poll()
		}
		if n == 0 {
			r.run.start.Store(f.Time)
			r.run.precision.Store(int64(f.Precision))
		}
		r.run.frames.Store(int64(n + 1))
		if r.view != nil {
			r.cur.frames = append(r.cur.frames, frameRow{
				index: int32(r.cur.items), frame: f.Number, time: f.Time, Summary: r.view.Summarize(&f),
			})
			r.cur.items++
		}
		r.asm.Frame(&f)
		if r.cur.full() || r.cur.items > 0 && r.waits() {
			r.pipe.send(r.cur)
			if r.cur = r.pipe.take(); r.cur == nil {
				return io.EOF
			}
		}
	}
	return io.EOF
}

// waits reports whether the next frame may be long in coming, so that what
// there is should be shown now.
func (r *reader) waits() bool {
	b, ok := r.run.src.(capture.Buffered)
	return ok && !b.Buffered()
}

// put appends an item to the list of the worker that has the connection.
func (r *reader) put(c *conn) *item {
	w := &r.cur.work[c.worker]
	*w = append(*w, item{conn: c, index: int32(r.cur.items)})
	r.cur.items++
	return &(*w)[len(*w)-1]
}

// Chunk implements reassembly.Handler.
func (r *reader) Chunk(rc *reassembly.Conn, ch reassembly.Chunk) {
	c, _ := rc.User.(*conn)
	if c == nil {
		c = newConn(rc, workerOf(rc, ch.Data, len(r.cur.work), r.shared))
		rc.User = c
		r.run.conns.Add(1)
	}
	if c.foreign.Load() {
		return
	}
	it := r.put(c)
	it.side, it.frame, it.time = uint8(ch.From), ch.Frame, ch.Time
	switch {
	case ch.Conflict > 0:
		it.op, it.n = opConflict, int64(ch.Conflict)
	case ch.Missed > 0:
		it.op, it.n, it.cut = opGap, ch.Missed, ch.Cut
	default:
		it.data = r.cur.arena.Copy(ch.Data)
		r.cur.tags += bytes.Count(ch.Data, []byte("<"))
	}
}

// workerOf chooses the worker for a connection. Two HTTP connections may carry
// one session (XEP-0124), so those between two hosts go to the same worker, and
// so do TLS and proxies that may hold HTTP; with shared, all do.
func workerOf(rc *reassembly.Conn, data []byte, workers int, shared bool) int {
	if shared {
		return pairOf(rc) % workers
	}
	if xmppPorts[rc.Addr[0].Port()] || xmppPorts[rc.Addr[1].Port()] {
		return rc.Number % workers
	}
	switch sniff(data) {
	case web, record, socks, announced, unknown:
		return pairOf(rc) % workers
	}
	return rc.Number % workers
}

// pairOf is a number that connections between the same two hosts have in common.
func pairOf(rc *reassembly.Conn) int {
	h := fnv.New32a()
	a, b := rc.Addr[0].Addr().As16(), rc.Addr[1].Addr().As16()
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	_, _ = h.Write(a[:])
	_, _ = h.Write(b[:])
	return int(h.Sum32() >> 1)
}

// End implements reassembly.Handler.
func (r *reader) End(rc *reassembly.Conn, from reassembly.Side, why reassembly.EndReason, frame int, time int64) {
	c, _ := rc.User.(*conn)
	if c == nil || c.foreign.Load() {
		return
	}
	it := r.put(c)
	it.op, it.side, it.frame, it.time = opEnd, uint8(from), frame, time
	it.how = ends[why]
}

var ends = [...]dissect.End{
	reassembly.EndFIN:     dissect.EndFIN,
	reassembly.EndRST:     dissect.EndRST,
	reassembly.EndReset:   dissect.EndReset,
	reassembly.EndEvicted: dissect.EndEvicted,
	reassembly.EndReused:  dissect.EndReused,
	reassembly.EndCapture: dissect.EndCapture,
}

// Free implements reassembly.Handler.
func (r *reader) Free(rc *reassembly.Conn) { rc.User = nil }

// datagram learns names from DNS answers.
func (r *reader) datagram(f *capture.Frame, src, _ netip.AddrPort, payload []byte) {
	if src.Port() != 53 && src.Port() != 5353 {
		return
	}
	packet.Names(payload, func(addr netip.Addr, host string) {
		r.name(addr, host)
	})
}

// name puts a name in its place among the items.
func (r *reader) name(addr netip.Addr, host string) {
	r.cur.names = append(r.cur.names, name{index: int32(r.cur.items), Name: dissect.Name{Addr: addr, Name: host}})
	r.cur.items++
}
