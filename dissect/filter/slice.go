package filter

import (
	"strconv"
	"strings"
)

// maxSpans bounds the runs of bytes in a slice, and maxOffset where they are.
const (
	maxSpans  = 64
	maxOffset = 1 << 30
)

// slice reads [i], [i:n], [i-j], [:n] and [i:], and several with commas.
func (p *parser) slice(of operand) (operand, error) {
	open := p.tok.at
	s := &slice{of: of, at: of.offset()}
	if _, again := of.(*slice); again {
		return nil, p.fail("a slice of a slice", "take it from the field")
	}
	closing := strings.IndexByte(p.s[open:], ']')
	if closing < 0 {
		return nil, p.fail("the bracket is not closed", "as in xmpp.id[0:4]")
	}
	at := open + 1
	for part := range strings.SplitSeq(p.s[at:open+closing], ",") {
		x, ok := parseSpan(strings.TrimSpace(part))
		if !ok || len(s.spans) == maxSpans {
			return nil, &Error{p.s, at, "this is no run of bytes", "[0:4] are the first four, [4-7] those from 4 to 7, [-1] is the last one"}
		}
		s.spans = append(s.spans, x)
		at += len(part) + 1
	}
	p.tok.end = open + closing + 1
	p.advance()
	return s, nil
}

// parseSpan reads what stands between brackets or commas.
func parseSpan(s string) (x span, ok bool) {
	if from, to, counted := strings.Cut(s, ":"); counted {
		if x.from, ok = offset(from, 0); !ok {
			return x, false
		}
		if strings.TrimSpace(to) == "" {
			x.rest = true
			return x, strings.TrimSpace(from) != ""
		}
		x.count = true
		x.to, ok = offset(to, 0)
		return x, ok && x.to > 0
	}
	if at := strings.IndexByte(strings.TrimPrefix(s, "-"), '-'); at >= 0 {
		at += len(s) - len(strings.TrimPrefix(s, "-"))
		var last bool
		x.from, ok = offset(s[:at], -maxOffset-1)
		x.to, last = offset(s[at+1:], -maxOffset-1)
		return x, ok && last && ((x.from < 0) != (x.to < 0) || x.from <= x.to)
	}
	x.from, ok = offset(s, -maxOffset-1)
	x.to, x.count = 1, true
	return x, ok
}

// offset reads a number; missing is what an empty text stands for, no number if
// it is out of bounds.
func offset(s string, missing int) (int, bool) {
	n := missing
	if s = strings.TrimSpace(s); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			return 0, false
		}
	}
	return n, -maxOffset <= n && n <= maxOffset
}
