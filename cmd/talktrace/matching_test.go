package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/engine"
)

// TestMatching holds what answers what, what acknowledges what, and what came
// out of the server where it had gone in, against what the endpoints kept.
func TestMatching(t *testing.T) {
	total := map[string]int{}
	for _, name := range []string{"plain-session", "muc-plain", "sm-resume", "gtalk-plain"} {
		t.Run(name, func(t *testing.T) {
			units := keptUnits(t, name)
			got, want := toldPairs(t, name), keptPairs(units)
			for matter := range want {
				total[matter] += len(want[matter])
				comparePairs(t, matter, units, got[matter], want[matter])
			}
		})
	}
	for matter, least := range map[string]int{"iq": 60, "receipt": 2, "ack": 4, "delivery": 20} {
		if total[matter] < least {
			t.Errorf("%s: the truth has no more than %d", matter, total[matter])
		}
	}
}

// spot is an element by its place among those that a side of a connection sent,
// from 1.
type spot struct {
	way
	n int
}

func (s spot) String() string { return s.flow + " " + s.sender.String() + " " + strconv.Itoa(s.n) }

// pairs say by matter which element belongs to which earlier one.
type pairs map[string]map[spot]spot

func newPairs() pairs { return pairs{"iq": {}, "receipt": {}, "ack": {}, "delivery": {}} }

func comparePairs(t *testing.T, matter string, units map[spot]*keptUnit, got, want map[spot]spot) {
	t.Helper()
	for s, with := range want {
		if got[s] != with {
			t.Errorf("%s: %v belongs to %v, not to %v", matter, s, with, got[s])
		}
	}
	for s, with := range got {
		if _, ok := want[s]; !ok && units[s].read && units[with].read {
			t.Errorf("%s: %v belongs to nothing, not to %v", matter, s, with)
		}
	}
}

// keptUnit is an element that an endpoint has kept, and what is in it.
type keptUnit struct {
	at             spot
	read           bool // it is short enough to have been kept as a whole
	name, id, kind string
	body, receipt  string
	handled        int
	order          int
}

// keptUnits reads the elements that the endpoints kept.
func keptUnits(t *testing.T, name string) map[spot]*keptUnit {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(captureDir, name+".truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	units, sent := map[spot]*keptUnit{}, map[way]int{}
	for line := range bytes.Lines(file) {
		var l struct{ Flow, Dir, Kind, Name, XML string }
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		if l.Kind != "element" {
			continue
		}
		w := way{flow: l.Flow, sender: dissect.Server}
		if l.Dir == "c2s" {
			w.sender = dissect.Client
		}
		sent[w]++
		u := &keptUnit{at: spot{w, sent[w]}, order: len(units)}
		u.parse([]byte(l.XML))
		units[u.at] = u
	}
	return units
}

// parse looks into the element, with another parser than that of the trace. A
// prefix that the stream has declared is taken for a namespace, which does not
// matter here.
func (u *keptUnit) parse(text []byte) {
	var x struct {
		XMLName  xml.Name
		ID       string `xml:"id,attr"`
		Type     string `xml:"type,attr"`
		Handled  int    `xml:"h,attr"`
		Body     string `xml:"body"`
		Received struct {
			ID string `xml:"id,attr"`
		} `xml:"urn:xmpp:receipts received"`
	}
	if xml.Unmarshal(text, &x) == nil {
		*u = keptUnit{
			at: u.at, order: u.order, read: true, name: x.XMLName.Local, id: x.ID, kind: x.Type,
			body: x.Body, receipt: x.Received.ID, handled: x.Handled,
		}
	}
}

// keptPairs finds what belongs together in what the endpoints kept.
func keptPairs(units map[spot]*keptUnit) pairs {
	list := slices.SortedFunc(maps.Values(units), func(a, b *keptUnit) int { return a.order - b.order })
	want, taken := newPairs(), map[spot]bool{}
	find := func(matter string, u *keptUnit, is func(o *keptUnit) bool) {
		for _, o := range list {
			if o != u && !(matter == "iq" && taken[o.at]) && is(o) {
				taken[o.at] = true
				want[matter][u.at] = o.at
				return
			}
		}
	}
	for _, u := range list {
		switch {
		case u.name == "iq" && (u.kind == "result" || u.kind == "error"):
			find("iq", u, func(o *keptUnit) bool {
				return o.name == "iq" && (o.kind == "get" || o.kind == "set") && o.id == u.id && u.at.faces(o.at)
			})
		case u.receipt != "":
			find("receipt", u, func(o *keptUnit) bool { return o.name == "message" && o.id == u.receipt && u.at.faces(o.at) })
		}
		if u.name == "message" && u.at.sender == dissect.Server && u.id != "" && u.kind != "error" {
			find("delivery", u, func(o *keptUnit) bool {
				return o.at.sender == dissect.Client && o.at.flow != u.at.flow && o.name == u.name && o.id == u.id && o.body == u.body
			})
		}
	}
	keptAcks(list, want["ack"])
	return want
}

// faces reports whether the other element went the other way on the same
// connection.
func (s spot) faces(o spot) bool { return s.flow == o.flow && s.sender != o.sender }

// keptAcks finds the last stanza that each acknowledgement covers, where it
// covers any that those before did not.
func keptAcks(list []*keptUnit, acks map[spot]spot) {
	counted := map[way][]spot{} // the stanzas since counting began; those before a resumption have no place
	for _, u := range list {
		w := u.at.way
		switch u.name {
		case "enable", "enabled":
			counted[w] = []spot{}
		case "resume", "resumed":
			counted[way{w.flow, w.sender.Other()}] = make([]spot, u.handled)
		case "message", "presence", "iq":
			if counted[w] != nil {
				counted[w] = append(counted[w], u.at)
			}
		}
	}
	known := map[way]int{}
	for _, u := range list {
		other := way{u.at.flow, u.at.sender.Other()}
		switch {
		case u.name == "resume" || u.name == "resumed":
			known[other] = u.handled
		case u.name == "a" && u.handled > known[other]:
			known[other] = u.handled
			acks[u.at] = counted[other][u.handled-1]
		}
	}
}

// toldPairs traces a capture and returns what belongs together by its rows.
func toldPairs(t *testing.T, name string) pairs {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(captureDir, name+".pcap"))
	if err != nil {
		t.Fatal(err)
	}
	run, err := newRun(file, engine.Options{Options: dissect.Options{Fields: dissect.NewFieldSet(analysis.Fields()...)}})
	if err != nil {
		t.Fatal(err)
	}
	a, got := analysis.New(analysis.Options{}), newPairs()
	spots, sent, kinds := map[int]spot{}, map[way]int{}, map[int]string{}
	for e, err := range run.Events() {
		if err != nil {
			t.Fatal(err)
		}
		a.Event(e)
		switch e.Kind {
		case dissect.KindStream, dissect.KindStreamClose, dissect.KindKeepalive, dissect.KindMalformed, dissect.KindEnd:
			continue
		}
		w := way{flow: e.Conn.Text[dissect.Client] + ">" + e.Conn.Text[dissect.Server], sender: e.Sender}
		sent[w]++
		at := spot{w, sent[w]}
		spots[e.No], kinds[e.No] = at, e.Kind
		switch with := spots[e.Request]; {
		case e.Request == 0:
		case e.Kind == "iq" && (e.Type == "result" || e.Type == "error"):
			got["iq"][at] = with
		case e.Kind == "a" && kinds[e.Request] != "r":
			got["ack"][at] = with
		case e.Kind == "message" && e.Type != "groupchat" && e.Type != "error" && with.sender != e.Sender:
			got["receipt"][at] = with
		}
		if e.Sent != 0 && e.Kind == "message" && e.ID != nil {
			got["delivery"][at] = spots[e.Sent]
		}
	}
	return got
}
