package tls

// held keeps bytes that are not yet understood, and the frames that brought
// them.
type held struct {
	b     []byte
	start int // b[:start] has been dropped
	marks []mark
	first int // marks[first] is the one for b[start]
}

// mark says that the bytes from a place on came in a frame.
type mark struct {
	at, frame int
}

// idleHeld is what a direction with nothing to hold may keep allocated.
const idleHeld = 256

func (h *held) empty() bool   { return h.start == len(h.b) }
func (h *held) size() int     { return len(h.b) - h.start }
func (h *held) bytes() []byte { return h.b[h.start:] }

// firstFrame returns the frame that brought the first byte held.
func (h *held) firstFrame() int { return h.marks[h.first].frame }

// add appends a copy of b, which came in the given frame.
func (h *held) add(b []byte, frame int) {
	if len(b) == 0 {
		return
	}
	if h.start > len(h.b)/2 {
		h.compact()
	}
	if n := len(h.marks); n == 0 || h.marks[n-1].frame != frame {
		h.marks = append(h.marks, mark{len(h.b), frame})
	}
	h.b = append(h.b, b...)
}

// compact moves what is held to the front of the buffer. It is called when more
// than half of the buffer has been dropped, so that a byte moves once at most
// for each byte that is dropped.
func (h *held) compact() {
	h.b = h.b[:copy(h.b, h.b[h.start:])]
	h.marks = h.marks[:copy(h.marks, h.marks[h.first:])]
	for i := range h.marks {
		h.marks[i].at -= h.start
	}
	h.start, h.first = 0, 0
}

// drop forgets the first n bytes.
func (h *held) drop(n int) {
	h.start += n
	if h.empty() {
		h.b, h.start = h.b[:0], 0
		h.marks, h.first = h.marks[:0], 0
		return
	}
	for h.first+1 < len(h.marks) && h.marks[h.first+1].at <= h.start {
		h.first++
	}
}

// trim gives the memory back when it is large and nothing is held.
func (h *held) trim() {
	if h.empty() && cap(h.b) > idleHeld {
		*h = held{}
	}
}
