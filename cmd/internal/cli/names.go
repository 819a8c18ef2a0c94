package cli

import (
	"net/netip"
	"sync"

	"talktrace/dissect"
	"talktrace/report"
)

// nameBlocks are the names that capture files hold beside their frames. Files
// are read ahead of the rows, on another goroutine; so that no row depends on
// how far ahead, a name waits here for the first row that was completed by a
// frame after it.
type nameBlocks struct {
	mu      sync.Mutex
	frames  int // handed out so far
	waiting []namedAt
}

// namedAt is a name that was found in a file after so many frames.
type namedAt struct {
	frames int
	dissect.Name
}

// maxWaiting bounds the names that wait. It holds those of any honest file.
const maxWaiting = 1 << 16

// add takes in a name. It is a capture.Hooks.Name.
func (b *nameBlocks) add(addr netip.Addr, name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting) < maxWaiting {
		b.waiting = append(b.waiting, namedAt{b.frames, dissect.Name{Addr: addr, Name: name}})
	}
}

// passed says that so many frames have been handed out.
func (b *nameBlocks) passed(frames int) {
	b.mu.Lock()
	b.frames = frames
	b.mu.Unlock()
}

// tell makes known what was in the files before a frame.
func (b *nameBlocks) tell(frame int, names *report.Names) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for n < len(b.waiting) && b.waiting[n].frames < frame {
		names.Add(b.waiting[n].Name)
		n++
	}
	b.waiting = append(b.waiting[:0], b.waiting[n:]...)
}

// both makes one of two functions that take names; the second may be nil.
func both(first, second func(netip.Addr, string)) func(netip.Addr, string) {
	if second == nil {
		return first
	}
	return func(addr netip.Addr, name string) {
		first(addr, name)
		second(addr, name)
	}
}
