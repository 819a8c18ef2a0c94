package engine_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"talktrace/dissect/analysis"
)

// Each file of testdata/finding is named after a kind of finding. Sections whose
// names begin with "raises" say what raises it, each followed by one with all
// that is then found; those that begin with "does not" say what comes near it
// and does not raise it. See stage for the language they are in.
func TestFindings(t *testing.T) {
	files, err := filepath.Glob("../../testdata/finding/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	known := map[string]bool{}
	for _, k := range analysis.Kinds() {
		known[k.ID] = true
	}
	tested := map[string]bool{}
	for _, file := range files {
		id := strings.TrimSuffix(filepath.Base(file), ".txtar")
		tested[id] = true
		t.Run(id, func(t *testing.T) {
			if !known[id] {
				t.Fatal("no kind of finding has this id")
			}
			findingFile(t, file, id, known)
		})
	}
	for _, k := range analysis.Kinds() {
		if !k.Layer && !tested[k.ID] {
			t.Errorf("%s: no file of testdata/finding raises it", k.ID)
		}
	}
}

// findingFile tests the sections of a file.
func findingFile(t *testing.T, file, id string, known map[string]bool) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var kept []txtar.File
	var raises, not int
	for i, section := range a.Files {
		if section.Name == "found" {
			continue
		}
		found, err := play(section.Data)
		if err != nil {
			t.Fatalf("%s: %v", section.Name, err)
		}
		for _, f := range found {
			if !known[f.id] {
				t.Errorf("%s: no kind of finding is called %s", section.Name, f.id)
			}
		}
		kept = append(kept, section)
		is := slices.ContainsFunc(found, func(f raised) bool { return f.id == id })
		switch {
		case strings.HasPrefix(section.Name, "raises"):
			raises++
			out := writeRaised(found)
			kept = append(kept, txtar.File{Name: "found", Data: out})
			if !is {
				t.Errorf("%s: it is not raised; found is:\n%s", section.Name, out)
			} else if !*update && (i+1 == len(a.Files) || !bytes.Equal(a.Files[i+1].Data, out)) {
				t.Errorf("%s: found is not what it was; it is now:\n%s", section.Name, out)
			}
		case strings.HasPrefix(section.Name, "does not"):
			if not++; is {
				t.Errorf("%s: it is raised:\n%s", section.Name, writeRaised(found))
			}
		default:
			t.Errorf("a section is called %q", section.Name)
		}
	}
	if raises == 0 || not == 0 {
		t.Errorf("%d sections raise it and %d do not; want some of both", raises, not)
	}
	if *update && !t.Failed() {
		a.Files = kept
		if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil { //nolint:gosec // a test file
			t.Fatal(err)
		}
	}
}

// raised is a finding in a test.
type raised struct {
	row, conn          int
	severity, id, text string
}

func writeRaised(found []raised) []byte {
	var b bytes.Buffer
	for _, f := range found {
		fmt.Fprintf(&b, "row %d, connection %d: [%s %s] %s\n", f.row, f.conn, f.severity, f.id, f.text)
	}
	return b.Bytes()
}
