package tls

import (
	"strings"
	"testing"

	"talktrace/dissect"
)

// stepsByWords are the words with which rows begin that are steps.
var stepsByWords = []struct {
	words string
	step  dissect.Step
}{
	{"ClientHello", dissect.ClientHello},
	{"Finished", dissect.Finished},
	{"NewSessionTicket", dissect.Ticket},
	{"alert: warning close_notify", dissect.CloseNotify},
	{"alert", dissect.Alert},
	{"application data", dissect.SealedData},
}

// wantSteps holds the steps of rows against what they say.
func wantSteps(t *testing.T, events []dissect.Event, seen map[dissect.Step]int) {
	t.Helper()
	for i := range events {
		e := &events[i]
		want := dissect.OtherStep
		for _, s := range stepsByWords {
			if e.Kind == dissect.KindTLS && strings.HasPrefix(string(e.Info), s.words) {
				want = s.step
				break
			}
		}
		if e.Step != want {
			t.Errorf("row %d is step %d, want %d: %s", i, e.Step, want, e.Info)
		}
		seen[e.Step]++
	}
}

// Rows say which step they are, whether they were opened or not, whole, in pieces,
// or with a loss.
func TestSteps(t *testing.T) {
	seen := map[dissect.Step]int{}
	for _, name := range captures(t) {
		conns, _ := readCapture(t, name)
		for _, keys := range []*Keys{nil, NewKeys(), keysFor(t, name)} {
			for _, parts := range [][]part{conns[0], cutInto(7, conns[0])} {
				p, _ := opened(keys)
				p.play(parts...)
				p.end(dissect.EndFIN)
				wantSteps(t, p.c.Events, seen)
			}
		}
	}
	p := newPlayer()
	p.play(client(rec(alert, 2, 40)...), client(rec(alert, 1, 0)...), client(rec(applicationData, make([]byte, 40)...)[:20]...),
		part{from: dissect.Client, lost: 25}, client(rec(handshake, msg(newSessionTicket, make([]byte, 20)...)...)...))
	wantSteps(t, p.c.Events, seen)
	for step := dissect.OtherStep; step <= dissect.SealedData; step++ {
		if seen[step] == 0 {
			t.Errorf("there is no row of step %d", step)
		}
	}
}
