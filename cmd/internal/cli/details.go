package cli

import (
	"os"
	"slices"

	"github.com/spf13/pflag"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report"
	"talktrace/report/fields"
	"talktrace/report/tree"
)

// details are the flags that say how much is told of a row.
type details struct {
	tree     bool
	bytes    bool
	findings bool
	names    []string
	options  []string

	refs []dissect.Ref // what names means
}

func (d *details) flags(f *pflag.FlagSet) {
	f.BoolVarP(&d.tree, "details", "V", false, "show under each row what it consists of, and what that is for")
	f.BoolVarP(&d.bytes, "hex", "x", false, "show under each row its bytes, and which frame brought them")
	f.BoolVar(&d.findings, "findings", false, "look for what is wrong, and say so behind the rows, as text (-V and -T jsonl do so anyway)")
	f.StringArrayVarP(&d.names, "field", "e", nil, "write the field `NAME` with -T fields, or only that with -T jsonl;\nrepeatable (talktrace fields lists all names)")
	f.StringArrayVarP(&d.options, "field-option", "E", nil, "with -T fields, `OPTION` is header=y, separator=, occurrence=f|l|a,\naggregator=, quote=d|s|n or bom=y")
}

// check finds mistakes in the flags, and what the names mean.
func (d *details) check(o *options) error {
	shown := o.format
	switch {
	case (d.tree || d.bytes) && shown != "" && shown != "text":
		return misuse("leave out -T, or use -T jsonl or -T pdml without -V", "-V and -x go with -T text, not with -T %s", shown)
	case (d.tree || d.bytes) && o.packets:
		return misuse("without --packets there is a row for each stanza; -w OUT writes frames for tshark -V -x", "-V and -x do not go with --packets: they are about stanzas")
	case shown == "fields" && len(d.names) == 0:
		return misuse("talktrace -r FILE -T fields -e frame.number -e xmpp.from", "-T fields needs to know which: give at least one -e NAME")
	case len(d.names) > 0 && shown != "fields" && shown != "jsonl":
		return misuse("", "-e goes with -T fields or -T jsonl")
	case len(d.options) > 0 && shown != "fields":
		return misuse("", "-E goes with -T fields")
	}
	d.refs = nil
	for _, name := range d.names {
		r, ok := dissect.LookupRef(name)
		if !ok {
			return unknownField("-e", name)
		}
		d.refs = append(d.refs, r)
	}
	return nil
}

func unknownField(flag, name string) error {
	hint := "talktrace fields lists all fields"
	if near := dissect.NearestField(name); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return misuse(hint, "%s: there is no field %q", flag, name)
}

// analyzed reports whether an output of this format tells what rows have to do
// with each other, and what is wrong with them.
func (d *details) analyzed(format string) bool {
	if d.findings || d.tree || format == "jsonl" || format == "pdml" {
		return true
	}
	for i := range d.refs {
		if analysis.Makes(d.refs[i].Name) {
			return true
		}
	}
	return false
}

// wanted returns the fields that an output of this format needs of the XML, and
// others with them.
func (d *details) wanted(format string, defs ...*dissect.FieldDef) *dissect.FieldSet {
	if d.tree || format == "pdml" || format == "jsonl" && d.refs == nil {
		return dissect.AllFields()
	}
	if d.analyzed(format) {
		defs = append(defs, analysis.Fields()...)
	}
	for i := range d.refs {
		defs = append(defs, d.refs[i].Defs...)
	}
	return dissect.NewFieldSet(defs...)
}

// has reports whether -e asks for a field.
func (d *details) has(name string) bool { return slices.Contains(d.names, name) }

// below makes what is written under rows, nil for nothing.
func (d *details) below(color bool) func([]byte, *dissect.Event) []byte {
	if !d.tree && !d.bytes {
		return nil
	}
	return tree.New(tree.Options{Fields: d.tree, Bytes: d.bytes, Color: color}).Append
}

// newFields makes the writer for -T fields.
func (d *details) newFields(out *os.File) (report.Writer, error) {
	o := fields.Default()
	o.Fields = d.refs
	for _, option := range d.options {
		if err := o.Set(option); err != nil {
			return nil, misuse("", "-E: %w", err)
		}
	}
	return fields.New(out, o), nil
}
