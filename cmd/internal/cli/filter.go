package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/filter"
	"talktrace/report/fixture"
	"talktrace/report/settings"
)

// choosing are the flags that say which rows are shown, whoever sent them.
type choosing struct {
	texts  []string
	filter *filter.Filter // nil lets all rows through
}

func (c *choosing) flags(f *pflag.FlagSet) {
	f.StringArrayVarP(&c.texts, "display-filter", "Y", nil, "show only rows that `FILTER`, in Wireshark's language, holds for:\n'kind == \"message\" and xmpp.from.domain == \"example.com\"'; with -w\nonly the frames that they came from are written")
}

// check finds mistakes in the filter.
func (c *choosing) check(o *options) error {
	c.filter = nil
	if len(c.texts) == 0 {
		return nil
	}
	if len(c.texts) > 1 {
		return misuse("join them: -Y '("+c.texts[0]+") and ("+c.texts[1]+")'", "-Y is given twice")
	}
	if strings.TrimSpace(c.texts[0]) == "" {
		return nil // lets all through, as in tshark: scripts fill one in or do not
	}
	f, err := filter.Compile(c.texts[0])
	if err != nil {
		return badFilter(err)
	}
	if o.packets && dissect.NewFieldSet(f.Fields()...) != nil {
		return misuse("without --packets there is a row for each stanza", "-Y: the rows of --packets are frames, which have no fields of XMPP")
	}
	if o.packets && o.writing.name != "" && !o.rereadable() {
		return misuse("", "-w with -Y and --packets goes with files")
	}
	c.filter = f
	return nil
}

// doubt says what in the filter is no mistake, but can hardly be meant.
func (c *choosing) doubt(w io.Writer) {
	if c.filter == nil {
		return
	}
	for _, d := range c.filter.Doubts(findingNames) {
		notice(w, "-Y: "+d.String())
	}
}

// doubtSettings says the same of the filters in settings files, of each once.
func doubtSettings(w io.Writer, fixtures []fixture.Fixture) {
	var told []string
	for i := range fixtures {
		chosen, err := fixtures[i].Options.Choose()
		if err != nil || chosen == nil {
			continue // mistakes have been told of
		}
		for _, d := range chosen.Doubts(findingNames) {
			text := filterPlace(&fixtures[i]) + ": " + d.String()
			if !slices.Contains(told, text) {
				told = append(told, text)
				notice(w, text)
			}
		}
	}
}

// filterPlace returns the file and the line in which the filter of a capture stands.
func filterPlace(f *fixture.Fixture) string {
	name := filepath.Join(filepath.Dir(f.Capture), fixture.SettingsFile)
	text, err := os.ReadFile(name)
	if err != nil {
		return name + ": filter"
	}
	line := cmp.Or(settings.Locate(text, "capture."+f.Name, "filter"), settings.Locate(text, "", "filter"))
	if line == 0 {
		return name + ": filter"
	}
	return fmt.Sprintf("%s:%d: filter", name, line)
}

// certainly returns as a mistake what in the filter can hardly be meant, as a rule
// has it: see hardly.
func (c *choosing) certainly() error {
	if c.filter == nil {
		return nil
	}
	var all error
	for _, d := range c.filter.Doubts(findingNames) {
		if d.Certain || d.Slip {
			all = errors.Join(all, hardly(fmt.Errorf("-Y: %s", d), d))
		}
	}
	return all
}

// hardly is a value that is never known, as a mistake: a check on it would hold, or
// fail, whatever is captured.
func hardly(err error, d filter.Doubt) error {
	hint, values := "", filter.Values(d.Field)
	switch {
	case !d.Certain:
		hint = "if it is meant so, use matches in place of =="
	case d.Near == "" && len(values) > 0:
		hint = "it is " + enumerate(values)
	case d.Near == "":
		hint = "talktrace findings --list lists them"
	}
	return misuse(hint, "%w", err)
}

// enumerate lists values between which there is a choice.
func enumerate(values []string) string {
	if len(values) == 1 {
		return values[0]
	}
	last := len(values) - 1
	return strings.Join(values[:last], ", ") + " or " + values[last]
}

// findingNames are the values of the field that names findings.
func findingNames(field string) []string {
	if field != "finding" {
		return nil
	}
	var names []string
	for _, k := range analysis.Kinds() {
		names = append(names, k.ID)
	}
	return names
}

// badFilter is the mistake in a filter as a mistake in a flag.
func badFilter(err error) error {
	u := &usageError{err: err}
	if e, ok := errors.AsType[*filter.Error](err); ok {
		u.hint, u.excerpt = e.Hint, e.Excerpt
	}
	return u
}

// uses reports whether the filter looks at a field that is asks for.
func (c *choosing) uses(is func(name string) bool) bool { return c.filter != nil && c.filter.Uses(is) }

// with returns fields, and those that the filter looks at.
func (c *choosing) with(defs []*dissect.FieldDef) *dissect.FieldSet {
	if c.filter != nil {
		defs = append(defs, c.filter.Fields()...)
	}
	return dissect.NewFieldSet(defs...)
}

// examined reports whether rows have to be analyzed, for what becomes of them or
// for the filter.
func (o *options) examined(quiet bool) bool {
	return !quiet && o.analyzed() || o.choosing.uses(analysis.Makes)
}

// wanted returns the fields that outputs and the filter need of the XML.
func (o *options) wanted(quiet bool) *dissect.FieldSet {
	var defs []*dissect.FieldDef
	if o.choosing.filter != nil {
		defs = append(defs, o.choosing.filter.Fields()...)
	}
	if o.choosing.uses(analysis.Makes) {
		defs = append(defs, analysis.Fields()...)
	}
	switch {
	case quiet:
		return dissect.NewFieldSet(defs...)
	case o.verb != nil:
		return o.verb.fields
	}
	return o.details.wanted(o.format, defs...)
}

// wantsXML reports whether rows need their XML.
func (o *options) wantsXML(quiet bool) bool {
	return !quiet && (o.format == "jsonl" || o.details.has("xml") || o.verb != nil && o.verb.xml) || o.choosing.filter != nil && o.choosing.filter.UsesXML()
}
