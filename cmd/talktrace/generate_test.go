package main_test

import (
	"fmt"
	"hash/fnv"
	"maps"
	"testing"

	"talktrace/capture/traffic"
	"talktrace/dissect/engine"
)

// TestTracesAllOfBusyServer traces made-up traffic, of which it is known what
// it holds: each unit is a row, whatever TCP did to it on its way, and the rows
// are the same for any number of workers.
func TestTracesAllOfBusyServer(t *testing.T) {
	var first uint64
	for _, workers := range []int{1, 2, 8} {
		src := traffic.New(traffic.Options{Stanzas: 20_000, Connections: 50, Seed: 3})
		rows, digest := make(map[string]int), fnv.New64a()
		for e, err := range engine.Events(src, engine.Options{Workers: workers}) {
			if err != nil {
				t.Fatal(err)
			}
			rows[e.Kind]++
			fmt.Fprintln(digest, e.No, e.Frame, e.FirstFrame, e.Time, e.Conn.Number, e.Sender, e.Kind, string(e.Info), e.Length)
			if len(e.Notes) > 0 {
				t.Errorf("%d workers, row %d, frame %d: unexpected note %q", workers, e.No, e.Frame, e.Notes[0].Text)
			}
		}
		if want := src.Counts(); !maps.Equal(rows, want) {
			t.Errorf("%d workers:\n got %v\nwant %v", workers, rows, want)
		}
		if first == 0 {
			first = digest.Sum64()
		}
		if digest.Sum64() != first {
			t.Errorf("%d workers give other rows than 1", workers)
		}
	}
}
