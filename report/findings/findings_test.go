package findings_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report/findings"
)

// kindOf returns a kind of finding that there is.
func kindOf(t *testing.T, id string) *analysis.Kind {
	t.Helper()
	for _, k := range analysis.Kinds() {
		if k.ID == id {
			return k
		}
	}
	t.Fatal("no kind is called", id)
	return nil
}

func TestCounts(t *testing.T) {
	var out bytes.Buffer
	w := findings.New(&out, findings.Options{})
	refused := kindOf(t, "starttls-refused")
	for row := 40; row > 0; row-- { // what is found late may be about earlier rows
		w.Found(analysis.Finding{Kind: refused, Text: fmt.Sprintf("in row %d", row), Row: row, Frame: 2 * row, Conn: row % 3})
	}
	conn := &dissect.Conn{Number: 7}
	for range 2 {
		if err := w.Write(&dissect.Event{No: 50, Frame: 90, Conn: conn, Notes: []dissect.Note{
			{Severity: refused.Severity, ID: refused.ID, Text: "which Found has told already"},
			{Severity: dissect.Error, ID: "of-a-layer", Text: "text\x1b[31m of\na layer"},
		}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	const want = `error    of-a-layer: text\x1b[31m of\na layer
         2 times: rows 50 (frame 90, connection 7), 50
warning  starttls-refused: the server offers TLS and then refuses it
         40 times on 3 connections: rows 1 (frame 2, connection 1), 2, 3, 4, 5,
         6, 7, 8, 9, 10 and 30 more
         in row 1
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestObjects(t *testing.T) {
	var out bytes.Buffer
	w := findings.New(&out, findings.Options{JSON: true})
	w.Found(analysis.Finding{Kind: kindOf(t, "text-control"), Text: "U+001B in \"x\"\u202e", Row: 3, Frame: 5, Time: 1e9, Conn: -1})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var o struct {
		Severity, ID, Title, Why, Source, Time, Text string
		Count, Connections, Row, Frame               int
		Stream                                       *int
		Rows, Frames                                 []int
	}
	if err := json.Unmarshal(out.Bytes(), &o); err != nil {
		t.Fatal(err, out.String())
	}
	if o.ID != "text-control" || o.Severity != "warning" || o.Text != "U+001B in \"x\"\u202e" || o.Time != "1970-01-01T00:00:01Z" ||
		o.Count != 1 || o.Connections != 0 || o.Stream != nil || !slices.Equal(o.Rows, []int{3}) || !slices.Equal(o.Frames, []int{5}) {
		t.Errorf("%+v", o)
	}
}

// TestList holds every kind against what its declaration owes the reader.
func TestList(t *testing.T) {
	var out bytes.Buffer
	if err := findings.List(&out, findings.Options{}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if len(line) > 81 {
			t.Errorf("wider than 80 columns: %s", line)
		}
	}
	for _, k := range analysis.Kinds() {
		if !strings.Contains(out.String(), " "+k.ID+": ") {
			t.Errorf("%s is not listed", k.ID)
		}
		if k.Title == "" || k.Source == "" || !strings.HasSuffix(k.Why, ".") || strings.HasSuffix(k.Title, ".") {
			t.Errorf("%s: want a title without a full stop, a sentence on why, and a source: %+v", k.ID, *k)
		}
	}
}
