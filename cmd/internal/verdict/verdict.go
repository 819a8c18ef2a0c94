// Package verdict writes what became of checks, for people and for the programs
// that run checks for them.
package verdict

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"talktrace/report/escape"
)

// Status is what became of a check.
type Status uint8

// What can become of a check.
const (
	Passed Status = iota
	Failed
	Broken // it could not be made
	Warned // it failed, and that is no more than a warning
	Unseen // nothing shows whether it holds
)

func (s Status) String() string { return [...]string{"ok", "FAIL", "ERROR", "warn", "-"}[s] }

// unseen is what is said of a check that nothing shows anything of.
const unseen = "not to be seen in this capture"

// Place is a row, and the frame that completed it.
type Place struct{ Row, Frame int }

// Result is one check. Its texts come from captures, too, and are escaped when
// they are written.
type Result struct {
	Name   string // of the check, the same in each run
	File   string // that it is about, as it was named
	Status Status
	Text   string  // what is wrong, in a sentence
	Detail string  // more lines on it
	Places []Place // where it is wrong; of a check that passed, what shows that it holds

	Group  string   // a heading that it stands under; "" for none
	Says   string   // the check in a sentence; may be ""
	Source string   // of what it asks for, such as a section of a specification; may be ""
	Files  []string // the files, where File names several or none; nil for just File
}

// files lists the files that a result is about.
func (r *Result) files() []string {
	if r.Files != nil {
		return r.Files
	}
	return []string{r.File}
}

// sentence says what the check asks for, and who says so.
func (r *Result) sentence() string {
	if r.Source == "" {
		return r.Says
	}
	return strings.TrimSpace(r.Says + " [" + r.Source + "]")
}

// lines are what there is to say of a check that did not pass, safe to show.
func (r *Result) lines() []string {
	lines := safeLines(r.Detail)
	if s := r.sentence(); s != "" {
		lines = append([]string{safe(s)}, lines...)
	}
	return lines
}

// write writes results in one format. title is what made them.
type write func(b *bytes.Buffer, title string, results []Result) error

var formats = map[string]write{
	"text": text, "junit": junit, "tap": tap, "github": github, "json": asJSON, "sarif": sarif,
}

// Formats lists the formats that there are.
func Formats() []string { return []string{"text", "junit", "tap", "github", "json", "sarif"} }

// Write writes results in a format; title is what made them, such as "talktrace
// verify".
func Write(w io.Writer, format, title string, results []Result) error {
	f, known := formats[format]
	if !known {
		return fmt.Errorf("unknown format %q: use %s", format, strings.Join(Formats(), ", "))
	}
	var b bytes.Buffer
	if err := f(&b, title, results); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Known reports whether there is a format of that name.
func Known(format string) bool { return slices.Contains(Formats(), format) }

// Number returns how many results there are of a status.
func Number(results []Result, status Status) int {
	n := 0
	for i := range results {
		if results[i].Status == status {
			n++
		}
	}
	return n
}

// Count returns how many checks were made and held, did not hold, and could not be
// made.
func Count(results []Result) (passed, failed, broken int) {
	for i := range results {
		switch results[i].Status {
		case Passed:
			passed++
		case Failed:
			failed++
		case Broken:
			broken++
		}
	}
	return
}

// safe returns text that may be shown as one line.
func safe(s string) string { return string(escape.Text(nil, []byte(s))) }

// safeLines returns lines that may be shown.
func safeLines(s string) []string {
	var lines []string
	for line := range strings.Lines(s) {
		lines = append(lines, safe(strings.TrimRight(line, "\n")))
	}
	return lines
}
