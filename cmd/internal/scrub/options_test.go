package scrub

import (
	"bytes"
	"testing"
)

// TestBlank keeps how Multipath TCP joins connections, and not where else one can be
// reached.
func TestBlank(t *testing.T) {
	b := []byte{1, 30, 8, 0x30, 1, 192, 0, 2, 1, 30, 4, 0x20, 0, 99, 3, 7, 0, 9}
	blank(b, map[byte]bool{30: true})
	if want := []byte{1, 1, 1, 1, 1, 1, 1, 1, 1, 30, 4, 0x20, 0, 1, 1, 1, 0, 0}; !bytes.Equal(b, want) {
		t.Errorf("% x", b)
	}
}
