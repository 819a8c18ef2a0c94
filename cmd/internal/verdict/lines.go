package verdict

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"talktrace/report"
	"talktrace/report/escape"
)

// Style says how text is laid out.
type Style struct {
	Color bool
	Width int // cells of a line, which is cut there; 0 for lines of any length

	Differences bool // what is said of checks are differences in the unified format, whose lines are coloured
}

// WriteText writes results as Write does in the format text, in a style.
func WriteText(w io.Writer, results []Result, style Style) error {
	var b bytes.Buffer
	style.write(&b, results)
	_, err := w.Write(b.Bytes())
	return err
}

// text writes a line for each check, and what is to be said of it.
func text(b *bytes.Buffer, _ string, results []Result) error {
	Style{}.write(b, results)
	return nil
}

func (s Style) write(b *bytes.Buffer, results []Result) {
	group := ""
	for i := range results {
		r := &results[i]
		if r.Group != group && r.Group != "" {
			s.line(b, bold, safe(r.Group), "")
		}
		group = r.Group
		s.line(b, paints[r.Status], fmt.Sprintf("%-5s", r.Status), " "+safe(r.Name)+headline(r))
		if r.Status == Passed || r.Status == Unseen {
			continue
		}
		const margin = "    "
		if says := r.sentence(); says != "" {
			s.paragraph(b, margin, safe(says))
		}
		for _, line := range safeLines(r.Detail) {
			s.line(b, s.difference(line), margin+line, "")
		}
	}
	b.WriteString(tally(results) + "\n")
}

// headline is what stands behind the name of a check.
func headline(r *Result) string {
	if r.Status == Passed && len(r.Places) > 0 {
		return fmt.Sprintf(": row %d, frame %d", r.Places[0].Row, r.Places[0].Frame)
	}
	if r.Status == Unseen {
		return ": not to be seen"
	}
	if r.Text != "" {
		return ": " + safe(r.Text)
	}
	return ""
}

const bold = "\x1b[1m"

// paints are the colours of what became of checks, by Status.
var paints = [...]string{"\x1b[32m", "\x1b[1;31m", "\x1b[1;31m", "\x1b[33m", "\x1b[2m"}

// difference returns the colour of a line of a difference.
func (s Style) difference(line string) string {
	switch {
	case !s.Differences:
	case strings.HasPrefix(line, "-"):
		return "\x1b[31m"
	case strings.HasPrefix(line, "+"):
		return "\x1b[32m"
	case strings.HasPrefix(line, "@@"):
		return "\x1b[36m"
	}
	return ""
}

// line writes a line, of which the first part is painted.
func (s Style) line(b *bytes.Buffer, paint, first, rest string) {
	if s.Width > 0 {
		first = string(escape.Fit(nil, []byte(first), s.Width))
		rest = string(escape.Fit(nil, []byte(rest), max(s.Width-escape.Width([]byte(first)), 0)))
	}
	if s.Color && paint != "" {
		first = paint + first + report.Unpaint
	}
	b.WriteString(first + rest + "\n")
}

// paragraph writes text that is broken where lines end, rather than cut.
func (s Style) paragraph(b *bytes.Buffer, margin, text string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if s.Width > 0 && line != "" && escape.Width([]byte(margin+line+" "+word)) > s.Width {
			b.WriteString(margin + line + "\n")
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	b.WriteString(margin + line + "\n")
}

// tally counts results in words.
func tally(results []Result) string {
	passed, failed, broken := Count(results)
	words := fmt.Sprintf("%d passed, %d failed", passed, failed)
	if n := Number(results, Warned); n > 0 {
		words += fmt.Sprintf(", %d only warned about", n)
	}
	if n := Number(results, Unseen); n > 0 {
		words += fmt.Sprintf(", %d %s", n, unseen)
	}
	if broken > 0 {
		words += fmt.Sprintf(", %d could not be made", broken)
	}
	return words
}

// tap writes the Test Anything Protocol, version 13.
func tap(b *bytes.Buffer, _ string, results []Result) error {
	fmt.Fprintf(b, "TAP version 13\n1..%d\n", len(results))
	for i := range results {
		r := &results[i]
		state, directive := "ok", ""
		switch r.Status {
		case Failed, Broken:
			state = "not ok"
		case Warned:
			state, directive = "not ok", " # TODO a warning"
		case Unseen:
			directive = " # SKIP " + unseen
		}
		// A # would begin a directive.
		fmt.Fprintf(b, "%s %d - %s%s\n", state, i+1, strings.ReplaceAll(safe(r.Name), "#", `\#`), directive)
		if state == "ok" {
			continue
		}
		fmt.Fprintf(b, "# %s\n", safe(r.Text))
		for _, line := range r.lines() {
			b.WriteString("# " + line + "\n")
		}
	}
	return nil
}

// Annotate writes a mistake that is none of a check's results as GitHub shows it.
// The text may have several lines.
func Annotate(w io.Writer, title, text string) error {
	value, property := workflow()
	_, err := fmt.Fprintf(w, "::error title=%s::%s\n", property.Replace(title), value.Replace(strings.Join(safeLines(text), "\n")))
	return err
}

// workflow returns what escapes the values and the properties of workflow commands.
func workflow() (value, property *strings.Replacer) {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A"),
		strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
}

// github writes workflow commands, which GitHub shows beside the files.
func github(b *bytes.Buffer, title string, results []Result) error {
	value, property := workflow()
	for i := range results {
		r := &results[i]
		command := "error"
		switch r.Status {
		case Passed, Unseen:
			continue
		case Warned:
			command = "warning"
		}
		message := safe(r.Name) + ": " + safe(r.Text)
		for _, line := range r.lines() {
			message += "\n" + line
		}
		about := "title=" + property.Replace(title)
		if files := r.files(); len(files) > 0 {
			about = "file=" + property.Replace(safe(files[0])) + "," + about
		}
		fmt.Fprintf(b, "::%s %s::%s\n", command, about, value.Replace(message))
	}
	b.WriteString(tally(results) + "\n")
	return nil
}
