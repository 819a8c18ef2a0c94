package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"talktrace/cmd/internal/assert"
	"talktrace/dissect"
)

// newCheck makes the verb that checks what rules say of a trace.
func newCheck(s Streams) *cobra.Command {
	var o options
	var rules ruleFlags
	var format string
	c := &cobra.Command{
		Use:   "check [flags] [FILE ...]",
		Short: "Check what a capture has to show, and what it must not",
		Example: `  talktrace check -r capture.pcapng --profile secure-client
  talktrace check -r capture.pcapng --expect 'xmpp.carbons.enable' --forbid 'kind == "malformed"'
  talktrace check -r capture.pcapng --count 'kind == "presence"' 3..5 --no-findings warning
  talktrace check -r capture.pcapng --order 'kind == "auth"' 'kind == "success"'
  talktrace check -r capture.pcapng --within 200ms 'kind == "auth"' 'kind == "success"'
  talktrace check -r capture.pcapng --rules rules.toml --format junit`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			all, err := rules.all()
			if err != nil {
				return err
			}
			set, err := assert.New(all)
			if err != nil {
				return badFilter(err)
			}
			o.files = append(o.files, args...)
			o.verb = &verb{writer: set, fields: dissect.AllFields(), found: set.Found, xml: set.UsesXML()}
			failed := trace(cmd.Context(), &o, s)
			if set.Rows() == 0 && failed != nil {
				return failed
			}
			checked := conclude(s, format, "talktrace check", set.Results(strings.Join(append(o.files, o.interfaces...), ", ")))
			if failed != nil { // what could be read has been checked
				return failed
			}
			return checked
		},
	}
	f := c.Flags()
	f.SortFlags = false
	rules.define(f)
	formatFlag(c, &format)
	f.AddFlagSet(o.readingFlags())
	return c
}

// ruleFlags are rules on the command line, in their order.
type ruleFlags struct {
	rules    []assert.Rule
	files    []string
	profiles []string
}

func (r *ruleFlags) define(f *pflag.FlagSet) {
	add := func(name, kind, usage string, rule func(words []string) (assert.Rule, error)) {
		f.Var(&ruleFlag{kind, func(words []string) error {
			made, err := rule(words)
			r.rules = append(r.rules, made)
			return err
		}}, name, usage)
	}
	add("expect", "FILTER", "at least one row for the `FILTER`", func(w []string) (assert.Rule, error) {
		return assert.Rule{Expect: w[0]}, nil
	})
	add("forbid", "FILTER", "no row for the `FILTER`", func(w []string) (assert.Rule, error) {
		return assert.Rule{Forbid: w[0]}, nil
	})
	add("count", "FILTER N..M", "so many rows for it: `FILTER N..M`, or N, N.. or ..M", func(w []string) (assert.Rule, error) {
		if len(w) != 2 {
			return assert.Rule{}, fmt.Errorf("want a filter and a number")
		}
		return assert.Rule{Count: w[0], Times: w[1]}, nil
	})
	add("order", "FILTER ...", "rows for each `FILTER ...`, one after the other", func(w []string) (assert.Rule, error) {
		return assert.Rule{Order: w}, nil
	})
	add("within", "TIME A B", "a row for the filter B within the time behind each row for A:\n`TIME A B`", func(w []string) (assert.Rule, error) {
		return assert.Rule{Within: w[0], Between: w[1:]}, nil
	})
	add("no-findings", "SEVERITY", "no finding of the `SEVERITY`, or graver", func(w []string) (assert.Rule, error) {
		return assert.Rule{NoFindings: w[0]}, nil
	})
	f.StringArrayVar(&r.files, "rules", nil, "check the rules in the `FILE` of TOML; repeatable")
	f.StringArrayVar(&r.profiles, "profile", nil, "check the rules of the `PROFILE`: "+strings.Join(assert.Profiles(), ", "))
}

// all returns the rules of all flags.
func (r *ruleFlags) all() ([]assert.Rule, error) {
	var all []assert.Rule
	for _, name := range r.profiles {
		rules, err := assert.Profile(name)
		if err != nil {
			return nil, misuse("", "--profile: %w", err)
		}
		all = append(all, rules...)
	}
	for _, file := range r.files {
		rules, err := assert.Load(file)
		if err != nil {
			return nil, badSettings(err)
		}
		all = append(all, rules...)
	}
	all = append(all, r.rules...)
	if len(all) == 0 {
		return nil, misuse("talktrace check -r FILE --profile secure-client", "nothing to check: give a rule, --rules FILE or --profile NAME")
	}
	return all, nil
}

// ruleFlag is a flag that takes one word or several.
type ruleFlag struct {
	kind string
	set  func(words []string) error
}

func (r *ruleFlag) String() string        { return "" }
func (r *ruleFlag) Type() string          { return r.kind }
func (r *ruleFlag) Set(text string) error { return r.set(strings.Split(text, between)) }

// between stands between the words of a flag that takes several. No argument of
// a process can have it in it.
const between = "\x00"

// joinWords makes one argument of the words behind --count, --order and --within
// of the check verb, as many as these take; behind --order it is all up to the
// next flag.
func joinWords(args []string) []string {
	if len(args) == 0 || args[0] != "check" {
		return args
	}
	takes := map[string]int{"--count": 2, "--within": 3, "--order": len(args)}
	var joined []string
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(joined, args[i:]...)
		}
		words := takes[args[i]]
		if words == 0 {
			joined = append(joined, args[i])
			continue
		}
		end := i + 1
		for end < len(args) && end-i <= words && !strings.HasPrefix(args[end], "-") {
			end++
		}
		joined = append(joined, args[i])
		if end > i+1 {
			joined = append(joined, strings.Join(args[i+1:end], between))
		}
		i = end - 1
	}
	return joined
}
