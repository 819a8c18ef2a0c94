package report_test

import (
	"bytes"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/internal/reporttest"
)

func TestClock(t *testing.T) {
	zone := time.Local
	defer func() { time.Local = zone }()
	time.Local = time.FixedZone("somewhere", -8*60*60)

	const start = reporttest.Start
	times := []int64{start, start + 10_588_000, start - 1_000_000, start + 100_000_000_001}
	tests := []struct {
		mode string
		want [4]string
	}{
		{"r", [4]string{"0.000000", "0.010588", "-0.001000", "100.000000001"}},
		{"d", [4]string{"0.000000", "0.010588", "-0.011588", "100.001000001"}},
		{"dd", [4]string{"0.000000", "0.010588", "-0.011588", "100.001000001"}},
		{"e", [4]string{"1795335294.222621", "1795335294.233209", "1795335294.221621", "1795335394.222621001"}},
		{"u", [4]string{"08:14:54.222621", "08:14:54.233209", "08:14:54.221621", "08:16:34.222621001"}},
		{"ud", [4]string{"2026-11-22 08:14:54.222621", "2026-11-22 08:14:54.233209", "2026-11-22 08:14:54.221621", "2026-11-22 08:16:34.222621001"}},
		{"a", [4]string{"00:14:54.222621", "00:14:54.233209", "00:14:54.221621", "00:16:34.222621001"}},
		{"ad", [4]string{"2026-11-22 00:14:54.222621", "2026-11-22 00:14:54.233209", "2026-11-22 00:14:54.221621", "2026-11-22 00:16:34.222621001"}},
	}
	for _, tt := range tests {
		mode, err := report.ParseTimeMode(tt.mode)
		if err != nil {
			t.Fatal(err)
		}
		clock := report.NewClock(mode, reporttest.Begin)
		for i, at := range times {
			if got := string(clock.Append(nil, at)); got != tt.want[i] {
				t.Errorf("-t %s: row %d is at %s, want %s", tt.mode, i, got, tt.want[i])
			}
		}
		if first := len(tt.want[0]); clock.Width() < first {
			t.Errorf("-t %s: width %d, want %d or more", tt.mode, clock.Width(), first)
		}
	}
	if _, err := report.ParseTimeMode("x"); err == nil {
		t.Error("-t x has a meaning")
	}
}

func TestSeconds(t *testing.T) {
	tests := []struct {
		nanos  int64
		digits int
		want   string
	}{
		{0, 6, "0.000000"},
		{-1, 9, "-0.000000001"},
		{1_999_999_999, 9, "1.999999999"},
		{1_999_999_999, 6, "1.999999"},
		{math.MaxInt64, 9, "9223372036.854775807"},
		{math.MinInt64, 9, "-9223372036.854775808"},
	}
	for _, tt := range tests {
		if got := string(report.AppendSeconds(nil, tt.nanos, tt.digits)); got != tt.want {
			t.Errorf("%d ns are %s, want %s", tt.nanos, got, tt.want)
		}
	}
}

// A time before 1970 has a fraction that counts forward all the same.
func TestTimestampBefore1970(t *testing.T) {
	s := report.Timestamp{Layout: time.DateTime, Zone: time.UTC}
	for _, at := range []int64{-1, math.MinInt64, 0, math.MaxInt64} {
		want := time.Unix(0, at).UTC().Format("2006-01-02 15:04:05.000000000")
		if got := string(s.Append(nil, at, 9)); got != want {
			t.Errorf("%d ns are %s, want %s", at, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	e := reporttest.Events()[5]
	var none *report.Names
	none.Learn(e)
	if text, port := none.End(e, dissect.Server); text != "[2001:db8::1]:5222" || port != 0 {
		t.Errorf("without names: %s, %d", text, port)
	}

	names := &report.Names{}
	if text, _ := names.End(e, dissect.Server); text != "[2001:db8::1]:5222" {
		t.Errorf("before it was learnt: %s", text)
	}
	names.Learn(e)
	later := *e
	later.Names = []dissect.Name{{Addr: e.Names[0].Addr, Name: "other.example"}}
	names.Learn(&later)
	if text, port := names.End(e, dissect.Server); text != "xmpp.capulet.example" || port != 5222 {
		t.Errorf("once learnt: %s, %d", text, port)
	}
	if text, _ := names.End(e, dissect.Client); !strings.HasPrefix(text, "[2001:") {
		t.Errorf("the client is called %s", text)
	}
	loop := reporttest.Events()[0]
	names.Add(dissect.Name{Addr: netip.MustParseAddr("::ffff:127.0.0.1"), Name: "capulet.example"})
	if text, _ := names.End(loop, dissect.Client); text != "127.0.0.1:43977" {
		t.Errorf("the client on a loopback interface is called %s", text)
	}
	if text, port := names.End(loop, dissect.Server); text != "capulet.example" || port != 5222 {
		t.Errorf("the server on a loopback interface is called %s, %d", text, port)
	}
	if text, _ := names.End(&dissect.Event{}, dissect.Client); text != "" {
		t.Errorf("nobody is called %s", text)
	}
}

// A capture with names without end does not fill the memory.
func TestNamesBounded(t *testing.T) {
	names := &report.Names{}
	e := *reporttest.Events()[0]
	c := *e.Conn
	e.Conn = &c
	shown := func(i int, name string) bool {
		addr := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		e.Names = []dissect.Name{{Addr: addr, Name: name}}
		names.Learn(&e)
		c.Addr[dissect.Client] = netip.AddrPortFrom(addr, 1)
		text, _ := names.End(&e, dissect.Client)
		return text == name
	}
	if shown(0, strings.Repeat("x", 256)) {
		t.Error("a name of 256 bytes was learnt")
	}
	for i := range 1 << 16 {
		if !shown(i, "a.example") {
			t.Fatalf("name %d was not learnt", i)
		}
	}
	if shown(1<<16, "a.example") {
		t.Error("one name too many was learnt")
	}
}

func TestCells(t *testing.T) {
	names := &report.Names{}
	cells := report.Cells{Clock: report.NewClock(report.Relative, reporttest.Begin), Names: names}
	e := reporttest.Events()[5]
	e.Names[0].Name = "münchen\u202e.example"
	names.Learn(e)
	if got, want := string(cells.Append([]byte("|"), report.Destination, e)), `|münchen\u202e.example:5222`; got != want {
		t.Errorf("destination %s, want %s", got, want)
	}
	e.Kind = strings.Repeat("\x1b", 100)
	for _, c := range append(report.Trace(), report.Packets()...) {
		got := cells.Append(nil, c, e)
		if bytes.ContainsRune(got, '\x1b') {
			t.Errorf("%s: %q", c.Title(), got)
		}
		if c.Limit() > 0 && len([]rune(string(got))) > c.Limit() {
			t.Errorf("%s: %q is longer than %d cells", c.Title(), got, c.Limit())
		}
	}
}

func TestPaint(t *testing.T) {
	seen := map[string]string{}
	for _, e := range reporttest.Events() {
		paint := report.Paint(e)
		if e.Conn == nil {
			if paint != "" {
				t.Errorf("a row of no connection is painted %q", paint)
			}
			continue
		}
		severity := dissect.Chat
		for _, n := range e.Notes {
			severity = max(severity, n.Severity)
		}
		why := fmt.Sprint(e.Sender, severity >= dissect.Warning, e.Kind == dissect.KindGap)
		if before, ok := seen[paint]; ok && before != why {
			t.Errorf("%q is for %s and for %s", paint, before, why)
		}
		seen[paint] = why
	}
	if len(seen) != 4 {
		t.Errorf("paints %v", seen)
	}
}
