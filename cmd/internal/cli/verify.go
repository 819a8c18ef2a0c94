package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"talktrace/cmd/internal/verdict"
	"talktrace/cmd/internal/verify"
	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/fixture"
	"talktrace/report/settings"
	"talktrace/report/transcript"
)

// newVerify makes the verb that holds traces against what is expected of them.
func newVerify(s Streams) *cobra.Command {
	var update bool
	var format string
	var keep []string
	var colors options
	c := &cobra.Command{
		Use:   "verify [flags] DIR|FILE ...",
		Short: "Hold the traces of captures against the expectations beside them",
		Long: `Verify traces each capture and compares with the expectation beside it (x.pcapng
with x.trace). What is another value in each run has a stable name in it.
Options of the captures in a folder can stand in its .talktrace.toml.`,
		Example: `  talktrace verify --update testdata   write down what is expected
  talktrace verify testdata            compare; status 1 where something differs
  talktrace verify --format junit testdata >results.xml`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			if err := checkKeep(keep); err != nil {
				return err
			}
			color, err := wantsColor(colors.color, isTerminal(s.Out))
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return misuse("talktrace verify testdata", "nothing to verify")
			}
			fixtures, orphans, err := fixture.Find(args)
			if err != nil {
				return badSettings(err)
			}
			if len(fixtures)+len(orphans) == 0 {
				return misuse("", "there is no capture in %s", strings.Join(args, ", "))
			}
			doubtSettings(s.Err, fixtures)
			confineTo(s, fixtures, update)
			var results []verdict.Result
			for i := range fixtures {
				f := &fixtures[i]
				f.Options.Keep = slices.Concat(f.Options.Keep, keep)
				heard := &notices{about: f.Capture, to: s.Err}
				r := verify.Check(f, tracing(cmd.Context(), s, heard), update)
				heard.tell(r.Status == verdict.Passed && r.Text == "")
				results = append(results, r)
				if cmd.Context().Err() != nil {
					return errInterrupted
				}
			}
			for _, o := range orphans {
				results = append(results, verify.Missing(o))
			}
			return conclude(s, format, "talktrace verify", verdict.Style{Color: color, Differences: true}, results)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.BoolVar(&update, "update", false, "write the expectations that differ or are not there")
	keepFlag(c, &keep)
	formatFlag(c, &format)
	colors.colorFlag(f, "colour the results and the lines that differ")
	return c
}

func keepFlag(c *cobra.Command, keep *[]string) {
	all := transcript.Meanings()
	c.Flags().StringSliceVar(keep, "keep", nil, "write values of the `MEANING` as they are, rather than names for\nthem: "+
		strings.Join(all[:6], ", ")+",\n"+strings.Join(all[6:], ", ")+"; repeatable")
}

// checkKeep finds a meaning that is none.
func checkKeep(keep []string) error {
	o := fixture.Options{Keep: keep}
	if _, err := o.Transcript(); err != nil {
		return misuse("", "--%w", err)
	}
	return nil
}

func formatFlag(c *cobra.Command, format *string) {
	c.Flags().StringVar(format, "format", "text", "write results as `FORMAT`: "+strings.Join(verdict.Formats(), ", "))
}

func checkFormat(format string) error {
	if !verdict.Known(format) {
		return misuse("", "--format: unknown format %q: use %s", format, strings.Join(verdict.Formats(), ", "))
	}
	return nil
}

// conclude writes results, and fails where one of them did.
func conclude(s Streams, format, title string, style verdict.Style, results []verdict.Result) error {
	var err error
	if format == "text" {
		err = verdict.WriteText(s.Out, results, style)
	} else {
		err = verdict.Write(s.Out, format, title, results)
	}
	if err != nil {
		return err
	}
	passed, failed, broken := verdict.Count(results)
	of := count(int64(passed+failed+broken), "check")
	switch {
	case broken > 0:
		return fmt.Errorf("%d of %s could not be made", broken, of)
	case failed > 0:
		return &checkError{fmt.Sprintf("%d of %s did not hold", failed, of)}
	}
	return nil
}

// badSettings is a mistake in a settings file, or in what was named.
func badSettings(err error) error {
	if e, ok := errors.AsType[*settings.Error](err); ok {
		return &usageError{err: err, hint: e.Hint}
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return &usageError{err: fmt.Errorf("%s: %w", e.Path, e.Err)}
	}
	return &usageError{err: err}
}

// tracing traces captures one after the other into writers.
func tracing(ctx context.Context, s Streams, heard *notices) verify.Trace {
	s.Confine = nil // confineTo has done so for all captures
	return func(f *fixture.Fixture, w report.Writer) error {
		var o options
		o.readingFlags()
		o.files, o.keys = []string{f.Capture}, keyFiles{logs: f.Options.KeyLog, rsa: f.Options.RSAKey, kept: true}
		for _, d := range f.Options.DecodeAs {
			if err := o.decodeAs.Set(d); err != nil {
				return fmt.Errorf("decode-as: %w", err)
			}
		}
		o.verb = &verb{
			writer: w, fields: dissect.AllFields(), xml: true, notice: heard.add,
			keys: "a key log beside it, " + f.Name + ".keys, opens them", ports: `decode-as = ["tcp.port==PORT,xmpp"] in ` + fixture.SettingsFile,
		}
		return trace(ctx, &o, s)
	}
}

// notices are what there is to say of one of several captures.
type notices struct {
	about string // the capture
	to    io.Writer
	list  []string
	said  []string // those that tell what rows tell, too
}

// add takes in a notice, and whether rows say it, too. It is a verb's.
func (n *notices) add(text string, said bool) {
	if said {
		n.said = append(n.said, text)
		return
	}
	n.list = append(n.list, text)
}

// tell writes the notices; where the rows are those that are expected, not what
// they say themselves.
func (n *notices) tell(expected bool) {
	if !expected {
		n.list = slices.Concat(n.said, n.list)
	}
	for _, text := range n.list {
		notice(n.to, n.about+": "+text)
	}
}
