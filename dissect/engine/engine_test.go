package engine_test

import (
	"errors"
	"io"
	"runtime"
	"testing"

	"talktrace/capture"
	"talktrace/capture/traffic"
	"talktrace/dissect"
	"talktrace/dissect/engine"
)

// A consumer that has seen enough ends the trace, wherever the reader and the
// workers are, and nothing of it goes on.
func TestStopEarly(t *testing.T) {
	before := runtime.NumGoroutine()
	for n := range 12 {
		src := traffic.New(traffic.Options{Stanzas: 1500, Connections: 10})
		seen := 0
		for _, err := range engine.Events(src, engine.Options{Workers: 3}) {
			if err != nil {
				t.Fatal(err)
			}
			if seen++; seen > n*40 {
				break
			}
		}
	}
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
		runtime.GC()
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// failing hands out a few frames of another source and then fails.
type failing struct {
	capture.Source
	left int
	err  error
}

func (f *failing) Next(fr *capture.Frame) error {
	if f.left--; f.left < 0 {
		return f.err
	}
	return f.Source.Next(fr)
}

// What could be read comes before the error.
func TestErrorComesLast(t *testing.T) {
	broken := errors.New("broken")
	src := &failing{Source: traffic.New(traffic.Options{Stanzas: 1000, Connections: 5}), left: 500, err: broken}
	rows := 0
	var got error
	for e, err := range engine.Events(src, engine.Options{}) {
		if got != nil {
			t.Fatal("something follows the error")
		}
		if got = err; e != nil {
			rows++
		}
	}
	if !errors.Is(got, broken) || rows == 0 {
		t.Errorf("%d rows, then %v", rows, got)
	}
}

func TestCount(t *testing.T) {
	r := engine.New(traffic.New(traffic.Options{Stanzas: 1000, Connections: 5}), engine.Options{Count: 100})
	for _, err := range r.Events() {
		if err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
	}
	if frames, _, _ := r.Progress(); frames != 100 {
		t.Errorf("%d frames", frames)
	}
}

func BenchmarkEvents(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		for _, err := range engine.Events(traffic.New(traffic.Options{Stanzas: 20000, Connections: 100}), engine.Options{Options: dissect.Options{XML: true}}) {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
		b.ReportMetric(float64(rows), "rows/op")
	}
}
