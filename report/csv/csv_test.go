package csv

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"testing"

	"talktrace/report"
	"talktrace/report/internal/reporttest"
)

func options() Options { return Options{Start: reporttest.Begin} }

func TestGolden(t *testing.T) {
	var out bytes.Buffer
	reporttest.Write(t, New(&out, options()))
	reporttest.Golden(t, "rows.golden", out.Bytes())
	if c := reporttest.Controls(out.Bytes()); c != nil {
		t.Errorf("control characters %q", c)
	}
}

// Another reader finds one record for each row, all of the same length, and no
// formula in any field of text.
func TestRecords(t *testing.T) {
	var out bytes.Buffer
	reporttest.Write(t, New(&out, options()))
	records, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := len(reporttest.Events()) + 1; len(records) != want {
		t.Errorf("%d records, want %d", len(records), want)
	}
	if got := strings.Join(records[0], ",") + "\n"; got != header {
		t.Errorf("header %s", got)
	}
	for _, r := range records[1:] {
		for i, field := range r {
			if field != "" && strings.ContainsAny(field[:1], "=+-@") {
				t.Errorf("%s begins with a formula: %q", records[0][i], field)
			}
		}
	}
}

func TestNoRows(t *testing.T) {
	var out bytes.Buffer
	if err := New(&out, options()).Close(); err != nil {
		t.Fatal(err)
	}
	if out.String() != header {
		t.Errorf("got %q", out.String())
	}
}

func TestNames(t *testing.T) {
	names := &report.Names{}
	var out bytes.Buffer
	w := New(&out, Options{Start: reporttest.Begin, Names: names})
	e := reporttest.Events()[5]
	e.Names[0].Name = "=evil"
	names.Learn(e)
	if err := w.Write(e); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if want := ",'=evil:5222,"; !strings.Contains(out.String(), want) {
		t.Errorf("no %s in %s", want, out.String())
	}
}

func TestAllocations(t *testing.T) {
	reporttest.Allocations(t, New(io.Discard, options()))
}

func BenchmarkWrite(b *testing.B) {
	reporttest.Benchmark(b, func(w io.Writer) report.Writer { return New(w, options()) })
}
