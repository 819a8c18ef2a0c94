package engine

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"talktrace/capture"
	"talktrace/capture/pcapfile"
	"talktrace/dissect/tls"
)

// resting is a live source that has no more frames for a while.
type resting struct {
	capture.Source
	rests chan struct{} // closed when there are none
	end   chan struct{} // closed when the capture ends
}

func (s *resting) Next(f *capture.Frame) error {
	err := s.Source.Next(f)
	if err != nil {
		close(s.rests)
		<-s.end
	}
	return err
}

func (s *resting) Buffered() bool { return false }

// openSealed opens a capture of TLS, and reads the key log that goes with it.
func openSealed(t *testing.T) (src capture.Source, log []byte) {
	t.Helper()
	const name = "../../testdata/captures/directtls-alpn"
	log, err := os.ReadFile(name + ".keys")
	if err != nil {
		t.Fatal(err)
	}
	f, err := pcapfile.Open(name+".pcap", nil, capture.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, log
}

// rowsOf hands out the rows of a run, without their numbers.
func rowsOf(r *Run) <-chan string {
	rows := make(chan string)
	go func() {
		defer close(rows)
		for e, err := range r.Events() {
			if err == nil {
				rows <- fmt.Sprintf("%04d %04d %s %s %s %s", e.Frame, e.FirstFrame, e.Sender, e.Kind, e.Layers, e.Info)
			}
		}
	}()
	return rows
}

// Keys that come behind the last frame of a live capture open what waits for
// them while the capture goes on, with any number of workers.
func TestPoll(t *testing.T) {
	src, log := openSealed(t)
	known := tls.NewKeys()
	if _, err := known.AddLog(bytes.NewReader(log)); err != nil {
		t.Fatal(err)
	}
	var want []string
	for row := range rowsOf(New(src, Options{Keys: known})) {
		want = append(want, row)
	}
	slices.Sort(want)
	for _, workers := range []int{1, 4} {
		src, _ := openSealed(t)
		live := &resting{src, make(chan struct{}), make(chan struct{})}
		keys := tls.NewKeys()
		keys.SetGrowing(func() bool { return true })
		var run *Run
		poll := func() { run.Poll(time.Millisecond) }
		run = New(live, Options{Keys: keys, Workers: workers, Live: true, Idle: func() {
			select {
			case <-live.rests: // and the poll from below may have found no room
				poll()
			default:
			}
		}})
		poll() // nothing is there yet
		rows := rowsOf(run)
		var got []string
		rest := live.rests
		for len(got) < len(want) {
			select {
			case row, more := <-rows:
				if !more {
					t.Fatalf("the trace ends with %d rows of %d", len(got), len(want))
				}
				got = append(got, row)
			case <-rest:
				if _, err := keys.AddLog(bytes.NewReader(log)); err != nil {
					t.Fatal(err)
				}
				poll()
				rest = nil
			}
		}
		close(live.end)
		for row := range rows {
			t.Errorf("behind the end: %s", row)
		}
		slices.Sort(got)
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%d workers\n got %s\nwant %s", workers, got[i], want[i])
			}
		}
		poll() // nobody minds
	}
}

// What waits when a live capture ends is told then.
func TestLastPoll(t *testing.T) {
	src, _ := openSealed(t)
	var closed []string
	for row := range rowsOf(New(src, Options{Keys: tls.NewKeys()})) {
		closed = append(closed, row)
	}
	src, _ = openSealed(t)
	keys := tls.NewKeys()
	keys.SetGrowing(func() bool { return true })
	got := make([]string, 0, len(closed))
	for row := range rowsOf(New(&endless{src}, Options{Keys: keys})) {
		got = append(got, row)
	}
	slices.Sort(closed)
	if slices.Sort(got); !slices.Equal(got, closed) {
		t.Errorf("got %q\nwant %q", got, closed)
	}
}

// endless never knows whether there is another frame.
type endless struct{ capture.Source }

func (*endless) Buffered() bool { return false }
