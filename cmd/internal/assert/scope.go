package assert

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"talktrace/cmd/internal/verdict"
	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/filter"
)

// check is a rule at work: on all rows, or on those of each connection.
type check struct {
	rule         Rule
	build        func() matcher
	given, after *filter.Filter // nil where the rule has none
	before       *filter.Filter // likewise
	used         []use
	scopes       map[int]*scope // by the number of the connection, from 1, or below 0 for those of BOSH; 0 is all
	keys         []int          // in the order in which they came up
	bosh         map[hosts]int
	full         bool  // there were more connections than are kept
	last         int64 // time of the latest row
}

// use is a filter that a rule has under one of its keys.
type use struct {
	key    string
	filter *filter.Filter
}

// hosts are the ends of a connection without their ports. BOSH uses several
// connections at a time for one conversation, so all that there are between two
// hosts are one.
type hosts [2]netip.Addr

// maxScopes bounds the connections that a rule keeps apart.
const maxScopes = 1 << 15

// scope is a rule at work on some of the rows.
type scope struct {
	matcher
	begun bool   // a row for after was there
	over  bool   // a row for before was there
	asked record // rows for given
}

// scope returns what is known under a key; nil where there is no room for more.
func (c *check) scope(key int) *scope {
	s := c.scopes[key]
	if s == nil && len(c.scopes) < maxScopes {
		s = &scope{matcher: c.build(), begun: c.after == nil}
		c.scopes[key] = s
		c.keys = append(c.keys, key)
	}
	return s
}

func (c *check) row(e *dissect.Event) {
	c.last = max(c.last, e.Time)
	s := c.scope(c.key(e))
	if s == nil {
		c.full = true
		return
	}
	if c.given != nil && c.given.Match(e) {
		s.asked.countRow(e, c.proves(s))
	}
	s.over = s.over || c.before != nil && c.before.Match(e)
	switch {
	case !s.begun:
		s.begun = c.after.Match(e)
	case !s.over:
		s.row(e)
	}
}

// key returns the scope that a row belongs to.
func (c *check) key(e *dissect.Event) int {
	switch {
	case c.rule.Per == "":
		return 0
	case !strings.Contains(e.Layers, ":bosh"):
		return e.Conn.Number + 1
	}
	ends := hosts{e.Conn.Addr[0].Addr(), e.Conn.Addr[1].Addr()}
	if c.bosh[ends] == 0 && len(c.bosh) < maxScopes {
		c.bosh[ends] = -len(c.bosh) - 1
	}
	return c.bosh[ends]
}

// proves reports whether rows for given may have to be told of, which they are
// where others are missing.
func (c *check) proves(s *scope) bool {
	if c.rule.Forbid != "" || c.rule.Show != "" || len(s.asked.rows) >= proofs {
		return false
	}
	return c.rule.Expect == "" || s.places().count == 0
}

func (c *check) finding(f *analysis.Finding) {
	if c.rule.NoFindings != "" {
		c.scope(0).finding(f)
	}
}

// aboutTLS reports whether it matters for the rule what rows travelled in.
func (c *check) aboutTLS() bool {
	return slices.ContainsFunc(c.used, func(u use) bool {
		return u.filter.Uses(func(name string) bool {
			return name == "tls" || strings.HasPrefix(name, "tls.") || strings.HasPrefix(name, "x509")
		})
	})
}

// outcome is what became of a rule in a scope, or over all.
type outcome struct {
	status verdict.Status
	text   string
	rows   record
	proofs int // rows that show that others are missing
}

// proofs is how many of the rows that show what is missing are told of.
const proofs = 3

func missing(proofs int) string {
	if proofs == 1 {
		return "missing, as 1 row shows"
	}
	return fmt.Sprintf("missing, as %d rows show", proofs)
}

// outcome judges a scope.
func (c *check) outcome(s *scope) outcome {
	text, absent := s.result(c.last)
	o := outcome{text: text, rows: *s.places()}
	if text != "" {
		o.status = verdict.Failed
	}
	switch {
	case c.rule.Show != "" && text != "",
		absent && c.given != nil && s.asked.count == 0,
		absent && !s.begun && (c.given == nil || text != ""):
		return outcome{status: verdict.Unseen}
	case absent && text != "" && c.given != nil:
		o.proofs = s.asked.count
		o.text = missing(o.proofs)
		o.rows.join(&s.asked, proofs)
	}
	return o
}

// result judges the rule.
func (c *check) result() outcome {
	if len(c.keys) == 0 {
		return outcome{status: verdict.Unseen}
	}
	if c.full {
		return outcome{status: verdict.Broken, text: fmt.Sprintf("there are more than %d connections", maxScopes)}
	}
	all := make(map[verdict.Status][]outcome)
	for _, key := range c.keys {
		o := c.outcome(c.scopes[key])
		all[o.status] = append(all[o.status], o)
	}
	for _, status := range []verdict.Status{verdict.Failed, verdict.Passed} {
		if list := all[status]; len(list) > 0 {
			return c.joined(list, len(all[verdict.Failed])+len(all[verdict.Passed]))
		}
	}
	return outcome{status: verdict.Unseen}
}

// joined makes one outcome of those of scopes, of so many that could be judged.
func (c *check) joined(list []outcome, judged int) outcome {
	o := list[0]
	if c.rule.Per == "" {
		return o
	}
	o.rows = record{rows: slices.Clone(o.rows.rows), lines: slices.Clone(o.rows.lines), count: o.rows.count}
	for i := range list[1:] {
		o.rows.join(&list[i+1].rows, most)
		o.proofs += list[i+1].proofs
	}
	if o.proofs > 0 {
		o.text = missing(o.proofs)
	}
	switch {
	case o.text == "":
	case c.rule.Forbid != "":
		o.text = fmt.Sprintf("in %d of %d connections: %s", len(list), judged, forbidden(o.rows.count))
	case len(list) > 1 && o.proofs == 0:
		o.text = fmt.Sprintf("in %d of %d connections, in the first: %s", len(list), judged, o.text)
	default:
		o.text = fmt.Sprintf("in %d of %d connections: %s", len(list), judged, o.text)
	}
	return o
}
