package stats

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"talktrace/dissect/analysis"
	"talktrace/report/internal/reporttest"
)

// histogram returns a histogram of so many times, from step to n times step.
func histogram(n int, step int64) *analysis.Histogram {
	h := &analysis.Histogram{}
	for i := range n {
		h.Add(int64(i+1) * step)
	}
	return h
}

func word(s string) analysis.Cell { return analysis.Cell{Unit: analysis.Words, Text: s} }

func number(u analysis.Unit, n int64) analysis.Cell { return analysis.Cell{Unit: u, Number: n} }

// tables are such as traces have, and such as strangers make who want to harm
// the reader.
func tables() []*analysis.Table {
	none := analysis.Cell{}
	return []*analysis.Table{
		{
			Name: "capture", Title: "Capture", Facts: true,
			Columns: []analysis.Column{
				{Name: "begin", Title: "begins"},
				{Name: "duration", Title: "lasts"},
				{Name: "frames", Title: "frames"},
				{Name: "dropped", Title: "frames dropped", Unknown: "the input does not tell"},
				{Name: "gaps", Title: "gaps"},
				{Name: "lost", Title: "… bytes in them"},
				{Name: "coverage", Title: "… of all"},
			},
			Rows: [][]analysis.Cell{{
				number(analysis.Instant, 1795335294_222621000), number(analysis.Span, 754e9), number(analysis.Count, 123456),
				none, number(analysis.Count, 0), number(analysis.Bytes, 0),
				{Unit: analysis.Share, Part: 1, Number: 3},
			}},
			Notes: []string{"Something that is to be said about all of this, in a sentence that is longer than a line of the terminal."},
		},
		{
			Name: "iq", Title: "Requests",
			Columns: []analysis.Column{
				{Name: "payload", Title: "Asked for"},
				{Name: "detail", Title: "on ", Below: true, Unknown: " "},
				{Name: "secret", Title: "", Script: true},
				{Name: "who", Title: "Who", People: true},
				{Name: "client_bytes", Title: "From the client"},
				{Name: "rtt", Title: "Time to the answer"},
			},
			Rows: [][]analysis.Cell{
				{word("ping"), word("romeo@capulet.example"), word("a"), word("b"), number(analysis.Bytes, 99_999), {Unit: analysis.Times, Times: histogram(5, 1e6)}},
				{word("urn:example:" + strings.Repeat("long", 30)), none, none, none, number(analysis.Bytes, 1_234_567), {Unit: analysis.Times, Times: histogram(500, 7e7)}},
				{word("\x1b[31mred\u202e\"evil\"\n=1+1"), word("日本語 и é 👍"), none, none, none, none},
				{word("=HYPERLINK(1)"), none, none, none, number(analysis.Bytes, 5_000_000_000), {Unit: analysis.Times, Times: histogram(19, 1e3)}},
			},
		},
		{Name: "errors", Title: "Errors", Unseen: "There are no errors.", Columns: []analysis.Column{{Name: "n", Title: "n"}}},
		{
			Name: "rates", Title: "Rates", Columns: []analysis.Column{{Name: "elapsed", Title: "From"}},
			Rows: [][]analysis.Cell{{number(analysis.Span, 0)}, {number(analysis.Span, 1e9)}},
			Chart: &analysis.Chart{Interval: 1e9, Lines: []analysis.ChartLine{
				{Title: "stanzas, client", Unit: analysis.Count, Values: []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, -1}},
				{Title: "bytes, server", Server: true, Unit: analysis.Bytes, Values: make([]int64, 500)},
				{Title: "hidden", Unit: analysis.Bytes, Values: []int64{-1, -1}},
			}},
		},
	}
}

func TestGolden(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{
		"width80.golden":  func(w io.Writer) error { return Text(w, tables(), Options{Width: 80}) },
		"width140.golden": func(w io.Writer) error { return Text(w, tables(), Options{Width: 140}) },
		"color.golden":    func(w io.Writer) error { return Text(w, tables(), Options{Width: 80, Color: true}) },
		"jsonl.golden":    func(w io.Writer) error { return JSONL(w, tables()) },
		"csv.golden":      func(w io.Writer) error { return CSV(w, tables()) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, name, out.Bytes())
		if c := reporttest.Controls(out.Bytes()); c != nil && name != "color.golden" {
			t.Errorf("%s: control characters %q", name, c)
		}
		if !utf8.Valid(out.Bytes()) {
			t.Errorf("%s is not UTF-8", name)
		}
	}
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// No line is longer than the terminal is wide.
func TestWidth(t *testing.T) {
	for width := narrowest; width < 220; width += 7 {
		var out bytes.Buffer
		if err := Text(&out, tables(), Options{Width: width, Color: true}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			line = sgr.ReplaceAllString(strings.TrimSuffix(line, "\n"), "")
			if got := displaywidth.String(line); got > width {
				t.Errorf("%d cells, want at most %d: %s", got, width, line)
			}
		}
	}
}

// Each line is an object that names its table; what is not known is absent.
func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if err := JSONL(&out, tables()); err != nil {
		t.Fatal(err)
	}
	var objects []map[string]any
	for line := range bytes.Lines(out.Bytes()) {
		var o map[string]any
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		objects = append(objects, o)
	}
	if len(objects) != 1+4+1+2 {
		t.Fatalf("%d objects", len(objects))
	}
	if _, told := objects[0]["dropped"]; told || objects[0]["gaps"] != 0.0 || objects[0]["duration"] != 754.0 {
		t.Errorf("the capture is %v", objects[0])
	}
	if got := objects[3]["payload"]; got != "\x1b[31mred\u202e\"evil\"\n=1+1" {
		t.Errorf("the text is %q", got)
	}
	if _, told := objects[3]["client_bytes"]; told || objects[1]["who"] != nil || objects[1]["secret"] != "a" {
		t.Errorf("the requests are %v", objects[1:4])
	}
	if objects[5]["unseen"] != "There are no errors." || objects[5]["table"] != "errors" {
		t.Errorf("no errors are %v", objects[5])
	}
}

// Each table is one that programs read, as many columns in each record.
func TestCSV(t *testing.T) {
	var out bytes.Buffer
	if err := CSV(&out, tables()); err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(out.String(), "\n\n") {
		records, err := csv.NewReader(strings.NewReader(part)).ReadAll()
		if err != nil {
			t.Fatalf("%v:\n%s", err, part)
		}
		if records[0][0] != "table" {
			t.Errorf("the titles are %q", records[0])
		}
	}
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteError(t *testing.T) {
	for _, err := range []error{Text(full{}, tables(), Options{}), JSONL(full{}, tables()), CSV(full{}, tables())} {
		if !errors.Is(err, errFull) {
			t.Errorf("error %v", err)
		}
	}
}
