package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"talktrace/report"
	"talktrace/report/internal/reporttest"
)

func options(width int) Options {
	return Options{
		Columns: report.Trace(),
		Cells:   report.Cells{Clock: report.NewClock(report.Relative, reporttest.Begin)},
		Width:   width,
	}
}

func TestGolden(t *testing.T) {
	for _, width := range []int{80, 120, 200} {
		var out bytes.Buffer
		reporttest.Write(t, New(&out, options(width)))
		reporttest.Golden(t, fmt.Sprintf("width%d.golden", width), out.Bytes())
		if c := reporttest.Controls(out.Bytes()); c != nil {
			t.Errorf("control characters %q", c)
		}
	}
}

func TestGoldenColor(t *testing.T) {
	o := options(100)
	o.Color = true
	var out bytes.Buffer
	reporttest.Write(t, New(&out, o))
	reporttest.Golden(t, "color.golden", out.Bytes())
}

func TestGoldenPackets(t *testing.T) {
	o := options(110)
	o.Columns = report.Packets()
	var out bytes.Buffer
	reporttest.Write(t, New(&out, o))
	reporttest.Golden(t, "packets.golden", out.Bytes())
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Every line takes up the width of the terminal exactly, whatever is in it, so
// none wraps and no column moves.
func TestWidth(t *testing.T) {
	for _, columns := range []report.Columns{report.Trace(), report.Packets()} {
		for _, mode := range []report.TimeMode{report.Relative, report.AbsoluteDate, report.Epoch, report.UTC} {
			for width := 80; width < 300; width += 7 {
				o := options(width)
				o.Columns, o.Color = columns, true
				o.Cells.Clock = report.NewClock(mode, reporttest.Begin)
				var out bytes.Buffer
				reporttest.Write(t, New(&out, o))
				for line := range strings.Lines(out.String()) {
					line = sgr.ReplaceAllString(strings.TrimSuffix(line, "\n"), "")
					if got := displaywidth.String(line); got != width {
						t.Fatalf("mode %d: %d cells, want %d: %s", mode, got, width, line)
					}
				}
			}
		}
	}
}

// A row is there as soon as it is written.
// A sheet gives up the columns that it is told to, and then shortens words; it
// never shortens numbers.
func TestSheetFits(t *testing.T) {
	sheet := func() *Sheet {
		return &Sheet{
			Titles: []string{"Stream", "Server", "Account", "total", "Result"},
			Right:  []bool{true, false, false, true, false},
			Rows:   [][]string{{"12", "192.0.2.1:5222", "romeo@montague.example/orchard", "1234567.8", "refused: not-authorized"}},
		}
	}
	const whole = 6 + 14 + 30 + 9 + 23 + 5*frame - 1
	for _, c := range []struct {
		width, columns int
		account        string
	}{
		{whole, 5, "romeo@montague.example/orchard"},
		{whole - 1, 4, "romeo@montague.example/orchard"},
		{whole - 17, 4, "romeo@montague.example/orchard"},
		{60, 4, "romeo@mo…/orchard"},
		{10, 4, "romeo@…chard"},
	} {
		s := sheet()
		s.Fit(c.width, "Server", "no such column")
		var out strings.Builder
		if err := s.Draw(&out); err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(out.String(), "\n")
		account := s.Rows[0][len(s.Rows[0])-3]
		if len(s.Titles) != c.columns || c.width >= 60 && displaywidth.String(first) > c.width || !strings.Contains(out.String(), "1234567.8") {
			t.Errorf("in %d columns:\n%s", c.width, out.String())
		}
		if account != c.account {
			t.Errorf("in %d columns the account is %q, want %q", c.width, account, c.account)
		}
	}
}

func TestRowsAppear(t *testing.T) {
	var out bytes.Buffer
	w := New(&out, options(120))
	for i, e := range reporttest.Events() {
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Count(out.String(), "\n"), i+3; got != want {
			t.Fatalf("%d lines after %d rows, want %d", got, i+1, want)
		}
	}
}

func TestNoRows(t *testing.T) {
	var out bytes.Buffer
	if err := New(&out, options(80)).Close(); err != nil || out.Len() > 0 {
		t.Errorf("%q, %v", out.String(), err)
	}
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteError(t *testing.T) {
	if err := New(full{}, options(80)).Write(reporttest.Events()[0]); !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	reporttest.Benchmark(b, func(w io.Writer) report.Writer { return New(w, options(120)) })
}
