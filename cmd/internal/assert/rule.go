// Package assert checks what rules say of the rows of a trace.
package assert

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"talktrace/cmd/internal/settings"
	"talktrace/dissect"
	"talktrace/dissect/filter"
)

// Rule is something that has to hold for a trace. It says one thing: one of
// Expect, Forbid, Count, Order, Within and NoFindings.
type Rule struct {
	Name       string   `toml:"name"`        // the same in each run; without it, what the rule says
	Says       string   `toml:"says"`        // the rule in a sentence, for whoever breaks it
	Expect     string   `toml:"expect"`      // a filter that holds for at least one row
	Forbid     string   `toml:"forbid"`      // a filter that holds for none
	Count      string   `toml:"count"`       // a filter that holds for so many rows as Times says
	Times      string   `toml:"times"`       // 3, 3..5, 3.. or ..5
	Order      []string `toml:"order"`       // filters that hold for rows in this order, others between them or not
	Within     string   `toml:"within"`      // a time, such as 200ms, in which a row for the second filter of Between follows each for the first
	Between    []string `toml:"between"`     // two filters
	NoFindings string   `toml:"no-findings"` // a severity: nothing as grave, or graver, is found
}

// rules is what a file of rules holds.
type rules struct {
	Rules []Rule `toml:"rule"`
}

// Load reads rules from a file. A mistake in it is a *settings.Error.
func Load(file string) ([]Rule, error) {
	var r rules
	err := settings.Load(file, &r)
	return r.Rules, err
}

//go:embed profiles
var profiles embed.FS

// Profiles lists the built-in sets of rules.
func Profiles() []string {
	entries, err := profiles.ReadDir("profiles")
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".toml"))
	}
	return names
}

// Profile returns the rules of a built-in set.
func Profile(name string) ([]Rule, error) {
	text, err := profiles.ReadFile("profiles/" + name + ".toml")
	if err != nil {
		return nil, fmt.Errorf("there is no profile %q: there are %s", name, strings.Join(Profiles(), ", "))
	}
	var r rules
	err = settings.Decode("profile "+name, text, &r)
	return r.Rules, err
}

// compile makes of a rule what watches rows for it.
func (r *Rule) compile() (*check, error) {
	kinds := 0
	for _, used := range []bool{r.Expect != "", r.Forbid != "", r.Count != "", r.Order != nil, r.Within != "", r.NoFindings != ""} {
		if used {
			kinds++
		}
	}
	c := &check{rule: *r}
	if kinds != 1 {
		return nil, c.wrong(errors.New("a rule says one thing: expect, forbid, count, order, within or no-findings"))
	}
	var err error
	switch {
	case r.Expect != "":
		c.matcher, err = newOccurrence(r.Expect, 1, -1)
	case r.Forbid != "":
		c.matcher, err = newOccurrence(r.Forbid, 0, 0)
	case r.Count != "":
		var least, most int
		if least, most, err = parseTimes(r.Times); err == nil {
			c.matcher, err = newOccurrence(r.Count, least, most)
		}
	case r.Order != nil:
		c.matcher, err = newOrder(r.Order)
	case r.Within != "":
		c.matcher, err = newWithin(r.Within, r.Between)
	default:
		c.matcher, err = newNoFindings(r.NoFindings)
	}
	if err != nil {
		return nil, c.wrong(err)
	}
	return c, nil
}

func (c *check) wrong(err error) error { return fmt.Errorf("%s: %w", c.name(), err) }

// name returns what the rule is called.
func (c *check) name() string {
	r := &c.rule
	switch {
	case r.Name != "":
		return r.Name
	case r.Expect != "":
		return "expect " + r.Expect
	case r.Forbid != "":
		return "forbid " + r.Forbid
	case r.Count != "":
		return "count " + r.Count + ", " + r.Times
	case r.Order != nil:
		return "order " + strings.Join(r.Order, ", ")
	case r.Within != "":
		return "within " + r.Within + " " + strings.Join(r.Between, ", ")
	case r.NoFindings != "":
		return "no findings, " + r.NoFindings
	}
	return "a rule that says nothing"
}

// parseTimes reads 3, 3..5, 3.. or ..5. most is -1 for any number.
func parseTimes(text string) (least, most int, err error) {
	from, to, isRange := strings.Cut(text, "..")
	if !isRange {
		to = from
	}
	least, most = 0, -1
	if from != "" {
		least, err = strconv.Atoi(from)
	}
	if err == nil && to != "" {
		most, err = strconv.Atoi(to)
	}
	if err != nil || from == "" && to == "" || least < 0 || to != "" && most < least {
		return 0, 0, fmt.Errorf("%q is no number of rows: write 3, 3..5, 3.. or ..5", text)
	}
	return least, most, nil
}

// compileAll compiles the filters of a rule.
func compileAll(texts []string) ([]*filter.Filter, error) {
	var list []*filter.Filter
	for _, text := range texts {
		f, err := filter.Compile(text)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

func newWithin(text string, filters []string) (matcher, error) {
	limit, err := time.ParseDuration(text)
	if err != nil || limit < 0 {
		return nil, fmt.Errorf("%q is no time: write 200ms or 1.5s", text)
	}
	if len(filters) != 2 {
		return nil, fmt.Errorf("within is about two filters, not %d", len(filters))
	}
	list, err := compileAll(filters)
	if err != nil {
		return nil, err
	}
	return &within{filters: list, limit: limit}, nil
}

func newOrder(filters []string) (matcher, error) {
	if len(filters) < 2 {
		return nil, errors.New("an order is one of two filters or more")
	}
	list, err := compileAll(filters)
	if err != nil {
		return nil, err
	}
	return &order{filters: list, texts: filters}, nil
}

func newOccurrence(text string, least, most int) (matcher, error) {
	list, err := compileAll([]string{text})
	if err != nil {
		return nil, err
	}
	return &occurrence{filter: list[0], text: text, least: least, most: most}, nil
}

func newNoFindings(severity string) (matcher, error) {
	var known []string
	for s := dissect.Chat; s <= dissect.Error; s++ {
		if severity == s.String() {
			return &noFindings{least: s}, nil
		}
		known = append(known, s.String())
	}
	slices.Reverse(known)
	return nil, fmt.Errorf("%q is no severity: write %s", severity, strings.Join(known, ", "))
}
