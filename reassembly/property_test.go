package reassembly

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"talktrace/capture"
)

// sent is a segment of the random conversation that an ordeal plays.
type sent struct {
	side    Side
	at      int // offset of its first byte in the stream; -1 for a SYN
	payload []byte
	cut     int
	flags   byte
	ack     int // offset
	wait    int64
}

// copyOf is one captured copy of a byte.
type copyOf struct {
	value byte
	frame int
	lone  bool // all that its segment had
}

// ordeal plays a random conversation to an assembler and holds what comes out
// against what it knows: for every byte of both streams, the copies that have
// been captured so far.
type ordeal struct {
	seed    uint64
	rng     *rand.Rand
	isn     [2]uint32
	streams [2][]byte
	copies  [2][][]copyOf
	reached [2]int // the end of what captured segments covered
	acked   [2]int // the highest acknowledgement captured
	fin     [2]bool

	frame      int
	pos        [2]int
	dropped    [2][]bool // told as missed
	ended      [2]bool
	cut        map[int]bool // frames that were cut
	conflicts  int
	compared   bool // the history holds everything
	errors     []string
	transcript strings.Builder
}

func (o *ordeal) errorf(format string, args ...any) {
	o.errors = append(o.errors, fmt.Sprintf("frame %d: ", o.frame)+fmt.Sprintf(format, args...))
}

func (o *ordeal) Chunk(_ *Conn, ch Chunk) {
	side, pos := ch.From, o.pos[ch.From]
	fmt.Fprintf(&o.transcript, "%d %q %d %d %d\n", side, ch.Data, ch.Missed, ch.Conflict, ch.Frame)
	if o.ended[side] {
		o.errorf("side %d: a chunk after the end", side)
	}
	for i, b := range ch.Data {
		if pos+i >= len(o.copies[side]) || len(o.copies[side][pos+i]) == 0 {
			o.errorf("side %d: byte %d was never captured", side, pos+i)
			continue
		}
		if first := o.copies[side][pos+i][0]; first.value != b || first.frame != ch.Frame {
			o.errorf("side %d: byte %d is %q of frame %d, want %q of frame %d", side, pos+i, b, ch.Frame, first.value, first.frame)
		}
	}
	if ch.Missed > 0 && ch.Frame != o.frame && !o.cut[ch.Frame] {
		o.errorf("side %d: a loss at frame %d", side, ch.Frame)
	}
	for i := range int(ch.Missed) {
		if pos+i >= len(o.copies[side]) {
			continue // a FIN, judged in finish
		}
		o.dropped[side][pos+i] = true
		for _, c := range o.copies[side][pos+i] {
			if !c.lone || c.frame != o.frame {
				o.errorf("side %d: byte %d is missed, but in frame %d", side, pos+i, c.frame)
			}
		}
	}
	o.pos[side] += len(ch.Data) + int(ch.Missed)
	o.conflicts += ch.Conflict
}

func (o *ordeal) End(_ *Conn, from Side, why EndReason, _ int, _ int64) {
	if o.ended[from] {
		o.errorf("side %d: a second end", from)
	}
	o.ended[from] = true
	if (why == EndFIN) != o.fin[from] {
		o.errorf("side %d: ends by %d, FIN captured: %t", from, why, o.fin[from])
	}
}

func (o *ordeal) Free(*Conn) {}

// converse makes up a conversation as the capture sees it.
func (o *ordeal) converse() []sent {
	r := o.rng
	chance := func(percent int) bool { return r.IntN(100) < percent }
	loss, again, wrong, cut := r.IntN(4)*8, r.IntN(30), r.IntN(3)*5, r.IntN(3)*4
	var all []sent
	var pos, ack [2]int
	for o.more(pos) {
		side := Side(r.IntN(2))
		s := sent{side: side, at: pos[side], flags: flagACK}
		left := len(o.streams[side]) - pos[side]
		switch {
		case chance(25) || left == 0: // an acknowledgement only
		case chance(again) && pos[side] > 0:
			s.at = r.IntN(pos[side])
			n := 1 + r.IntN(min(40, pos[side]-s.at+left))
			s.payload = slices.Clone(o.streams[side][s.at:][:n])
			pos[side] = max(pos[side], s.at+n)
		default:
			n := min(left, 1+r.IntN(1+r.IntN(40)))
			s.payload = slices.Clone(o.streams[side][pos[side]:][:n])
			pos[side] += n
		}
		if other := side.Other(); pos[other] > ack[side] && chance(70) {
			ack[side] += r.IntN(pos[other]-ack[side]) + 1
		}
		s.ack = ack[side]
		if n := len(s.payload); n > 0 && chance(cut) {
			s.cut = 1 + r.IntN(n)
			s.payload = s.payload[:n-s.cut]
		}
		if len(s.payload) > 0 && chance(wrong) {
			s.payload[r.IntN(len(s.payload))] ^= 0x20
		}
		switch {
		case chance(4):
			s.wait = 51e6
		case chance(2):
			s.wait = 61e9
		default:
			s.wait = r.Int64N(5e6)
		}
		if !chance(loss) {
			all = append(all, s)
		}
		if chance(again / 3) {
			all = append(all, s)
		}
	}
	for side := range Side(2) {
		if chance(60) {
			all = append(all, sent{side: side, at: len(o.streams[side]), flags: flagACK | flagFIN, ack: len(o.streams[side.Other()])})
		}
	}
	return shuffle(r, all)
}

func (o *ordeal) more(pos [2]int) bool {
	return pos[0] < len(o.streams[0]) || pos[1] < len(o.streams[1])
}

// shuffle moves segments by a few places.
func shuffle(r *rand.Rand, all []sent) []sent {
	if reach := r.IntN(3) * 3; reach > 0 {
		order := make([]int, len(all))
		for i := range order {
			order[i] = 2*i + 2*r.IntN(reach)*r.IntN(2)
		}
		index := make([]int, len(all))
		for i := range index {
			index[i] = i
		}
		slices.SortStableFunc(index, func(x, y int) int { return order[x] - order[y] })
		shuffled := make([]sent, len(all))
		for i, j := range index {
			shuffled[i] = all[j]
		}
		all = shuffled
	}
	return append([]sent{
		{side: 0, at: -1, flags: flagSYN},
		{side: 1, at: -1, flags: flagSYN | flagACK},
	}, all...)
}

// capture takes note of what a frame brings, and returns how many of its
// bytes differ from earlier copies.
func (o *ordeal) capture(s sent) (differ int) {
	if s.flags&flagACK != 0 {
		other := s.side.Other()
		o.acked[other] = max(o.acked[other], s.ack)
	}
	size := len(s.payload) + s.cut
	if s.flags&flagFIN != 0 {
		o.fin[s.side] = true
	}
	if s.cut > 0 {
		o.cut[o.frame] = true
	}
	probe := size == 1 && s.at == o.pos[s.side]-1
	for i, b := range s.payload {
		c := &o.copies[s.side][s.at+i]
		if len(*c) > 0 && (*c)[0].value != b && !o.dropped[s.side][s.at+i] && !probe && !o.ended[s.side] {
			differ++
		}
		*c = append(*c, copyOf{b, o.frame, size == 1})
	}
	if size > 0 {
		o.reached[s.side] = max(o.reached[s.side], s.at+size)
	}
	return differ
}

func newOrdeal(seed uint64) *ordeal {
	r := rand.New(rand.NewPCG(seed, 1))
	o := &ordeal{seed: seed, rng: r, cut: map[int]bool{}}
	for side := range 2 {
		o.isn[side] = r.Uint32()
		if r.IntN(2) == 0 {
			o.isn[side] = -uint32(r.IntN(300))
		}
		o.streams[side] = make([]byte, r.IntN(200)*r.IntN(3))
		for i := range o.streams[side] {
			o.streams[side][i] = 'a' + byte(r.IntN(26))
		}
		o.copies[side] = make([][]copyOf, len(o.streams[side]))
		o.dropped[side] = make([]bool, len(o.streams[side]))
	}
	return o
}

// run plays the conversation. It returns what went wrong.
func (o *ordeal) run() []string {
	limits := DefaultLimits()
	if o.rng.IntN(4) == 0 {
		limits.ConnBuffered = 100 + o.rng.IntN(400)
	}
	a := New(o, limits)
	a.history = history{bytes: make([]byte, 4096), runs: make([]run, 512)}
	o.compared = true
	if o.rng.IntN(4) == 0 {
		o.compared = false
		a.history = smallHistory()
	}
	now := int64(0)
	var buffer []byte
	for i, s := range o.converse() {
		o.frame = i + 1
		now += s.wait
		before := o.conflicts
		differ := o.capture(s)
		seq := o.isn[s.side] + 1 + uint32(s.at)
		ack := o.isn[s.side.Other()] + 1 + uint32(s.ack)
		src, dst, sport, dport := byte(1), byte(2), uint16(1000), uint16(5222)
		if s.side == 1 {
			src, dst, sport, dport = dst, src, dport, sport
		}
		buffer = appendSegment(buffer[:0], src, dst, sport, dport, s.flags, seq, ack, s.payload, s.cut)
		a.Frame(&capture.Frame{Number: o.frame, Time: now, Data: buffer, Length: len(buffer) + s.cut, Link: capture.LinkRaw})
		clear(buffer) // nobody may have kept it
		if got := o.conflicts - before; got > differ || o.compared && got != differ {
			o.errorf("%d conflicting bytes, want %d", got, differ)
		}
	}
	a.Close()
	o.finish()
	return o.errors
}

// smallHistory forgets early, and costs little to make.
func smallHistory() history { return history{bytes: make([]byte, 128), runs: make([]run, 8)} }

// finish checks that both streams were told to their ends.
func (o *ordeal) finish() {
	for side := range 2 {
		if !o.ended[side] {
			o.errorf("side %d: no end", side)
		}
		// Of an acknowledgement beyond all that was captured, the last byte
		// may have been a FIN.
		least, most := max(o.reached[side], o.acked[side]-1), max(o.reached[side], o.acked[side])
		if o.fin[side] {
			least, most = len(o.streams[side]), len(o.streams[side])
		}
		if got := o.pos[side]; got < least || got > most {
			o.errorf("side %d: told up to %d, want %d to %d", side, got, least, most)
		}
	}
}

// TestProperty holds random conversations with loss, repetition, disorder,
// overlap, conflicting copies, cuts and wrapping sequence numbers against
// their oracle.
func TestProperty(t *testing.T) {
	cases := uint64(100_000)
	if testing.Short() {
		cases /= 20
	}
	workers := uint64(runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for seed := w; seed < cases && !t.Failed(); seed += workers {
				o := newOrdeal(seed)
				if errors := o.run(); len(errors) > 0 {
					t.Errorf("case %d: %s\n%s", seed, strings.Join(errors, "\n"), o.transcript.String())
				}
			}
		})
	}
	wg.Wait()
}
