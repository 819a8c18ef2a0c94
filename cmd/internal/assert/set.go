package assert

import (
	"fmt"
	"strings"

	"talktrace/cmd/internal/verdict"
	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report"
)

var _ report.Writer = (*Set)(nil)

// Set checks rules, all at once. It takes the rows of a trace, which are to come
// with all fields.
type Set struct {
	checks []*check
	xml    bool
	rows   int
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
		s.xml = s.xml || c.usesXML()
	}
	return s, nil
}

// UsesXML reports whether rows have to come with their XML.
func (s *Set) UsesXML() bool { return s.xml }

func (c *check) usesXML() bool {
	switch m := c.matcher.(type) {
	case *occurrence:
		return m.filter.UsesXML()
	case *order:
		for _, f := range m.filters {
			if f.UsesXML() {
				return true
			}
		}
	case *within:
		return m.filters[0].UsesXML() || m.filters[1].UsesXML()
	}
	return false
}

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

// Results says which rules hold, after all rows. file is what the trace is of.
func (s *Set) Results(file string) []verdict.Result {
	var list []verdict.Result
	for _, c := range s.checks {
		r := verdict.Result{Name: c.name(), File: file}
		if text := c.result(); text != "" {
			told := c.places()
			r.Status, r.Text, r.Places = verdict.Failed, text, told.rows
			lines := told.lines
			if c.rule.Says != "" {
				lines = append([]string{c.rule.Says}, lines...)
			}
			if told.count > most {
				lines = append(lines, fmt.Sprintf("and %d more", told.count-most))
			}
			for _, line := range lines {
				r.Detail += strings.ReplaceAll(line, "\n", `\n`) + "\n"
			}
		}
		list = append(list, r)
	}
	return list
}
