package assert

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"talktrace/dissect"
	"talktrace/dissect/filter"
)

// compile makes of a rule what watches rows for it. A mistake in a filter is a
// *filter.Error, with the place of the rule in front of it.
func (r *Rule) compile() (*check, error) {
	c := &check{rule: *r, scopes: map[int]*scope{}, bosh: map[hosts]int{}}
	if err := r.says(); err != nil {
		return nil, err
	}
	var err error
	switch {
	case r.Show != "":
		err = c.occurs("show", r.Show, 1, -1)
	case r.Expect != "":
		err = c.occurs("expect", r.Expect, 1, -1)
	case r.Forbid != "":
		err = c.occurs("forbid", r.Forbid, 0, 0)
	case r.Count != "":
		if r.Times == nil {
			return nil, r.wrong("count", errors.New(`count goes with times, which says how many rows there are: times = 3, or "3..5", "3..", "..5"`))
		}
		var least, most int
		if least, most, err = parseTimes(r.times()); err != nil {
			return nil, r.wrong("times", err)
		}
		err = c.occurs("count", r.Count, least, most)
	case r.Order != nil:
		err = c.follows()
	case r.Within != "":
		err = c.inTime()
	default:
		err = c.findings()
	}
	if err == nil {
		c.given, err = c.optional("given", r.Given)
	}
	if err == nil {
		c.after, err = c.optional("after", r.After)
	}
	if err == nil {
		c.before, err = c.optional("before", r.Before)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// says finds mistakes in what a rule is made of.
func (r *Rule) says() error {
	kinds := 0
	for _, used := range []bool{r.Expect != "", r.Forbid != "", r.Count != "", r.Order != nil, r.Within != "", r.NoFindings != "", r.Show != ""} {
		if used {
			kinds++
		}
	}
	switch {
	case kinds == 0:
		return r.wrong("", errors.New("it says nothing: one of expect, forbid, count, order, within, no-findings and show has to be there, and not to be empty"))
	case kinds > 1:
		return r.wrong("", errors.New("a rule says one thing: expect, forbid, count, order, within, no-findings or show"))
	case r.Times != nil && r.Count == "":
		return r.wrong("times", errors.New("times goes with count"))
	case r.Between != nil && r.Within == "":
		return r.wrong("between", errors.New("between goes with within"))
	case r.Level != "" && r.Level != "error" && r.Level != "warning":
		return r.wrong("level", fmt.Errorf("%q is no level: write error or warning", r.Level))
	case r.Per != "" && r.Per != "connection":
		return r.wrong("per", fmt.Errorf("%q is nothing that rules are about: write connection", r.Per))
	case r.NoFindings != "" && (r.Per != "" || r.After != "" || r.Before != ""):
		return r.wrong("no-findings", errors.New("no-findings is about the whole capture, without per, after and before"))
	}
	return nil
}

// wrong is a mistake in a rule, at one of its keys.
func (r *Rule) wrong(key string, err error) error {
	switch {
	case r.origin != "":
		return fmt.Errorf("%s: %w", r.origin, err)
	case r.lines.file != "":
		return fmt.Errorf("%s: %s: %w", r.lines.at(key), r.name(), err)
	}
	return fmt.Errorf("%s: %w", r.name(), err)
}

// filters compiles the filters under a key.
func (c *check) filters(key string, texts ...string) ([]*filter.Filter, error) {
	var list []*filter.Filter
	for _, text := range texts {
		if strings.TrimSpace(text) == "" {
			return nil, c.rule.wrong(key, errors.New("there is an empty filter, which would hold for all rows"))
		}
		f, err := filter.Compile(text)
		if err != nil {
			return nil, c.rule.wrong(key, err)
		}
		list = append(list, f)
		c.used = append(c.used, use{key, f})
	}
	return list, nil
}

// optional compiles a filter that need not be there.
func (c *check) optional(key, text string) (*filter.Filter, error) {
	if text == "" {
		return nil, nil
	}
	list, err := c.filters(key, text)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func (c *check) occurs(key, text string, from, to int) error {
	list, err := c.filters(key, text)
	if err != nil {
		return err
	}
	room := most
	c.build = func() matcher {
		return &occurrence{filter: list[0], text: text, least: from, most: to, room: &room}
	}
	return nil
}

func (c *check) follows() error {
	texts := c.rule.Order
	if len(texts) < 2 {
		return c.rule.wrong("order", errors.New("an order is one of two filters or more"))
	}
	list, err := c.filters("order", texts...)
	if err != nil {
		return err
	}
	c.build = func() matcher { return &order{filters: list, texts: texts} }
	return nil
}

func (c *check) inTime() error {
	limit, err := time.ParseDuration(c.rule.Within)
	if err != nil || limit < 0 {
		return c.rule.wrong("within", fmt.Errorf("%q is no time: write 200ms or 1.5s", c.rule.Within))
	}
	if c.rule.Between == nil {
		return c.rule.wrong("within", errors.New(`within goes with between, the two filters: between = ['kind == "auth"', 'kind == "success"']`))
	}
	if n := len(c.rule.Between); n != 2 {
		return c.rule.wrong("between", fmt.Errorf("within is about two filters, not %d", n))
	}
	list, err := c.filters("between", c.rule.Between...)
	if err != nil {
		return err
	}
	c.build = func() matcher { return &within{filters: list, limit: limit} }
	return nil
}

func (c *check) findings() error {
	var known []string
	for s := dissect.Chat; s <= dissect.Error; s++ {
		if c.rule.NoFindings == s.String() {
			c.build = func() matcher { return &noFindings{least: s} }
			c.scope(0) // findings may be there without rows
			return nil
		}
		known = append(known, s.String())
	}
	slices.Reverse(known)
	return c.rule.wrong("no-findings", fmt.Errorf("%q is no severity: write %s", c.rule.NoFindings, strings.Join(known, ", ")))
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
