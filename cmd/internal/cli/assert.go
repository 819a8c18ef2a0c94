package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"talktrace/cmd/internal/assert"
	"talktrace/cmd/internal/verdict"
	"talktrace/dissect"
	"talktrace/report/fixture"
	"talktrace/report/settings"
)

// newCheck makes the verb that checks what rules say of a trace.
func newCheck(s Streams) *cobra.Command {
	var x checking
	c := &cobra.Command{
		Use:   "check [flags] [FILE ...]",
		Short: "Check what a capture has to show, and what it must not",
		Long: `Check tells whether rules hold for the rows of captures: those of a profile, of
files, and of flags. Several captures are one trace, in order of time. It ends
with status 0 if all holds that the capture shows, 1 if something does not, and
2 if nothing could be checked, or not all could be read.`,
		Example: `  talktrace check -r capture.pcapng --profile secure-client
  talktrace check -r capture.pcapng --expect xmpp.carbons.enable --strict
  talktrace check -r capture.pcapng --forbid 'kind == "malformed"'
  talktrace check -r capture.pcapng --count 'kind == "presence"' 3..5
  talktrace check -r capture.pcapng --no-findings warning
  talktrace check -r capture.pcapng --order 'kind == "auth"' 'kind == "success"'
  talktrace check -r x.pcap --within 200ms 'kind == "auth"' 'kind == "success"'
  talktrace check -r capture.pcapng --rules rules.toml --format junit`,
		RunE: func(cmd *cobra.Command, args []string) error {
			x.files = append(x.files, args...)
			err := x.run(cmd.Context(), s)
			if x.results == "github" {
				return errors.Join(err, x.annotate(s, err))
			}
			return err
		},
	}
	input, f := x.readingFlags(), c.Flags()
	f.SortFlags = false
	x.rules.define(f)
	f.BoolVar(&x.apart, "per-connection", false, "check the rules of flags on each connection by itself")
	f.BoolVar(&x.strict, "strict", false, "fail, too, where the capture does not show whether a rule holds")
	f.StringArrayVarP(&x.choosing.texts, "display-filter", "Y", nil, "check only rows for which `FILTER` holds; findings are of all rows")
	formatFlag(c, &x.results)
	x.colorFlag(f, "colour the results")
	x.writing.stops.known = []string{"duration", "packets"}
	f.VarP(&x.writing.stops, "autostop", "a", "stop, and check what there is; `WHEN` is duration:N (seconds, with\n-i) or packets:N; repeatable")
	f.AddFlagSet(input)
	return c
}

// checking is what the check verb is told.
type checking struct {
	options
	rules   ruleFlags
	results string // their format
	apart   bool
	strict  bool
	told    bool // of what could not be checked, in the results
}

func (x *checking) run(ctx context.Context, s Streams) error {
	if err := checkFormat(x.results); err != nil {
		return err
	}
	color, err := wantsColor(x.color, isTerminal(s.Out))
	if err != nil {
		return err
	}
	all, err := x.rules.all(x.apart)
	if err != nil {
		return err
	}
	set, err := assert.New(all)
	if err != nil {
		return badFilter(err)
	}
	if err := x.doubts(set, s); err != nil {
		return err
	}
	if err := x.beside(); err != nil {
		return err
	}
	x.verb = &verb{writer: set, fields: dissect.AllFields(), found: set.Found, xml: set.UsesXML()}
	x.verb.started = func(t *tracer) {
		if x.tellEnd(s.Err); t.in.logs {
			set.Logged()
		}
	}
	failed := trace(ctx, &x.options, s)
	if set.Rows() == 0 && failed != nil {
		return failed
	}
	results := set.Results(x.inputs())
	if x.strict {
		beStrict(results)
	}
	_, _, broken := verdict.Count(results)
	x.told = broken > 0
	style := verdict.Style{Color: color}
	if isTerminal(s.Out) {
		style.Width = width(s.Out)
	}
	if x.results == "text" {
		err = verdict.WriteText(s.Out, results, style)
	} else {
		err = verdict.Write(s.Out, x.results, "talktrace check", results)
	}
	switch {
	case err != nil:
		return err
	case failed != nil: // what could be read has been checked
		return failed
	}
	return judge(results)
}

// doubts finds values that no row has in the filters of rules, and in -Y. What is
// not just mistyped may be something that nobody has heard of, and is only told.
func (x *checking) doubts(set *assert.Set, s Streams) error {
	if err := x.choosing.check(&x.options); err != nil {
		return err
	}
	all := x.choosing.certainly()
	for _, d := range set.Doubts(findingNames) {
		if d.Certain || d.Slip {
			all = errors.Join(all, hardly(d.Place, d.Doubt))
			continue
		}
		notice(s.Err, d.Place.Error())
	}
	return all
}

// tellEnd says how a capture comes to its end where nothing else ends it: until
// then there are no results.
func (x *checking) tellEnd(w io.Writer) {
	if len(x.interfaces) > 0 && len(x.pipes()) == 0 && len(x.writing.stops.value) == 0 {
		notice(w, "rules are checked when the capture ends: with Ctrl-C, or by itself with -a duration:SECONDS")
	}
}

// annotate has GitHub show what went wrong besides the checks.
func (x *checking) annotate(s Streams, err error) error {
	if _, judged := errors.AsType[*checkError](err); err == nil || judged {
		return nil
	}
	if x.told {
		return nil
	}
	for _, e := range flatten(err) {
		text := e.Error()
		if hint := hintFor(e); hint != "" {
			text += "\n" + hint
		}
		if err := verdict.Annotate(s.Out, "talktrace check", text); err != nil {
			return err
		}
	}
	return nil
}

// inputs names what is checked, for people and for programs, who look for files.
func (x *checking) inputs() (name string, files []string) {
	files = []string{}
	var names []string
	for _, f := range slices.Concat(x.files, x.interfaces) {
		if f == "-" {
			names = append(names, "standard input")
			continue
		}
		names = append(names, f)
	}
	for _, f := range x.files {
		if f != "-" {
			files = append(files, f)
		}
	}
	return strings.Join(names, ", "), files
}

// beside takes the key logs and options that lie beside captures, as verify does,
// unless keys were given.
func (x *checking) beside() error {
	if len(x.keys.logs) > 0 || len(x.keys.rsa) > 0 {
		return nil
	}
	for _, name := range x.files {
		if !isRegular(name) {
			continue
		}
		found, _, err := fixture.Find([]string{name})
		if _, mistake := errors.AsType[*settings.Error](err); mistake {
			return badSettings(err)
		}
		for i := range found { // none where the name is not that of a capture
			o := &found[i].Options
			x.keys.logs, x.keys.rsa = append(x.keys.logs, o.KeyLog...), append(x.keys.rsa, o.RSAKey...)
			for _, d := range o.DecodeAs {
				if err := x.decodeAs.Set(d); err != nil {
					return misuse("", "%s: decode-as: %w", name, err)
				}
			}
		}
	}
	return nil
}

func isRegular(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// beStrict fails the checks that the capture shows nothing of.
func beStrict(results []verdict.Result) {
	for i := range results {
		if r := &results[i]; r.Status == verdict.Unseen {
			r.Status, r.Text = verdict.Failed, "nothing in the capture shows it"
		}
	}
}

// judge fails where a rule does not hold, or where none could be checked.
func judge(results []verdict.Result) error {
	_, failed, broken := verdict.Count(results)
	unseen := verdict.Number(results, verdict.Unseen)
	of := count(int64(len(results)), "check")
	switch {
	case broken > 0:
		return fmt.Errorf("%d of %s could not be made", broken, of)
	case failed > 0:
		return &checkError{fmt.Sprintf("%d of %s did not hold", failed, of)}
	case unseen == len(results):
		return errors.New("the capture shows nothing of what was to be checked")
	}
	return nil
}
