package assert

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"talktrace/cmd/internal/verdict"
	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/filter"
	"talktrace/report"
)

var _ report.Writer = (*Set)(nil)

// Set checks rules, all at once. It takes the rows of a trace, which are to come
// with all fields.
type Set struct {
	checks []*check
	xml    bool
	rows   int
	logged bool
}

// New returns what checks rules.
func New(rules []Rule) (*Set, error) {
	s := &Set{}
	for i := range rules {
		c, err := rules[i].compile()
		if err != nil {
			return nil, err
		}
		s.checks = append(s.checks, c)
		s.xml = s.xml || slices.ContainsFunc(c.used, func(u use) bool { return u.filter.UsesXML() })
	}
	return s, nil
}

// Doubt is a value that a rule compares with and that rows are not known to have.
type Doubt struct {
	filter.Doubt
	Place error // the doubt in words, with the place of the rule in front of it
}

// Doubts returns the doubts about the filters of all rules. Of fields whose values
// package filter does not know, known may return them; it may be nil.
func (s *Set) Doubts(known func(field string) []string) []Doubt {
	var list []Doubt
	for _, c := range s.checks {
		for _, u := range c.used {
			for _, d := range u.filter.Doubts(known) {
				list = append(list, Doubt{d, c.rule.wrong(u.key, errors.New(d.String()))})
			}
		}
	}
	return list
}

// UsesXML reports whether rows have to come with their XML.
func (s *Set) UsesXML() bool { return s.xml }

// Logged says that rows come from the log of a program, which has what was said
// inside TLS and not TLS: rules that ask for it show nothing.
func (s *Set) Logged() { s.logged = true }

// Write implements report.Writer.
func (s *Set) Write(e *dissect.Event) error {
	s.rows++
	for _, c := range s.checks {
		c.row(e)
	}
	return nil
}

// Rows returns how many rows there were so far.
func (s *Set) Rows() int { return s.rows }

// Flush implements report.Writer.
func (s *Set) Flush() error { return nil }

// Close implements report.Writer.
func (s *Set) Close() error { return nil }

// Found takes what the analysis finds.
func (s *Set) Found(f analysis.Finding) {
	for _, c := range s.checks {
		c.finding(&f)
	}
}

// Results says which rules hold, after all rows. file is what the trace is of, and
// files are the files in it, for programs.
func (s *Set) Results(file string, files []string) []verdict.Result {
	var list []verdict.Result
	for _, c := range s.checks {
		r := verdict.Result{Name: c.rule.name(), Says: c.rule.Says, Source: c.rule.Source, Group: c.rule.Group, File: file, Files: files}
		switch {
		case s.rows == 0:
			r.Status, r.Text = verdict.Broken, "there are no rows to check"
		case s.logged && c.aboutTLS():
			r.Status = verdict.Unseen
		default:
			c.tell(&r)
		}
		list = append(list, r)
	}
	return list
}

// tell fills in what became of a rule.
func (c *check) tell(r *verdict.Result) {
	o := c.result()
	r.Status, r.Text = o.status, o.text
	switch {
	case o.status == verdict.Passed && (c.rule.Expect != "" || c.rule.Show != "") && len(o.rows.rows) > 0:
		r.Places = o.rows.rows[:1]
		return
	case o.status == verdict.Passed || o.status == verdict.Unseen:
		return
	case o.status == verdict.Failed && c.rule.Level == "warning":
		r.Status = verdict.Warned
	}
	r.Places = o.rows.rows
	lines := o.rows.lines
	if more := o.rows.count - len(lines); more > 0 {
		lines = append(slices.Clip(lines), fmt.Sprintf("and %d more", more))
	}
	for _, line := range lines {
		r.Detail += strings.ReplaceAll(line, "\n", `\n`) + "\n"
	}
}
