// Package assert checks what rules say of the rows of a trace.
package assert

import (
	"embed"
	"fmt"
	"os"
	"slices"
	"strings"

	"talktrace/report/settings"
)

// Rule is something that has to hold for a trace. It says one thing: one of
// Expect, Forbid, Count, Order, Within, NoFindings and Show. The others of its
// fields say more exactly when, and how much it matters.
type Rule struct {
	Name       string   `toml:"name"`        // the same in each run; without it, what the rule says
	Says       string   `toml:"says"`        // the rule in a sentence, for whoever breaks it
	Source     string   `toml:"source"`      // what it comes from, such as a section of an RFC
	Group      string   `toml:"group"`       // a heading that it stands under
	Level      string   `toml:"level"`       // error, or warning: whoever breaks it hears of it, and no more
	Expect     string   `toml:"expect"`      // a filter that holds for at least one row
	Forbid     string   `toml:"forbid"`      // a filter that holds for none
	Count      string   `toml:"count"`       // a filter that holds for so many rows as Times says
	Times      any      `toml:"times"`       // a number such as 3, or one of "3..5", "3.." and "..5"
	Order      []string `toml:"order"`       // filters that hold for rows in this order, others between them or not
	Within     string   `toml:"within"`      // a time, such as 200ms, in which a row for the second filter of Between follows each for the first
	Between    []string `toml:"between"`     // two filters
	NoFindings string   `toml:"no-findings"` // a severity: nothing as grave, or graver, is found
	Show       string   `toml:"show"`        // a filter that holds for a row, if the capture shows what the rule is about
	Given      string   `toml:"given"`       // a filter: unless it holds for a row, that there is no other row proves nothing
	After      string   `toml:"after"`       // a filter: only rows behind the first for which it holds count
	Before     string   `toml:"before"`      // a filter: only rows in front of the first for which it holds count
	Per        string   `toml:"per"`         // connection: the rule is about each connection by itself

	origin string // the flag, or the file and the line, that it comes from
	lines  lines
}

// lines are the lines of a rule in its file, from its head on.
type lines struct {
	file  string
	first int // from 1; 0 where it is not known
	text  []string
}

// at returns the place in the file where a key of the rule stands, or else the
// rule.
func (l *lines) at(key string) string {
	if line := l.line(key); line > 0 {
		return fmt.Sprintf("%s:%d", l.file, line)
	}
	return l.file
}

// line returns the line, from 1, on which a key of the rule stands, or else that
// of the rule's head; 0 where it is not known.
func (l *lines) line(key string) int {
	if l.first == 0 {
		return 0
	}
	for i, text := range l.text {
		if name, _, found := strings.Cut(text, "="); found && strings.TrimSpace(name) == key {
			return l.first + i
		}
	}
	return l.first
}

// Flag returns the rule as one that a flag of the command line has made.
func (r Rule) Flag(name string) Rule {
	r.origin = name
	return r
}

// rules is what a file of rules holds.
type rules struct {
	Rules []Rule `toml:"rule"`
}

// Load reads rules from a file. A mistake in it is a *settings.Error.
func Load(file string) ([]Rule, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return decode(file, text)
}

func decode(file string, text []byte) ([]Rule, error) {
	var r rules
	if err := settings.Decode(file, text, &r); err != nil {
		return nil, err
	}
	if len(r.Rules) == 0 {
		return nil, &settings.Error{File: file, Text: "there is no rule in it", Hint: "a rule begins with [[rule]]"}
	}
	locate(file, string(text), r.Rules)
	return r.Rules, namesakes(file, r.Rules)
}

// namesakes finds two rules of one name: whoever reads of the one could not tell
// it from the other.
func namesakes(file string, list []Rule) error {
	first := map[string]*Rule{}
	for i := range list {
		r := &list[i]
		if r.Name == "" {
			continue
		}
		other := first[r.Name]
		if other == nil {
			first[r.Name] = r
			continue
		}
		e := &settings.Error{File: file, Line: r.lines.line("name"), Text: fmt.Sprintf("two rules are called %q", r.Name)}
		if line := other.lines.line("name"); line > 0 {
			e.Text += fmt.Sprintf(", the other one in line %d", line)
		}
		return e
	}
	return nil
}

// locate notes where each rule stands in its file.
func locate(file, text string, list []Rule) {
	all := strings.Split(text, "\n")
	var heads []int
	for i, line := range all {
		if strings.HasPrefix(strings.Join(strings.Fields(line), ""), "[[rule]]") {
			heads = append(heads, i)
		}
	}
	for i := range list {
		list[i].lines.file = file
		if len(heads) != len(list) { // written in another way
			continue
		}
		end := len(all)
		if i+1 < len(heads) {
			end = heads[i+1]
		}
		list[i].lines.first, list[i].lines.text = heads[i]+1, all[heads[i]:end]
	}
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
	slices.Sort(names)
	return names
}

// Profile returns the rules of a built-in set.
func Profile(name string) ([]Rule, error) {
	text, err := profiles.ReadFile("profiles/" + name + ".toml")
	if err != nil {
		return nil, fmt.Errorf("there is no profile %q: there are %s", name, strings.Join(Profiles(), ", "))
	}
	return decode("profile "+name, text)
}

// times returns Times as text.
func (r *Rule) times() string {
	if r.Times == nil {
		return ""
	}
	return fmt.Sprint(r.Times)
}

// name returns what the rule is called.
func (r *Rule) name() string {
	switch {
	case r.Name != "":
		return r.Name
	case r.Expect != "":
		return "expect " + r.Expect
	case r.Forbid != "":
		return "forbid " + r.Forbid
	case r.Count != "":
		return "count " + r.Count + ", " + r.times()
	case r.Order != nil:
		return "order " + strings.Join(r.Order, ", ")
	case r.Within != "":
		return "within " + r.Within + " " + strings.Join(r.Between, ", ")
	case r.NoFindings != "":
		return "no findings, " + r.NoFindings
	case r.Show != "":
		return "show " + r.Show
	}
	return "a rule that says nothing"
}
