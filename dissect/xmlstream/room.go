package xmlstream

// room is the memory for units that are open, of all Splitters that one Parser
// serves. Buffers that are given back are used again, so an idle direction holds
// none.
type room struct {
	held  int      // bytes in use
	spare [][]byte // buffers for use again
}

const (
	// maxHeld bounds the bytes of the open units of all Splitters of a Parser.
	// A unit that needs more is treated as one over its own limit.
	maxHeld     = 128 << 20
	spareSize   = 64 << 10 // a larger buffer is not kept
	spareNumber = 64
)

// fits reports whether so many bytes more may be held.
func (r *room) fits(n int) bool { return r.held+n <= maxHeld }

// add appends bytes to a buffer, which is nil at first.
func (r *room) add(buf, b []byte) []byte {
	if buf == nil && len(r.spare) > 0 {
		last := len(r.spare) - 1
		buf, r.spare = r.spare[last][:0], r.spare[:last]
	}
	r.held += len(b)
	return append(buf, b...)
}

// free takes a buffer back.
func (r *room) free(buf []byte) {
	r.held -= len(buf)
	if cap(buf) > 0 && cap(buf) <= spareSize && len(r.spare) < spareNumber {
		r.spare = append(r.spare, buf)
	}
}
