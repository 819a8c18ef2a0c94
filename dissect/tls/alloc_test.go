package tls

import (
	"testing"

	"talktrace/dissect"
)

// Records of application data allocate nothing, but for those that follow on a
// pause (a segment that ends where a record does) and do not end in the segment
// in which they begin. An idle connection holds next to nothing.
func TestApplicationDataAllocatesNothing(t *testing.T) {
	for _, segment := range []int{305, 305 * 4, 1448} {
		p := newPlayer()
		data := bulk(300)
		feed(p, data, segment)
		allowed := 0
		for end := segment; end < len(data); end += segment {
			if end%305 == 0 && segment%305 != 0 {
				allowed += 6
			}
		}
		if n := testing.AllocsPerRun(5, func() { feed(p, data, segment) }); n > float64(allowed) {
			t.Errorf("%.0f allocations for %d records in segments of %d bytes, want %d at most",
				n, len(data)/305, segment, allowed)
		}
	}
	p := newPlayer()
	feed(p, bulk(16<<10), 1448)
	if n := cap(p.l.sides[dissect.Server].held.b); n > idleHeld {
		t.Errorf("an idle connection holds %d bytes", n)
	}
}
