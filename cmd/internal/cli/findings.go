package cli

import (
	"bufio"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report/findings"
)

// newFindings makes the verb that says what is wrong.
func newFindings(s Streams) *cobra.Command {
	var o options
	var list, markdown bool
	var failOn string
	c := &cobra.Command{
		Use:   "findings [flags] [FILE ...]",
		Short: "Say what is wrong with the traffic, the gravest first",
		Example: `  talktrace findings capture.pcapng                    what is wrong, and where
  talktrace findings capture.pcapng --fail-on error    the same, as a check
  talktrace findings capture.pcapng -Y 'stream == 3'   on rows of a filter
  talktrace findings --list                            what is looked for, why`,
		RunE: func(cmd *cobra.Command, args []string) error {
			as, err := findingsFormat(o.format)
			if err != nil {
				return err
			}
			if markdown {
				return writeFindingPage(s.Out)
			}
			if list {
				return findings.List(s.Out, as)
			}
			least, err := severity(failOn)
			if err != nil {
				return err
			}
			if as.Color, err = wantsColor(o.color, isTerminal(s.Out)); err != nil {
				return err
			}
			o.files = append(o.files, args...)
			w := findings.New(s.Out, as)
			x := findingsOfRows{to: w}
			o.verb = &verb{writer: w, fields: dissect.AllFields(), found: x.found, row: x.row}
			if err := trace(cmd.Context(), &o, s); err != nil || failOn == "" {
				return err
			}
			return tooGrave(w, least)
		},
	}
	input := o.readingFlags()
	c.Flags().SortFlags = false
	c.Flags().StringVarP(&o.format, "format", "T", "text", "write findings as `FORMAT`: text or jsonl")
	c.Flags().BoolVar(&list, "list", false, "list what is looked for, why it matters and where to read on")
	c.Flags().BoolVar(&markdown, "markdown", false, "list it as a page of the documentation")
	c.Flags().StringVar(&failOn, "fail-on", "", "exit with status 1 if there is a finding of `SEVERITY` or graver:\nnote, warning or error")
	c.Flags().StringArrayVarP(&o.choosing.texts, "display-filter", "Y", nil, "say only what is wrong with rows that `FILTER`, in Wireshark's\nlanguage, holds for")
	o.colorFlag(c.Flags(), "colour how grave a finding is")
	c.Flags().AddFlagSet(input)
	return c
}

// findingsOfRows hands on those findings that are about rows that were chosen,
// be they found at the row or later. Whether it is chosen may depend on what is
// found on it.
type findingsOfRows struct {
	to      *findings.Writer
	chosen  numbers
	last    int                // the number of the row before
	waiting []analysis.Finding // of the row at hand
}

func (x *findingsOfRows) found(f analysis.Finding) {
	if f.Row > x.last {
		x.waiting = append(x.waiting, f)
		return
	}
	if x.chosen.has(f.Row) {
		x.to.Found(f)
	}
}

// row takes the next row, after what was found at it.
func (x *findingsOfRows) row(e *dissect.Event, chosen bool) {
	x.last = e.No
	if chosen {
		x.chosen.add(e.No)
	}
	for _, f := range x.waiting {
		x.found(f)
	}
	x.waiting = x.waiting[:0]
}

func findingsFormat(name string) (findings.Options, error) {
	switch name {
	case "text":
		return findings.Options{}, nil
	case "jsonl":
		return findings.Options{JSON: true}, nil
	}
	return findings.Options{}, misuse("", "-T: unknown format %q: use text or jsonl", name)
}

func severity(name string) (dissect.Severity, error) {
	for s := dissect.Remark; s <= dissect.Error; s++ {
		if name == s.String() || name == "" {
			return s, nil
		}
	}
	return 0, misuse("", "--fail-on: %q is none of note, warning, error", name)
}

// tooGrave fails the check if something was found that is as grave or graver.
func tooGrave(w *findings.Writer, least dissect.Severity) error {
	n, of := 0, 0
	for _, s := range w.Summaries() {
		if s.Severity >= least {
			n, of = n+s.Count, of+1
		}
	}
	if n == 0 {
		return nil
	}
	return &checkError{fmt.Sprintf("%s of severity %s or graver, of %s", count(int64(n), "finding"), least, count(int64(of), "kind"))}
}

// writeFindingPage writes what is looked for as a page of the documentation.
func writeFindingPage(out io.Writer) error {
	w := bufio.NewWriter(out)
	kinds := analysis.Kinds()
	fmt.Fprintf(w, `# Findings

<!-- Written by "make docs" from the declarations; do not edit. -->

What `+"`talktrace findings`"+` looks for, the gravest first: %d kinds. They are also on the rows of a trace, with `+"`--findings`"+`,
`+"`-V` and `-T jsonl`"+`, and filters know them: `+"`finding == \"password-in-clear\"`, `finding.severity == \"error\"`"+`.

| finding | severity | what it is | why it matters | source |
| --- | --- | --- | --- | --- |
`, len(kinds))
	for _, k := range kinds {
		fmt.Fprintf(w, "| `%s` | %s | %s | %s | %s |\n", k.ID, k.Severity, inTable(k.Title), inTable(k.Why), inTable(k.Source))
	}
	return w.Flush()
}
