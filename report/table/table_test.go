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

	"talktrace/dissect"
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

// A row is there as soon as it is written.
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

// Numbers are never shortened: where one outgrows its column, there is another head,
// and what follows fits it.
func TestNumbersGrow(t *testing.T) {
	var out bytes.Buffer
	w := New(&out, options(80))
	start, _ := reporttest.Begin()
	for _, row := range []struct{ no, conn, seconds int }{{1, 0, 0}, {9999, 99, 99}, {10000, 99, 99}, {10001, 99, 100}, {10002, 123456, 200}, {10003, 1, 200}} {
		e := reporttest.Events()[0].Clone()
		e.No, e.Time = row.no, start+int64(row.seconds)*1e9
		e.Conn = &dissect.Conn{Number: row.conn}
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if heads := strings.Count(out.String(), "No. "); heads != 4 {
		t.Errorf("%d heads, want 4", heads)
	}
	for _, want := range []string{" 9999 │ 99.000000 │ 99 → │", "10000 │ 99.000000 │", "10001 │ 100.000000 │", "10002 │ 200.000000 │ 123456 → │"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("there is no %s in\n%s", want, out.String())
		}
	}
	for line := range strings.Lines(out.String()) {
		if got := displaywidth.String(strings.TrimSuffix(line, "\n")); got != 80 {
			t.Errorf("%d cells: %s", got, line)
		}
	}
}

// Of an Info that does not fit, the domains of JIDs give way first.
func TestAbridge(t *testing.T) {
	for _, c := range [][2]string{
		{`chat to juliet@capulet.example/balcony: "to a@b.example"`, `chat to juliet@…/balcony: "to a@b.example"`},
		{"groupchat from verona@chat.capulet.example/Somebody with a name: subject", "groupchat from verona@…/Somebody with a name: subject"},
		{"from a@b.example/0123456789abcdef, away", "from a@…/012345678…, away"},
		{"to capulet.example, version 1.0", "to capulet.example, version 1.0"},
		{"node http://example.org/a@b a@ @b", "node http://example.org/a@b a@ @b"},
		{"[warning: said by romeo@montague.example]", "[warning: said by romeo@…]"},
		{"", ""},
	} {
		if got := string(abridge([]byte(c[0]))); got != c[1] {
			t.Errorf("%q: %q, want %q", c[0], got, c[1])
		}
	}
}

// Where there is no room for addresses the connection and an arrow stand in their
// place, and what people say is seen.
func TestNarrow(t *testing.T) {
	for width, want := range map[int]string{
		80:  "  No. │      Time │ Conn │ Stanza     │ Info",
		110: "  No. │      Time │ Source          │ Stanza     │ Info",
		200: "  No. │      Time │ Source                │ Destination           │ Protocol │ Stanza     │ Info",
	} {
		var out bytes.Buffer
		reporttest.Write(t, New(&out, options(width)))
		if !strings.HasPrefix(out.String(), want) {
			t.Errorf("%d columns: %.80s, want %s", width, out.String(), want)
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
