package pcapfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"talktrace/capture"
)

// TestReadStatistics has two sections, blocks that supersede earlier ones, and
// such as cannot be.
func TestReadStatistics(t *testing.T) {
	for _, o := range []order{binary.LittleEndian, binary.BigEndian} {
		count := func(number uint32, code uint16, n uint64) func(*builder) {
			return func(b *builder) { b.u32(number, 0, 0).u16(code, 8).u64(n).u16(0, 0) }
		}
		b := build(o).section().iface(1, 0, nil).iface(1, 0, nil)
		b.block(blockStatistics, count(0, statisticsDropped, 3))
		b.block(blockStatistics, count(0, statisticsDropped, 5))
		b.block(blockStatistics, count(1, statisticsMissed, 7))
		b.block(blockStatistics, count(2, statisticsDropped, 100))   // no such interface
		b.block(blockStatistics, count(1, statisticsDropped, 1<<63)) // never that many
		b.block(blockStatistics, func(b *builder) { b.u32(0) })      // too short
		b.block(blockStatistics, count(0, statisticsWritten, 1000))  // says nothing of losses
		b.block(blockStatistics, func(b *builder) { b.b = append(b.b, make([]byte, 2*maxStatistics)...) })
		b.section().iface(1, 0, nil).block(blockStatistics, count(0, statisticsDropped, 11))
		r, err := NewReader(bytes.NewReader(b.b), "", capture.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if _, told := r.Statistics(); told {
			t.Error("told before anything was read")
		}
		var f capture.Frame
		if err := r.Next(&f); !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		if got, told := r.Statistics(); !told || got != (Statistics{Dropped: 16, Missed: 7}) {
			t.Errorf("%+v, %v", got, told)
		}
	}
}
