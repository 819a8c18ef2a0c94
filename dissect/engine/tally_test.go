package engine_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
)

// Each file of testdata/tally is about the tables that its sections are named
// after: each follows an "in", which is written for a stage.
func TestTally(t *testing.T) {
	files, err := filepath.Glob("../../testdata/tally/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { tallyFile(t, file) })
	}
}

func tallyFile(t *testing.T, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]*analysis.Table{}
	for i := range a.Files {
		section := &a.Files[i]
		if section.Name == "in" {
			if tables, err = count(section.Data); err != nil {
				t.Fatal(err)
			}
			continue
		}
		table := tables[section.Name]
		if table == nil {
			t.Errorf("there is no table %q", section.Name)
			continue
		}
		got := writeTable(table)
		if *update {
			section.Data = got
		} else if !bytes.Equal(got, section.Data) {
			t.Errorf("%s is not what it was; it is now:\n%s", section.Name, got)
		}
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil { //nolint:gosec // a test file
			t.Fatal(err)
		}
	}
}

// count plays lines and returns the tables of what happens, by name.
func count(lines []byte) (map[string]*analysis.Table, error) {
	s := newStage(dissect.Options{Fields: dissect.NewFieldSet(analysis.TallyFields()...), TLS: true, Payload: true})
	tally := analysis.NewTally(s.analysis, analysis.TallyOptions{})
	s.seen = func(e *dissect.Event) { tally.Event(e, true) }
	if err := s.perform(lines); err != nil {
		return nil, err
	}
	tables := map[string]*analysis.Table{}
	for _, t := range tally.Tables(analysis.CaptureFacts{}) {
		tables[t.Name] = t
	}
	return tables, nil
}

// writeTable writes what is known of each row.
func writeTable(t *analysis.Table) []byte {
	var b bytes.Buffer
	if len(t.Rows) == 0 {
		fmt.Fprintln(&b, t.Unseen)
	}
	for _, row := range t.Rows {
		for i, c := range row {
			if c.Unit == analysis.None || t.Columns[i].People || t.Columns[i].Name == "explanation" {
				continue
			}
			fmt.Fprintf(&b, "%s=", t.Columns[i].Name)
			switch c.Unit {
			case analysis.Words:
				fmt.Fprintf(&b, "%q ", c.Text)
			case analysis.Times:
				fmt.Fprintf(&b, "%d ", c.Times.Values())
			case analysis.Share:
				fmt.Fprintf(&b, "%d/%d ", c.Part, c.Number)
			default:
				fmt.Fprintf(&b, "%d ", c.Number)
			}
		}
		fmt.Fprintln(&b)
	}
	for _, n := range t.Notes {
		fmt.Fprintln(&b, n)
	}
	return b.Bytes()
}
