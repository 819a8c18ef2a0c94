package tls

import (
	gotls "crypto/tls"
	"fmt"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// places are the rows with the frames they are at.
func places(p *player) []string {
	var rows []string
	for i, row := range p.rows() {
		e := &p.c.Events[i]
		rows = append(rows, fmt.Sprintf("%03d-%03d %s", e.Frame, e.FirstFrame, row))
	}
	return rows
}

// With a key log that grows, the rows are those of one that was there from the
// beginning, at the same frames and in the same order, whenever the keys come.
func TestWaiting(t *testing.T) {
	for _, version := range []uint16{gotls.VersionTLS12, gotls.VersionTLS13} {
		c, s := configs(t, version)
		parts, log := talk(t, c, s, 8)
		parts = cutInto(40, parts)
		whole, _ := opened(keysOf(t, log.String()))
		whole.play(parts...)
		whole.end(dissect.EndFIN)
		for at := range parts {
			keys := NewKeys()
			p, in := opened(keys)
			keys.SetGrowing(func() bool {
				if p.c.Frame > at {
					_, _ = keys.AddLog(strings.NewReader(log.String()))
				}
				return true
			})
			p.play(parts...)
			p.end(dissect.EndFIN)
			wantText(t, in, 8)
			wantRows(t, places(p), places(whole)...)
			wantNotes(t, p)
			if t.Failed() {
				t.Fatalf("version %#x, keys at part %d of %d", version, at, len(parts))
			}
		}
	}
}

// Nothing waits for long: not past a bound of bytes, or of time, nor past a
// loss; and once it has waited in vain, a connection waits no more.
func TestPatience(t *testing.T) {
	c, s := configs(t, gotls.VersionTLS13)
	parts, _ := talk(t, c, s, 8)
	begin := nthLine(parts, dissect.Server, 1)
	for name, end := range map[string]func(p *player){
		"bytes": func(p *player) { p.play(client(rec(applicationData, make([]byte, maxContent)...)...)) },
		"more bytes": func(p *player) {
			for range 3 {
				p.play(client(rec(applicationData, make([]byte, 15<<10)...)...))
			}
		},
		"records": func(p *player) {
			for range maxWaiting + 1 {
				p.play(client(rec(applicationData, make([]byte, 20)...)...))
			}
		},
		"time": func(p *player) {
			p.c.Time += maxPatience
			p.play(client(rec(applicationData, make([]byte, 20)...)...))
		},
		"loss":      func(p *player) { p.play(clientGap(3)) },
		"end":       func(p *player) { p.end(dissect.EndCapture) },
		"last poll": func(p *player) { p.c.Poll(true) },
		"late poll": func(p *player) { p.c.Time += maxPatience; p.c.Poll(false) },
	} {
		keys := NewKeys()
		asked := 0
		keys.SetGrowing(func() bool { asked++; return true })
		p, in := opened(keys)
		p.play(parts[:begin+1]...)
		if n := len(p.l.waiting.records); n == 0 || asked == 0 {
			t.Fatalf("%d records wait, more keys were asked for %d times", n, asked)
		}
		end(p)
		closed := len(p.c.Events)
		if name == "bytes" {
			if len(p.l.waiting.records) == 0 {
				t.Error("one large record is too much already")
			}
			continue
		}
		if len(p.l.waiting.records) > 0 || closed < begin {
			t.Errorf("%s: %d records wait, there are %d rows", name, len(p.l.waiting.records), closed)
		}
		if name == "loss" || name == "end" || name == "last poll" {
			continue
		}
		p.play(parts[begin+1:]...)
		if len(p.c.Events) == closed || len(p.l.waiting.records) > 0 {
			t.Errorf("%s: it goes on waiting", name)
		}
		if in.text[0].Len() > 0 {
			t.Errorf("%s: opened without a key", name)
		}
	}
}

// Without the prospect of more keys nothing waits.
func TestNoWaiting(t *testing.T) {
	c, s := configs(t, gotls.VersionTLS13)
	parts, log := talk(t, c, s, 8)
	keys := NewKeys()
	p, in := opened(keys)
	at := nthLine(parts, dissect.Client, 2)
	p.play(parts[:at]...)
	if len(p.l.waiting.records) > 0 {
		t.Error("records wait")
	}
	// Keys that come in the middle, as a block of the capture, open the rest.
	keys.AddBlock(log.Bytes(), p.c.Frame)
	p.play(parts[at:]...)
	p.end(dissect.EndFIN)
	said := lines(8)
	for side, want := range map[dissect.Sender]int{dissect.Client: 2, dissect.Server: 2} {
		if found := wantWholeLines(t, in, side, said[side]); found < want {
			t.Errorf("%d lines of the %s: %s", found, side, in.text[side].String())
		}
	}
}

// The client's records may be captured before the ServerHello that they follow
// on.
func TestReordered(t *testing.T) {
	parts, keys := talkWith(t, gotls.VersionTLS13, 0, 8)
	at := slices.IndexFunc(parts, func(p part) bool { return p.from == dissect.Server })
	swapped := slices.Clone(parts)
	swapped[at], swapped[at+1] = parts[at+1], parts[at]
	p, in := opened(keys)
	p.play(swapped...)
	p.end(dissect.EndFIN)
	wantText(t, in, 8)
	wantNotes(t, p)
	if p.c.Events[1].Sender != dissect.Client || p.c.Events[1].Frame != 2 {
		t.Errorf("the client's ChangeCipherSpec is at frame %d", p.c.Events[1].Frame)
	}
}

// Early data that is captured behind the server's answer is taken at once.
func TestEarlyDataInFlight(t *testing.T) {
	name := recorded + "/tls13-early-data.pcap"
	conns, _ := readCapture(t, name)
	parts := conns[1]
	hello, early := parts[0].data[:344], parts[0].data[344:]
	p, in := opened(keysFor(t, name))
	p.play(client(hello...), parts[1], client(early...))
	if got, want := in.text[dissect.Client].String(), readFile(t, "client.txt"); !strings.HasPrefix(want, got) || got == "" || in.frames[dissect.Client][1] != 3 {
		t.Errorf("at frames %d: %q", in.frames[dissect.Client], got)
	}
	p.play(parts[2:]...)
	if got, want := in.text[dissect.Client].String(), readFile(t, "client.txt"); got != want {
		t.Errorf("got %s", got)
	}
}

// A key that comes when all packets have, and even the end of the connection,
// opens what waits for it, as it would have at once.
func TestKeyBehindTheEnd(t *testing.T) {
	for _, version := range []uint16{gotls.VersionTLS12, gotls.VersionTLS13} {
		for _, how := range []dissect.End{dissect.EndFIN, dissect.EndRST} {
			c, s := configs(t, version)
			parts, log := talk(t, c, s, 8)
			whole, _ := opened(keysOf(t, log.String()))
			whole.play(parts...)
			whole.end(how)
			keys := NewKeys()
			keys.SetGrowing(func() bool { return true })
			p, in := opened(keys)
			p.play(parts...)
			p.end(how)
			for range 3 {
				p.c.Time += maxPatience / 4
				p.c.Poll(false)
			}
			if in.ended != [2]int{} {
				t.Errorf("it has ended %d times before its key came", in.ended)
			}
			_, _ = keys.AddLog(strings.NewReader(log.String()))
			p.c.Poll(false)
			wantText(t, in, 8)
			wantRows(t, places(p), places(whole)...)
			if in.ended != [2]int{1, 1} || p.l.waiting.awaits {
				t.Errorf("it has ended %d times, waits: %v", in.ended, p.l.waiting.awaits)
			}
			rows := len(p.c.Events)
			if p.c.Poll(true); len(p.c.Events) != rows {
				t.Error("there is more to say")
			}
		}
	}
}

// Where no key comes the end is told once it has been waited for long enough.
func TestNoKeyBehindTheEnd(t *testing.T) {
	c, s := configs(t, gotls.VersionTLS13)
	parts, _ := talk(t, c, s, 8)
	whole, _ := opened(NewKeys())
	whole.play(parts...)
	whole.end(dissect.EndRST)
	for _, last := range []bool{false, true} {
		keys := NewKeys()
		keys.SetGrowing(func() bool { return true })
		p, _ := opened(keys)
		p.play(parts...)
		p.end(dissect.EndRST)
		if len(p.c.Events) >= len(whole.c.Events) {
			t.Fatal("nothing waits")
		}
		if p.c.Poll(false); !last {
			p.c.Time += 2 * maxPatience
		}
		p.c.Poll(last)
		wantRows(t, places(p), places(whole)...)
	}
}
