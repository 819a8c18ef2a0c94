package live

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"talktrace/capture"
)

// script is a device that hands out frames at given times and then does what
// end says. It is quiet where a time is 0.
type script struct {
	times []int64
	end   error
	n     int
	shut  bool
}

func (d *script) next() ([]byte, slot, error) {
	if len(d.times) == 0 {
		return nil, slot{}, d.end
	}
	at := d.times[0]
	d.times = d.times[1:]
	if at == 0 {
		return nil, slot{}, errQuiet
	}
	d.n++
	return []byte("frame"), slot{time: at, length: 60, link: capture.LinkEthernet}, nil
}

func (d *script) counts() (Stats, error) {
	return Stats{Received: int64(d.n), Dropped: 2, Missed: 1}, nil
}

func (d *script) close() { d.shut = true }

// opener opens the scripts of an interface one after the other; nil is an
// interface that is not there at that moment.
type opener struct {
	mu      sync.Mutex
	scripts map[string][]*script
	opened  []*script
}

func (o *opener) open(name string, _ *Options) (device, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := o.scripts[name]
	if len(all) == 0 || all[0] == nil {
		o.scripts[name] = all[min(1, len(all)):]
		return nil, &capture.Error{File: name, Err: &goneError{"there is no such interface"}, Hint: "hint"}
	}
	o.scripts[name] = all[1:]
	o.opened = append(o.opened, all[0])
	return all[0], nil
}

// play captures until the end and returns the times of the frames of each
// interface, what was noticed, and how it ended.
func play(t *testing.T, o Options, scripts map[string][]*script, names ...string) (times [][]int64, notices []string, stats []Stats, end error) {
	t.Helper()
	from := &opener{scripts: scripts}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Notice = func(text string) {
		notices = append(notices, text)
		if strings.HasPrefix(text, "a: stop;") {
			cancel()
		}
	}
	c, err := start(ctx, names, o, from.open)
	if err != nil {
		return nil, notices, nil, err
	}
	times = make([][]int64, len(names))
	var f capture.Frame
	for n := 1; ; n++ {
		if end = c.Next(&f); end != nil {
			break
		}
		if string(f.Data) != "frame" || f.Number != n || f.Length != 60 || f.Link != capture.LinkEthernet {
			t.Errorf("%+v", f)
		}
		times[f.Interface] = append(times[f.Interface], f.Time)
	}
	if again := c.Next(&f); !errors.Is(again, end) || !c.Buffered() {
		t.Errorf("the end is %v, then %v", end, again)
	}
	stats = c.Stats()
	if err := errors.Join(c.Close(), c.Close()); err != nil {
		t.Error(err)
	}
	for _, d := range from.opened {
		if !d.shut {
			t.Error("a device was left open")
		}
	}
	return times, notices, stats, end
}

// TestInterfaceGoes ends the capture with the last of its interfaces.
func TestInterfaceGoes(t *testing.T) {
	down := &goneError{"the interface has gone down"}
	times, notices, stats, end := play(t, Options{}, map[string][]*script{
		"a": {{times: []int64{1, 0, 2}, end: down}},
		"b": {{times: []int64{0, 3}, end: errors.New("recvfrom: broken")}},
	}, "a", "b")
	if len(times[0]) != 2 || len(times[1]) != 1 {
		t.Errorf("%d", times)
	}
	if end == nil || !strings.Contains(end.Error(), "a: after frame 2") || !strings.Contains(end.Error(), "b: after frame 1") {
		t.Error(end)
	}
	if len(notices) != 1 || !strings.HasSuffix(notices[0], "; going on without it") {
		t.Errorf("%q", notices)
	}
	if stats[0] != (Stats{"a", 2, 2, 1}) || stats[1] != (Stats{"b", 1, 2, 1}) {
		t.Errorf("%+v", stats)
	}
	for _, err := range end.(interface{ Unwrap() []error }).Unwrap() {
		e, ok := errors.AsType[*capture.Error](err)
		if !ok || isGone(err) != (e.Hint != "") {
			t.Errorf("%#v", err)
		}
	}
}

// TestInterfaceReturns waits for an interface that is not there at first, goes
// down and returns. What was counted before is not forgotten.
func TestInterfaceReturns(t *testing.T) {
	down := &goneError{"the interface has gone down"}
	times, notices, stats, end := play(t, Options{Wait: true}, map[string][]*script{"a": {
		nil, {times: []int64{1, 2}, end: down}, nil, {times: []int64{3}, end: &goneError{"stop"}},
	}}, "a")
	if len(times[0]) != 3 {
		t.Errorf("%d", times)
	}
	// The capture ends while the interface is waited for a second time.
	if !errors.Is(end, io.EOF) {
		t.Error(end)
	}
	want := []string{
		"a: there is no such interface; waiting for it",
		"a: capturing",
		"a: the interface has gone down; waiting for it to return",
		"a: capturing",
		"a: stop; waiting for it to return",
	}
	if strings.Join(notices, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", notices)
	}
	if stats[0] != (Stats{"a", 3, 4, 2}) {
		t.Errorf("%+v", stats)
	}
}

func TestOpenFails(t *testing.T) {
	first := &script{end: errQuiet}
	_, _, _, err := play(t, Options{}, map[string][]*script{"a": {first}}, "a", "b")
	if e, ok := errors.AsType[*capture.Error](err); !ok || e.File != "b" || e.Hint == "" || !first.shut {
		t.Errorf("%#v", err)
	}
}

// endless is an interface under load: frames without end.
type endless struct{ at int64 }

func (d *endless) next() ([]byte, slot, error) {
	d.at++
	return []byte("frame"), slot{time: d.at}, nil
}

func (d *endless) counts() (Stats, error) { return Stats{}, errors.New("gone") }
func (d *endless) close()                 {}

// TestDrain ends the context of a capture under load: frames of the time before
// are still handed out, later ones are not.
func TestDrain(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, err := start(ctx, []string{"a"}, Options{}, func(string, *Options) (device, error) { return &endless{}, nil })
	if err != nil {
		t.Fatal(err)
	}
	var f capture.Frame
	if err := c.Next(&f); err != nil {
		t.Fatal(err)
	}
	const end = 2_000_000
	c.stopped.Store(end) // as if ctx had ended then
	for err == nil {
		err = c.Next(&f)
	}
	if !errors.Is(err, io.EOF) || f.Time > end || f.Time < maxDrain {
		t.Errorf("the last frame is of %d: %v", f.Time, err)
	}
	cancel()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// TestCloseUnderLoad closes a capture whose queue is full, and one that was
// never read.
func TestCloseUnderLoad(t *testing.T) {
	for frames := range 2 {
		c, err := start(t.Context(), []string{"a", "b"}, Options{}, func(string, *Options) (device, error) { return &endless{}, nil })
		if err != nil {
			t.Fatal(err)
		}
		var f capture.Frame
		for range frames {
			if err := c.Next(&f); err != nil {
				t.Error(err)
			}
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := c.Next(&f); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
	}
}

func TestPortFilter(t *testing.T) {
	const want = "tcp port 5222 or 5269 or port 53 or udp port 5353"
	if got := PortFilter([]uint16{5222, 5269}); got != want {
		t.Error(got)
	}
}
