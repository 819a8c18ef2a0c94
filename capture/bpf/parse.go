package bpf

import "errors"

// A parser reads a filter once, from its beginning to its end, and makes its
// condition on the way: what a word means depends on those before it.
type parser struct {
	layout
	tokens []token
	at     int
	depth  int
	tags   bool // VLAN tags were spoken of

	// before qualifies a word that stands alone, as the 443 of "port 80 or 443":
	// it is what was said last.
	before qualifier
}

// A qualifier is what stands before an address or a number and says what it is.
type qualifier struct {
	protocol  string // "" is any
	direction direction
	kind      string // "host", "net", "port", "portrange" or "proto"; "" where nothing was said
}

// parse makes the condition that a filter states, and reports whether that is
// about VLAN tags.
func parse(filter string, l layout) (condition node, tags bool, err error) {
	tokens, err := scan(filter)
	if err != nil {
		return nil, false, err
	}
	p := &parser{layout: l, tokens: tokens}
	if p.next().text == "" {
		return verdict(true), false, nil
	}
	condition, err = p.conditions()
	if err != nil {
		return nil, false, err
	}
	if t := p.next(); t.text != "" || t.quoted {
		return nil, false, wrong(t, `is not what can follow here: "and" and "or" join conditions`)
	}
	return condition, p.tags, nil
}

func wrong(t token, problem string) error {
	return &Error{Word: t.text, Column: t.column, Problem: problem}
}

func (p *parser) next() token { return p.tokens[p.at] }

// take reads the next token if it is one of some.
func (p *parser) take(texts ...string) (string, bool) {
	t := p.next()
	for _, text := range texts {
		if t.text == text && !t.quoted {
			p.at++
			return text, true
		}
	}
	return "", false
}

// conditions reads conditions between which are "and" and "or". Both bind alike,
// from left to right.
func (p *parser) conditions() (node, error) {
	left, err := p.condition()
	for err == nil {
		var right node
		if _, ok := p.take("and", "&&"); ok {
			right, err = p.condition()
			left = all(left, right)
		} else if _, ok := p.take("or", "||"); ok {
			right, err = p.condition()
			left = either(left, right)
		} else {
			return left, nil
		}
	}
	return nil, err
}

// condition reads one condition: negated, in parentheses, or itself.
func (p *parser) condition() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, wrong(p.next(), "is nested too deep")
	}
	defer func() { p.depth-- }()
	if _, ok := p.take("not", "!"); ok {
		n, err := p.condition()
		if err != nil {
			return nil, err
		}
		return negated(n), nil
	}
	begin := p.at
	n, arithmetic, err := p.relation()
	if arithmetic && err == nil {
		return n, nil
	}
	reached := p.at
	p.at = begin
	if arithmetic && p.next().text != "(" {
		return nil, err
	}
	n, otherwise := p.primitive()
	if otherwise != nil && arithmetic && reached > p.at {
		return nil, err // it was meant that way
	}
	return n, otherwise
}

// primitive reads a condition that is not arithmetic.
func (p *parser) primitive() (node, error) {
	if _, ok := p.take("("); ok {
		before := p.before
		n, err := p.conditions()
		if err != nil {
			return nil, err
		}
		if _, ok := p.take(")"); !ok {
			return nil, wrong(p.next(), `stands where ")" is due`)
		}
		p.before = before
		return n, nil
	}
	if n, ok, err := p.whole(); ok {
		p.before = qualifier{}
		return n, err
	}
	q, named, err := p.qualifier()
	if err != nil {
		return nil, err
	}
	if named && q.kind == "" && q.direction == anyEnd {
		return p.protocol(q.protocol)
	}
	if named {
		if q.kind == "" {
			q.kind = "host"
		}
		p.before = q
	}
	return p.identity()
}

// identity reads what the qualifiers stand before: an address, a port, a
// number, or several of them in parentheses.
func (p *parser) identity() (node, error) {
	t := p.next()
	switch {
	case t.text == "" && !t.quoted:
		return nil, wrong(t, "something is missing")
	case t.text == "(" || t.text == "not" || t.text == "!":
		return p.condition()
	case !t.quoted && (keywords[t.text] || sign(t.text) == t.text):
		return nil, wrong(t, "is not what can follow here")
	case p.before.kind == "":
		return nil, wrong(t, "is no word of capture filters, and what it stands for is not said: host, net, port or proto")
	}
	p.at++
	return p.qualified(t)
}

// keywords are words that are no names unless \ stands before them.
var keywords = func() map[string]bool {
	all := map[string]bool{}
	for name := range protocols {
		all[name] = true
	}
	for _, word := range [...]string{
		"and", "or", "not", "src", "dst", "host", "net", "mask", "port", "portrange", "proto", "less", "greater",
		"broadcast", "multicast", "vlan", "inbound", "outbound", "ifindex", "len",
	} {
		all[word] = true
	}
	return all
}()

// qualifier reads what says what the next word is. It reports whether anything did.
func (p *parser) qualifier() (q qualifier, named bool, err error) {
	begin := p.at
	if t := p.next(); !t.quoted {
		if _, ok := protocols[t.text]; ok {
			q.protocol = t.text
			p.at++
		}
	}
	if q.direction, err = p.direction(); err != nil {
		return q, true, err
	}
	kinds := []string{"host", "net", "port", "portrange", "proto"}
	if q.direction != anyEnd {
		kinds = kinds[:4]
	}
	q.kind, _ = p.take(kinds...)
	return q, p.at > begin, nil
}

// direction reads "src", "dst", or both with "or" or "and" between them.
func (p *parser) direction() (direction, error) {
	first, ok := p.take("src", "dst")
	if !ok {
		return anyEnd, nil
	}
	d, other := source, "dst"
	if first == "dst" {
		d, other = destination, "src"
	}
	if p.at+1 >= len(p.tokens) || p.tokens[p.at+1].text != other {
		return d, nil
	}
	if _, ok := p.take("or", "||"); ok {
		p.at++
		return eitherEnd, nil
	}
	if _, ok := p.take("and", "&&"); ok {
		p.at++
		return bothEnds, nil
	}
	return d, nil
}

// whole reads a condition that stands for itself.
func (p *parser) whole() (n node, ok bool, err error) {
	word := p.next()
	text, ok := p.take("less", "greater", "vlan", "broadcast", "multicast", "inbound", "outbound", "ifindex")
	if !ok {
		return nil, false, nil
	}
	switch text {
	case "less", "greater", "ifindex":
		var k uint32
		if k, err = p.number(); err != nil {
			return nil, true, err
		}
		switch text {
		case "less":
			n, err = p.compare(size{}, comparisons["<="], constant(k))
		case "greater":
			n, err = p.compare(size{}, comparisons[">="], constant(k))
		default:
			n, err = p.cameBy(k)
		}
	case "vlan":
		n, err = p.vlan()
	case "broadcast", "multicast":
		n, err = p.toAll("", text == "multicast")
	default:
		n, err = p.outbound()
		if text == "inbound" && err == nil {
			n = negated(n)
		}
	}
	return n, true, at(word, err)
}

// at says where an error is, if nothing has said it.
func at(t token, err error) error {
	if _, known := errors.AsType[*Error](err); known || err == nil {
		return err
	}
	return wrong(t, err.Error())
}

// number reads a number.
func (p *parser) number() (uint32, error) {
	t := p.next()
	if t.text == "" || t.quoted {
		return 0, wrong(t, "a number is missing")
	}
	k, ok := number(t.text)
	if !ok {
		return 0, wrong(t, "is no number")
	}
	p.at++
	return k, nil
}

// vlan reads the number of a VLAN, if there is one, behind that word.
func (p *parser) vlan() (node, error) {
	p.tags = true
	t := p.next()
	if t.text == "" || !digit(t.text[0]) {
		return p.tagged(0, false)
	}
	id, err := p.number()
	if err == nil && id > 4095 {
		err = wrong(t, "is more than 4095, the last number of a VLAN")
	}
	if err != nil {
		return nil, err
	}
	return p.tagged(id, true)
}

// protocol is the condition that the name of a protocol is by itself.
func (p *parser) protocol(name string) (node, error) {
	p.before = qualifier{}
	word := p.tokens[p.at-1]
	if text, ok := p.take("broadcast", "multicast"); ok {
		n, err := p.toAll(name, text == "multicast")
		return n, at(p.tokens[p.at-1], err)
	}
	known := protocols[name]
	if known.ether == 0 && known.ip == 0 {
		return nil, wrong(word, "is no condition by itself: host, proto, broadcast or multicast follows")
	}
	return p.is(known), nil
}
