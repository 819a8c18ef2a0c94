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
)

func (s Status) String() string { return [...]string{"ok", "FAIL", "ERROR"}[s] }

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
	Places []Place // where it is wrong
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

// Count returns how many results there are of each status.
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

// text writes a line for each check, and what is to be said of it.
func text(b *bytes.Buffer, _ string, results []Result) error {
	for i := range results {
		r := &results[i]
		fmt.Fprintf(b, "%-5s %s", r.Status, safe(r.Name))
		if r.Text != "" {
			fmt.Fprintf(b, ": %s", safe(r.Text))
		}
		b.WriteByte('\n')
		for _, line := range safeLines(r.Detail) {
			b.WriteString("    " + line + "\n")
		}
	}
	passed, failed, broken := Count(results)
	fmt.Fprintf(b, "%d passed, %d failed", passed, failed)
	if broken > 0 {
		fmt.Fprintf(b, ", %d could not be made", broken)
	}
	b.WriteByte('\n')
	return nil
}

// tap writes the Test Anything Protocol, version 13.
func tap(b *bytes.Buffer, _ string, results []Result) error {
	fmt.Fprintf(b, "TAP version 13\n1..%d\n", len(results))
	for i := range results {
		r := &results[i]
		state := "ok"
		if r.Status != Passed {
			state = "not ok"
		}
		// A # would begin a directive.
		fmt.Fprintf(b, "%s %d - %s\n", state, i+1, strings.ReplaceAll(safe(r.Name), "#", `\#`))
		if r.Status == Passed {
			continue
		}
		fmt.Fprintf(b, "# %s\n", safe(r.Text))
		for _, line := range safeLines(r.Detail) {
			b.WriteString("# " + line + "\n")
		}
	}
	return nil
}

// github writes workflow commands, which GitHub shows beside the files.
func github(b *bytes.Buffer, title string, results []Result) error {
	value := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for i := range results {
		r := &results[i]
		if r.Status == Passed {
			continue
		}
		message := safe(r.Name) + ": " + safe(r.Text)
		for _, line := range safeLines(r.Detail) {
			message += "\n" + line
		}
		fmt.Fprintf(b, "::error file=%s,title=%s::%s\n", property.Replace(safe(r.File)), property.Replace(title), value.Replace(message))
	}
	passed, failed, broken := Count(results)
	fmt.Fprintf(b, "%d passed, %d failed, %d could not be made\n", passed, failed, broken)
	return nil
}
