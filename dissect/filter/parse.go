package filter

import (
	"fmt"

	"talktrace/dissect"
)

// parse reads an expression. The grammar is Wireshark's:
//
//	or   = xor { ("or" | "||") xor }
//	xor  = and { ("xor" | "^^") and }
//	and  = not { ("and" | "&&") not }
//	not  = ("not" | "!") not | comparison | "(" or ")"
//	comparison = ["any" | "all"] operand [ operator operand { operator operand } | ["not"] "in" set ]
func parse(expression string) (node, error) {
	p := parser{s: expression}
	p.advance()
	if p.tok.kind == end && p.err == nil {
		return nil, p.fail("the filter is empty", `write one such as kind == "message"`)
	}
	n, err := p.or()
	switch {
	case err != nil:
		return nil, err
	case p.err != nil:
		return nil, p.err
	case p.tok.kind != end:
		return nil, p.unexpected("and, or, or the end")
	}
	return n, nil
}

// parser looks one token ahead.
type parser struct {
	s     string
	tok   token
	err   error // of the token
	depth int
}

// advance goes on to the next token. A token that cannot be read is reported by
// whoever looks for one there.
func (p *parser) advance() {
	t, err := scan(p.s, p.tok.end)
	if err != nil {
		p.err = err
		t = token{kind: end, at: p.tok.end, end: len(p.s)}
	}
	p.tok = t
}

func (p *parser) fail(problem, hint string) error {
	if p.err != nil {
		return p.err
	}
	return &Error{p.s, p.tok.at, problem, hint}
}

func (p *parser) unexpected(wanted string) error {
	if p.tok.kind == end {
		return p.fail("the filter ends where "+wanted+" is due", "")
	}
	hint := ""
	if p.tok.text == "=" && p.tok.kind == symbol {
		hint = "equality is =="
	}
	return p.fail(fmt.Sprintf("%s stands where %s is due", p.s[p.tok.at:p.tok.end], wanted), hint)
}

// is reports whether the token is one of some words or symbols.
func (p *parser) is(texts ...string) bool {
	if p.tok.kind != word && p.tok.kind != symbol {
		return false
	}
	for _, t := range texts {
		if p.tok.text == t {
			return true
		}
	}
	return false
}

// take goes past the token if it is one of some words or symbols.
func (p *parser) take(texts ...string) bool {
	if !p.is(texts...) {
		return false
	}
	p.advance()
	return true
}

// deeper counts what is nested.
func (p *parser) deeper() error {
	if p.depth++; p.depth > MaxDepth {
		return p.fail("the filter is nested too deeply", "")
	}
	return nil
}

func (p *parser) or() (node, error)  { return p.logical(wordOr, "||", p.xor) }
func (p *parser) xor() (node, error) { return p.logical(wordXor, "^^", p.and) }
func (p *parser) and() (node, error) { return p.logical(wordAnd, "&&", p.not) }

// logical reads parts with the same word between them.
func (p *parser) logical(text, sign string, part func() (node, error)) (node, error) {
	first, err := part()
	if err != nil {
		return nil, err
	}
	if !p.is(text, sign) {
		return first, nil
	}
	l := &logical{word: text}
	l.add(first)
	for p.take(text, sign) {
		next, err := part()
		if err != nil {
			return nil, err
		}
		l.add(next)
	}
	return l, nil
}

// add adds a part, or the parts of one with the same word: it does not matter
// how they are put into parentheses.
func (l *logical) add(n node) {
	if inner, ok := n.(*logical); ok && inner.word == l.word {
		l.of = append(l.of, inner.of...)
		return
	}
	l.of = append(l.of, n)
}

func (p *parser) not() (node, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	switch {
	case p.take(wordNot, "!"):
		n, err := p.not()
		if err != nil {
			return nil, err
		}
		return &negation{n}, nil
	case p.is("("):
		open := p.tok.at
		p.advance()
		n, err := p.or()
		if err != nil {
			return nil, err
		}
		if !p.take(")") {
			if p.tok.kind == end && p.err == nil {
				return nil, &Error{p.s, open, "the parenthesis is not closed", ""}
			}
			return nil, p.unexpected("and, or, or a closing parenthesis")
		}
		return n, nil
	}
	return p.test()
}

// operators are the signs and words of comparisons. Where quantity is set they
// say themselves for how many values they are to hold.
var operators = map[string]struct {
	op       op
	all      bool
	quantity bool
}{
	"==": {op: equal}, "eq": {op: equal},
	"any_eq": {op: equal, quantity: true}, "all_eq": {op: equal, all: true, quantity: true}, "===": {op: equal, all: true, quantity: true},
	"!=": {op: unequal, all: true}, "ne": {op: unequal, all: true}, "all_ne": {op: unequal, all: true, quantity: true},
	"any_ne": {op: unequal, quantity: true}, "!==": {op: unequal, quantity: true}, "~=": {op: unequal, quantity: true},
	"<": {op: less}, "lt": {op: less}, "<=": {op: lessOrEqual}, "le": {op: lessOrEqual},
	">": {op: greater}, "gt": {op: greater}, ">=": {op: greaterOrEqual}, "ge": {op: greaterOrEqual},
	"contains": {op: contains}, "matches": {op: matches}, "~": {op: matches},
}

// test reads a comparison, or a field that is to be there.
func (p *parser) test() (node, error) {
	quantifier := ""
	if p.is("any", "all") {
		quantifier = p.tok.text
		p.advance()
	}
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	if n, err := p.membership(left, quantifier); n != nil || err != nil {
		return n, err
	}
	all := &logical{word: wordAnd}
	for {
		n, err := p.relation(left, quantifier)
		switch {
		case err != nil:
			return nil, err
		case n == nil && len(all.of) == 0 && quantifier != "":
			return nil, p.unexpected("a comparison, behind " + quantifier + " and a field,")
		case n == nil && len(all.of) == 0:
			return &existence{left}, nil
		case n == nil && len(all.of) == 1:
			return all.of[0], nil
		case n == nil:
			return all, nil
		}
		all.of = append(all.of, n)
		left = n.right // a < b < c
	}
}

// relation reads an operator and what is behind it; nil if there is none.
func (p *parser) relation(left operand, quantifier string) (*relation, error) {
	known, ok := operators[p.tok.text]
	if !ok || !p.is(p.tok.text) {
		return nil, nil
	}
	if known.quantity && quantifier != "" {
		return nil, p.fail(fmt.Sprintf("%s says itself for how many values it is to hold", p.tok.text), "leave "+quantifier+" out, or use == or !=")
	}
	r := &relation{op: known.op, all: known.all, left: left}
	if quantifier != "" {
		r.all = quantifier == "all"
	}
	p.advance()
	var err error
	r.right, err = p.operand()
	return r, err
}

// membership reads a set and the word in front of it; nil if there is none.
func (p *parser) membership(left operand, quantifier string) (node, error) {
	negated := p.is(wordNot)
	if negated {
		p.advance()
		if !p.is("in") {
			return nil, p.unexpected("in")
		}
	}
	if !p.take("in") {
		return nil, nil
	}
	if !p.take("{") {
		return nil, p.fail("in wants a set", "as in tcp.port in {5222, 7000..7010}")
	}
	m := &membership{left: left, all: quantifier == "all"}
	for !p.take("}") {
		x, err := p.element()
		if err != nil {
			return nil, err
		}
		m.set = append(m.set, x)
		p.take(",")
	}
	if len(m.set) == 0 {
		return nil, p.fail("the set is empty", "as in tcp.port in {5222, 7000..7010}")
	}
	if negated {
		return &negation{m}, nil
	}
	return m, nil
}

// element reads a value of a set, or a range.
func (p *parser) element() (x element, err error) {
	if x.from, err = p.literal(); err != nil || !p.take("..") {
		return x, err
	}
	x.to, err = p.literal()
	return x, err
}

// reserved are the words that are no values.
func reserved(text string) bool {
	switch text {
	case wordAnd, wordOr, wordXor, wordNot, "in", "any", "all":
		return true
	}
	_, operator := operators[text]
	return operator
}

func (p *parser) literal() (*literal, error) {
	t := p.tok
	if t.kind != quoted && t.kind != char && t.kind != word || t.kind == word && reserved(t.text) {
		return nil, p.unexpected("a value")
	}
	p.advance()
	return &literal{kind: t.kind, text: t.text, at: t.at}, nil
}

// operand reads a field, a value, or a function, with slices behind it.
func (p *parser) operand() (operand, error) {
	var o operand
	l, err := p.literal()
	if err != nil {
		return nil, err
	}
	switch _, known := dissect.LookupRef(l.text); {
	case l.kind == word && p.is("("):
		if o, err = p.call(l); err != nil {
			return nil, err
		}
	case l.kind == word && known:
		o = &field{name: l.text, at: l.at}
	default:
		o = l
	}
	for p.is("[") {
		if o, err = p.slice(o); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (p *parser) call(name *literal) (operand, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	p.advance()
	of, err := p.operand()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, p.unexpected("a closing parenthesis")
	}
	return &call{name: name.text, of: of, at: name.at}, nil
}
