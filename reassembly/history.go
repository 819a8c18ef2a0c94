package reassembly

import "bytes"

// The size of what is remembered of delivered bytes, of all connections
// together, each a power of two. Runs of 64 bytes use both up alike.
const (
	historyBytes = 1 << 20
	historyRuns  = historyBytes / 64
)

// history remembers the latest bytes that were handed on, so that copies which
// come later can be compared with them. Its memory does not depend on the
// number of connections: each half remembers the latest of its runs, and each
// run the one before.
type history struct {
	bytes   []byte
	runs    []run
	written int64 // bytes taken since the beginning, with what was skipped at the end of each round
	count   int64 // runs taken since the beginning
}

// run is a run of bytes of one direction. Runs are named by how many had been
// taken, with them; 0 is none.
type run struct {
	at    int64 // position of its first byte
	start int64 // where its bytes are, as counted by history.written
	prev  int64 // the run of this direction before
	jump  int64 // one further back, so that any can be found in few steps
	leap  int32 // how many runs back that is
	size  int32
}

// run returns a run by its name, nil where it is no longer remembered.
func (h *history) run(name int64) *run {
	if name == 0 || name <= h.count-int64(len(h.runs)) {
		return nil
	}
	r := &h.runs[(name-1)&int64(len(h.runs)-1)]
	if r.start < h.written-int64(len(h.bytes)) {
		return nil
	}
	return r
}

// add takes bytes that are handed on, and returns what the half has to
// remember in place of latest.
func (h *history) add(latest, at int64, data []byte) int64 {
	if h.bytes == nil {
		h.bytes, h.runs = make([]byte, historyBytes), make([]run, historyRuns)
	}
	room := int64(len(h.bytes))
	if most := len(h.bytes) / 4; len(data) > most {
		at += int64(len(data) - most)
		data = data[len(data)-most:]
	}
	place := h.written & (room - 1)
	if place+int64(len(data)) > room {
		h.written += room - place
		place = 0
	}
	copy(h.bytes[place:], data)
	added := run{at: at, start: h.written, prev: latest, jump: latest, leap: 1, size: int32(len(data))}
	// Jumps grow as the digits of skew-binary numbers do (Myers, An Applicative
	// Random-Access Stack, 1983), which makes both ends logarithmic.
	if p := h.run(latest); p != nil {
		if q := h.run(p.jump); q != nil && p.leap == q.leap {
			added.jump, added.leap = q.jump, 1+p.leap+q.leap
		}
	}
	h.runs[h.count&int64(len(h.runs)-1)] = added
	h.written += int64(len(data))
	h.count++
	return h.count
}

// differing compares a copy of bytes from a position on with those that were
// handed on, and returns how many differ. Those no longer remembered count as
// alike.
func (h *history) differing(latest, at int64, data []byte) (n int) {
	end := at + int64(len(data))
	r := h.run(latest)
	for r != nil && r.at >= end {
		if j := h.run(r.jump); j != nil && j.at >= end {
			r = j
		} else {
			r = h.run(r.prev)
		}
	}
	for ; r != nil && r.at+int64(r.size) > at; r = h.run(r.prev) {
		from, to := max(at, r.at), min(end, r.at+int64(r.size))
		place := r.start&int64(len(h.bytes)-1) + from - r.at
		n += differing(data[from-at:to-at], h.bytes[place:place+to-from])
	}
	return n
}

// differing returns at how many places two slices of the same length differ.
func differing(x, y []byte) (n int) {
	if bytes.Equal(x, y) {
		return 0
	}
	for i, b := range x {
		if b != y[i] {
			n++
		}
	}
	return n
}
