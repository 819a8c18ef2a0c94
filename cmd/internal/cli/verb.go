package cli

import (
	"github.com/spf13/pflag"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report"
)

// verb is what becomes of the rows of a trace where they are not written one by
// one. The rows are analyzed before the writer gets them.
type verb struct {
	writer report.Writer
	fields *dissect.FieldSet        // that it needs
	found  func(f analysis.Finding) // is told of what the analysis finds; may be nil
	login  func(l analysis.Login)   // is told of the logins; may be nil
	begin  func(*analysis.Analysis) // is given the analysis before the first row; may be nil
	xml    bool                     // the writer wants the XML of rows
	keys   string                   // what opens TLS that is still closed, where that is not --keylog

	ports  string                       // how a port is decoded by force, where that is not -d
	notice func(text string, said bool) // is told what there is to say at the end, and whether rows say it too; nil writes it

	payload bool                                // the rows come with their Payload
	started func(t *tracer)                     // is given the trace before the first row, behind begin; may be nil
	row     func(e *dissect.Event, chosen bool) // is told of each row, whether it is chosen or not; may be nil
}

// analyzed reports whether the rows are to be analyzed.
func (o *options) analyzed() bool { return o.verb != nil || o.details.analyzed(o.format) }

// analysis says what becomes of what is found.
func (o *options) analysis() analysis.Options {
	if o.verb != nil {
		return analysis.Options{Found: o.verb.found, Login: o.verb.login}
	}
	return analysis.Options{Matching: !o.judged()}
}

// judged reports whether it is of interest what is wrong with rows, and not only
// what they belong to.
func (o *options) judged() bool {
	return o.details.findings || o.details.tree || o.format == "pdml" || o.format == "jsonl" && o.details.refs == nil ||
		o.details.has("finding") || o.details.has("finding.severity") || o.choosing.uses(isFinding)
}

func isFinding(field string) bool { return field == "finding" || field == "finding.severity" }

// readingFlags defines the flags that say what is read and how, and gives all
// others their defaults.
func (o *options) readingFlags() *pflag.FlagSet {
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	all.SortFlags = false
	for _, g := range o.groups() {
		if g.title == "Input" || g.title == "Decoding" {
			all.AddFlagSet(g.flags)
		}
	}
	all.Lookup("list-interfaces").Hidden = true
	return all
}
