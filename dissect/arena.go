package dissect

import "fmt"

const arenaBlock = 256 << 10

// Arena is the memory in which the bytes of a batch of events live. Slices
// from it stay valid until Reset, whatever else is taken from it.
type Arena struct {
	block []byte   // the block being filled; its length is what is taken
	full  [][]byte // blocks that are full, kept for their slices' sake
	spare [][]byte // blocks of the usual size from before the last Reset
	taken int      // bytes taken in full

	fields []Field
}

// Grow makes sure that the next n bytes appended to Tail stay in one block,
// and returns the free tail of that block with length 0.
func (a *Arena) tail(n int) []byte {
	if cap(a.block)-len(a.block) < n {
		a.next(n)
	}
	return a.block[len(a.block):len(a.block):cap(a.block)]
}

func (a *Arena) next(n int) {
	if a.block != nil {
		a.full, a.taken = append(a.full, a.block), a.taken+len(a.block)
	}
	switch {
	case n > arenaBlock:
		a.block = make([]byte, 0, n)
	case len(a.spare) > 0:
		a.block = a.spare[len(a.spare)-1][:0]
		a.spare = a.spare[:len(a.spare)-1]
	default:
		a.block = make([]byte, 0, arenaBlock)
	}
}

// Copy returns a copy of b that lives in the arena.
func (a *Arena) Copy(b []byte) []byte {
	if len(b) == 0 {
		return []byte{}
	}
	t := append(a.tail(len(b)), b...)
	a.block = a.block[:len(a.block)+len(t)]
	return t[:len(t):len(t)]
}

// Begin returns an empty slice with room for about n bytes at the arena's end.
// The caller appends to it and hands it to Done; in between it takes nothing
// else from the arena.
func (a *Arena) Begin(n int) []byte { return a.tail(n) }

// Done takes the slice that grew out of Begin into the arena and returns it.
// A slice that outgrew its block has been moved by append and is kept as it is.
func (a *Arena) Done(b []byte) []byte {
	free := a.block[len(a.block):cap(a.block)]
	if len(b) > 0 && len(free) > 0 && &b[0] == &free[:1][0] {
		a.block = a.block[:len(a.block)+len(b)]
	}
	return b[:len(b):len(b)]
}

// Printf formats into the arena.
func (a *Arena) Printf(format string, args ...any) []byte {
	return a.Done(fmt.Appendf(a.Begin(64), format, args...))
}

// Fields returns a copy of the fields that lives in the arena.
func (a *Arena) Fields(list []Field) []Field {
	if len(list) == 0 {
		return nil
	}
	start := len(a.fields)
	a.fields = append(a.fields, list...)
	return a.fields[start:len(a.fields):len(a.fields)]
}

// Size is the number of bytes taken since the last Reset.
func (a *Arena) Size() int { return a.taken + len(a.block) }

// Reset makes all memory free again. Blocks of the usual size are kept for
// the next batch, up to keep of them; larger ones are let go.
func (a *Arena) Reset() {
	const keep = 8
	if a.block != nil {
		a.full = append(a.full, a.block)
		a.block = nil
	}
	for _, b := range a.full {
		if cap(b) == arenaBlock && len(a.spare) < keep {
			a.spare = append(a.spare, b)
		}
	}
	clear(a.full)
	a.full, a.taken = a.full[:0], 0
	const keepFields = 64 << 10
	clear(a.fields)
	if a.fields = a.fields[:0]; cap(a.fields) > keepFields {
		a.fields = nil
	}
}
