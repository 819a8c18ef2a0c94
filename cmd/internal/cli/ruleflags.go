package cli

import (
	"cmp"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"talktrace/cmd/internal/assert"
	"talktrace/dissect"
)

// ruleFlags are rules on the command line, in their order.
type ruleFlags struct {
	rules    []assert.Rule
	mistake  error // the first in them
	files    []string
	profiles []string
}

func (r *ruleFlags) define(f *pflag.FlagSet) {
	add := func(name, kind, usage, wanted string, least int, rule func(words []string) assert.Rule) {
		f.Var(&ruleFlag{kind, func(words []string) {
			switch {
			case len(words) < least:
				r.mistake = cmp.Or(r.mistake, misuse("", "--%s takes %s", name, wanted))
			case slices.ContainsFunc(words, func(w string) bool { return strings.TrimSpace(w) == "" }):
				r.mistake = cmp.Or(r.mistake, misuse("", "--%s: an empty filter would hold for all rows", name))
			default:
				r.rules = append(r.rules, rule(words).Flag("--"+name))
			}
		}}, name, usage)
	}
	add("expect", "FILTER", "at least one row for the `FILTER`", "a filter", 1, func(w []string) assert.Rule {
		return assert.Rule{Expect: w[0]}
	})
	add("forbid", "FILTER", "no row for the `FILTER`", "a filter", 1, func(w []string) assert.Rule {
		return assert.Rule{Forbid: w[0]}
	})
	add("count", "FILTER N..M", "so many rows for it: `FILTER N..M`, or N, N.. or ..M", `a filter and a number of rows: --count 'kind == "iq"' 3..5`, 2, func(w []string) assert.Rule {
		return assert.Rule{Count: w[0], Times: w[1]}
	})
	add("order", "FILTER ...", "rows for each `FILTER ...`, one after the other", `two filters or more: --order 'kind == "auth"' 'kind == "success"'`, 2, func(w []string) assert.Rule {
		return assert.Rule{Order: w}
	})
	add("within", "TIME A B", "a row for the filter B within the time behind each row for A:\n`TIME A B`", `a time and two filters: --within 200ms 'kind == "auth"' 'kind == "success"'`, 3, func(w []string) assert.Rule {
		return assert.Rule{Within: w[0], Between: w[1:]}
	})
	add("no-findings", "SEVERITY", "no finding of the `SEVERITY`, or graver", "a severity", 1, func(w []string) assert.Rule {
		return assert.Rule{NoFindings: w[0]}
	})
	f.StringArrayVar(&r.files, "rules", nil, "check the rules in the `FILE` of TOML; repeatable")
	f.StringArrayVar(&r.profiles, "profile", nil, "check the rules of the `PROFILE`, repeatable: "+strings.Join(assert.Profiles(), ",\n"))
}

// all returns the rules of all flags; apart is whether those of the command line
// are about each connection by itself.
func (r *ruleFlags) all(apart bool) ([]assert.Rule, error) {
	if r.mistake != nil {
		return nil, r.mistake
	}
	var all []assert.Rule
	for _, name := range r.profiles {
		rules, err := assert.Profile(name)
		if err != nil {
			return nil, badProfile(name)
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
	for _, rule := range r.rules {
		if err := notFiles(rule.Order); err != nil {
			return nil, err
		}
		if apart && rule.NoFindings == "" {
			rule.Per = "connection"
		}
		all = append(all, rule)
	}
	if len(all) == 0 {
		return nil, misuse("talktrace check -r FILE --profile secure-client", "nothing to check: give a rule, --rules FILE or --profile NAME")
	}
	return all, nil
}

// badProfile is a profile that there is not.
func badProfile(name string) error {
	hint := ""
	switch i := slices.IndexFunc(assert.Profiles(), func(p string) bool { return strings.Contains(p, name) }); {
	case strings.HasSuffix(name, ".toml"):
		hint = "rules of your own are given with --rules " + name
	case i >= 0:
		hint = "did you mean " + assert.Profiles()[i] + "?"
	case dissect.Nearest(name, assert.Profiles()) != "":
		hint = "did you mean " + dissect.Nearest(name, assert.Profiles()) + "?"
	}
	return misuse(hint, "--profile: there is no profile %q: there are %s", name, strings.Join(assert.Profiles(), ", "))
}

// notFiles finds captures that --order has taken for filters.
func notFiles(filters []string) error {
	for _, f := range filters {
		if _, err := os.Stat(f); err == nil {
			return misuse("name captures with -r, or in front of the flag, or behind --", "--order takes all that is behind it for filters, and %s is a file", f)
		}
	}
	return nil
}

// ruleFlag is a flag that takes one word or several.
type ruleFlag struct {
	kind string
	set  func(words []string)
}

func (r *ruleFlag) String() string { return "" }
func (r *ruleFlag) Type() string   { return r.kind }

// Set takes the words. What is wrong with them is told later, for the package of
// flags would quote what stands between them.
func (r *ruleFlag) Set(text string) error {
	r.set(strings.Split(text, between))
	return nil
}

// between stands between the words of a flag that takes several. No argument of
// a process can have it in it.
const between = "\x00"

// joinWords makes one argument of the words behind --count, --order and --within
// of the check verb, as many as these take; behind --order it is all up to the
// next flag. The first of them may stand behind an equals sign.
func joinWords(args []string) []string {
	if len(args) == 0 || args[0] != "check" {
		return args
	}
	var joined []string
	for i := 0; i < len(args); {
		if args[i] == "--" {
			return append(joined, args[i:]...)
		}
		flag, first, equals := strings.Cut(args[i], "=")
		i++
		most := takes(flag)
		if most == 0 {
			joined = append(joined, args[i-1])
			continue
		}
		var words []string
		if equals {
			words = append(words, first)
		}
		for i < len(args) && len(words) < most && !isFlag(args[i]) {
			words = append(words, args[i])
			i++
		}
		joined = append(joined, flag+"="+strings.Join(words, between))
	}
	return joined
}

// takes returns how many words a flag of the check verb takes at most, if it takes
// several; else 0.
func takes(flag string) int {
	switch flag {
	case "--count":
		return 2
	case "--within":
		return 3
	case "--order":
		return math.MaxInt
	}
	return 0
}

// isFlag reports whether an argument is a flag, rather than a number or a filter
// that begins with one.
func isFlag(arg string) bool {
	return len(arg) > 1 && arg[0] == '-' && !(arg[1] == '.' || '0' <= arg[1] && arg[1] <= '9')
}
