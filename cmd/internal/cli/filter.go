package cli

import (
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/filter"
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

// complete has the shell complete filters and names of fields.
func complete(root *cobra.Command) {
	_ = root.RegisterFlagCompletionFunc("display-filter", func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		var list []string
		for _, c := range filter.Complete(begun) {
			list = append(list, cobra.CompletionWithDesc(c.Text, c.Doc))
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveKeepOrder
	})
	_ = root.RegisterFlagCompletionFunc("field", completeField)
}
