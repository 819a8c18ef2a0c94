package text

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"talktrace/report"
	"talktrace/report/internal/reporttest"
)

func options(mode report.TimeMode) Options {
	return Options{
		Columns: report.Trace(),
		Cells:   report.Cells{Clock: report.NewClock(mode, reporttest.Begin)},
		Header:  true,
	}
}

func TestGolden(t *testing.T) {
	var out bytes.Buffer
	reporttest.Write(t, New(&out, options(report.Relative)))
	reporttest.Golden(t, "plain.golden", out.Bytes())
	if c := reporttest.Controls(out.Bytes()); c != nil {
		t.Errorf("control characters %q", c)
	}
}

func TestGoldenColor(t *testing.T) {
	o := options(report.UTCDate)
	o.Color = true
	var out bytes.Buffer
	reporttest.Write(t, New(&out, o))
	reporttest.Golden(t, "color.golden", out.Bytes())
}

func TestPackets(t *testing.T) {
	o := options(report.Delta)
	o.Columns = report.Packets()
	o.Header = false
	var out bytes.Buffer
	reporttest.Write(t, New(&out, o))
	reporttest.Golden(t, "packets.golden", out.Bytes())
}

// The lines do not depend on how many rows came at once, but for the widths
// that a Flush settles early; and they are aligned from then on.
func TestWidthsGrow(t *testing.T) {
	var out bytes.Buffer
	w := New(&out, options(report.Relative))
	events := reporttest.Events()
	for i, e := range []int{0, 5, 0} {
		if err := w.Write(events[e]); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(out.String(), "\n"); got != i+2 {
			t.Fatalf("%d lines after %d rows", got, i+1)
		}
	}
	lines := strings.Split(out.String(), "\n")
	before, wide, after := strings.Index(lines[1], "XMPP"), strings.Index(lines[2], "XMPP"), strings.Index(lines[3], "XMPP")
	if before >= wide || wide != after {
		t.Errorf("columns at %d, %d, %d:\n%s", before, wide, after, out.String())
	}
}

// Who reads along sees columns that the first row has room in for the other ones.
func TestFlushForesees(t *testing.T) {
	var out bytes.Buffer
	w := New(&out, options(report.Relative))
	events := reporttest.Events()
	for _, e := range []int{0, 1, 2} {
		if err := errors.Join(w.Write(events[e]), w.Flush()); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for _, word := range []string{" XMPP", " stream", " to capulet.example"} {
		if strings.Index(lines[1], word) < len(" No.  Time") || len(lines) != 4 {
			t.Fatalf("%q", lines)
		}
	}
	if a, b := strings.Index(lines[1], " XMPP "), strings.Index(lines[2], " XMPP "); a != b {
		t.Errorf("columns moved:\n%s", out.String())
	}
	if a, b := strings.Index(lines[1], " to "), strings.Index(lines[3], " starttls "); a != b {
		t.Errorf("columns moved:\n%s", out.String())
	}
}

func TestSampleEnds(t *testing.T) {
	var out bytes.Buffer
	w := New(&out, options(report.Relative))
	e := reporttest.Events()[0]
	e.Info = []byte(strings.Repeat("x", 1000))
	for range sampleRows {
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() == 0 {
		t.Error("nothing was written after the sample")
	}
}

func TestAllocations(t *testing.T) {
	o := options(report.Relative)
	o.Color = true
	reporttest.Allocations(t, New(io.Discard, o))
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteError(t *testing.T) {
	w := New(full{}, options(report.Relative))
	err := w.Write(reporttest.Events()[0])
	if err == nil {
		err = w.Close()
	}
	if !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
}

func Example() {
	var out bytes.Buffer
	o := options(report.Relative)
	o.Columns = report.Columns{report.Number, report.Time, report.Stanza, report.Info}
	w := New(&out, o)
	for _, e := range reporttest.Events()[:3] {
		_ = w.Write(e)
	}
	_ = w.Close()
	fmt.Print(out.String())
	// Output:
	//  No.  Time      Stanza    Info
	//    1  0.000000  stream    to capulet.example
	//    2  0.010588  stream    from capulet.example, id a93d87b0…, version 1.0
	//    3  0.021176  features  starttls (required)
}

func BenchmarkWrite(b *testing.B) {
	reporttest.Benchmark(b, func(w io.Writer) report.Writer { return New(w, options(report.Relative)) })
}
