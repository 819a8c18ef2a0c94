package analysis

import (
	"testing"

	"talktrace/dissect"
)

// TestForgetting checks that connections that nobody closes are let go of, the
// quietest first, and many at a time: to look for one each time a new one comes
// takes hours in a capture of a scan.
func TestForgetting(t *testing.T) {
	const busy, all = 7, 3 * maxConns
	a := New(Options{})
	times, before := 0, 0
	for n := range all {
		a.Event(&dissect.Event{No: 2 * n, Kind: "a", Conn: &dissect.Conn{Number: n}})
		a.Event(&dissect.Event{No: 2*n + 1, Kind: "r", Conn: &dissect.Conn{Number: busy}})
		if gone := a.Evicted["connections"]; gone != before {
			times, before = times+1, gone
		}
	}
	if len(a.conns) > maxConns {
		t.Errorf("%d connections are known, more than %d", len(a.conns), maxConns)
	}
	if got, want := a.Evicted["connections"], all-len(a.conns); got != want {
		t.Errorf("%d are said to be forgotten, want %d", got, want)
	}
	if times > 4*all/maxConns {
		t.Errorf("they were looked through %d times", times)
	}
	for _, n := range [...]int{busy, all - 1} {
		if a.Session(n) == nil {
			t.Errorf("connection %d is forgotten", n)
		}
	}
}

// TestLongNames checks that no more of a name is kept than a name may have.
func TestLongNames(t *testing.T) {
	long := make([]byte, 1<<20)
	a := New(Options{})
	a.Event(&dissect.Event{
		Kind: "iq", Type: "get", ID: long, From: long, To: long,
		Conn: &dissect.Conn{}, Sender: dissect.Server,
	})
	found := 0
	for _, kept := range a.Session(0).state {
		o, ok := kept.value.(*open)
		if !ok {
			continue
		}
		for id, q := range o.sides[dissect.Server] {
			if found++; len(id) > 2*longestName+1 || len(q.to) > longestName {
				t.Errorf("of a name of %d bytes %d and %d are kept", len(long), len(id), len(q.to))
			}
		}
	}
	if found != 1 {
		t.Errorf("%d requests are known, want one", found)
	}
}
