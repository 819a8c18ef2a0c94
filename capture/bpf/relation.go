package bpf

import "slices"

// relation reads a comparison of two numbers, such as tcp[13] & 2 != 0. It
// reports whether what stands there can be one at all.
func (p *parser) relation() (n node, arithmetic bool, err error) {
	if !p.mayCompute() {
		return nil, false, nil
	}
	var needs []node
	left, err := p.expression(0, &needs)
	if err != nil {
		return nil, true, err
	}
	sign := p.next()
	how, ok := comparisons[sign.text]
	if !ok {
		return nil, true, wrong(sign, "stands where a comparison is due: =, !=, <, <=, > or >=")
	}
	p.at++
	right, err := p.expression(0, &needs)
	if err != nil {
		return nil, true, err
	}
	compared, err := p.compare(left, how, right)
	if err != nil {
		return nil, true, at(sign, err)
	}
	p.before = qualifier{}
	return all(append(needs, compared)...), true, nil
}

// mayCompute reports whether a number may stand next. A number alone may also
// be what an earlier word says that it is.
func (p *parser) mayCompute() bool {
	t := p.next()
	if t.text == "" || t.quoted {
		return false
	}
	following := p.tokens[p.at+1].text
	if _, ok := protocols[t.text]; ok {
		return following == "["
	}
	_, named := numbers[t.text]
	_, counted := number(t.text)
	if counted {
		_, compares := comparisons[following]
		return compares || p.operator(following) || following == "/" && p.before.kind != "net"
	}
	return named || t.text == "len" || t.text == "-" || t.text == "("
}

// operator reports whether a text is a sign of an operation that can stand
// behind a number and nowhere else.
func (p *parser) operator(text string) bool {
	for _, level := range operations {
		if _, ok := level[text]; ok && text != "/" {
			return true
		}
	}
	return false
}

// expression reads operations that bind at least so strongly. The conditions
// without which it has no value are added to needs.
func (p *parser) expression(level int, needs *[]node) (expression, error) {
	if level == len(operations) {
		return p.operand(needs)
	}
	left, err := p.expression(level+1, needs)
	for err == nil {
		sign := p.next()
		op, ok := operations[level][sign.text]
		if !ok {
			return left, nil
		}
		p.at++
		var right expression
		if right, err = p.expression(level+1, needs); err == nil {
			left, err = combined(op, left, right)
			err = at(sign, err)
		}
	}
	return nil, err
}

func (p *parser) operand(needs *[]node) (expression, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, wrong(p.next(), "is nested too deep")
	}
	defer func() { p.depth-- }()
	t := p.next()
	p.at = min(p.at+1, len(p.tokens)-1)
	if k, ok := number(t.text); ok {
		return constant(k), nil
	}
	if k, ok := numbers[t.text]; ok {
		return constant(k), nil
	}
	switch t.text {
	case "len":
		return size{}, nil
	case "-":
		of, err := p.operand(needs)
		if err != nil {
			return nil, err
		}
		return combined(computeSub, constant(0), of)
	case "(":
		inner, err := p.expression(0, needs)
		if err != nil {
			return nil, err
		}
		if _, ok := p.take(")"); !ok {
			return nil, wrong(p.next(), `stands where ")" is due`)
		}
		return inner, nil
	}
	if known, ok := protocols[t.text]; ok && p.next().text == "[" {
		return p.octets(t, known, needs)
	}
	if t.text == "" {
		return nil, wrong(t, "a number is missing")
	}
	return nil, wrong(t, "is no number; between two of them there is space around a hyphen")
}

// octets reads the brackets behind a protocol: [index] or [index : size].
func (p *parser) octets(word token, of protocol, needs *[]node) (expression, error) {
	p.at++
	var inner []node
	index, err := p.expression(0, &inner)
	if err != nil {
		return nil, err
	}
	o := &octets{index: index, size: 1}
	if _, ok := p.take(":"); ok {
		t := p.next()
		k, err := p.number()
		if err != nil {
			return nil, err
		}
		if k != 1 && k != 2 && k != 4 {
			return nil, wrong(t, "bytes cannot be read at once: 1, 2 or 4 can")
		}
		o.size = int(k)
	}
	if _, ok := p.take("]"); !ok {
		return nil, wrong(p.next(), `stands where "]" is due`)
	}
	conditions, err := p.begins(word, of, o)
	if err != nil {
		return nil, err
	}
	*needs = append(*needs, slices.Concat(conditions[:min(1, len(conditions))], inner, conditions[min(1, len(conditions)):])...)
	return o, nil
}

// begins says where a protocol begins, and returns the conditions for that.
func (p *parser) begins(word token, of protocol, o *octets) ([]node, error) {
	switch {
	case !of.indexed:
		return nil, wrong(word, "is no protocol whose bytes can be asked for")
	case of.ether != 0:
		o.begin = p.network
		return []node{p.carries(of.ether)}, nil
	case of.ip == 0 && p.hidden() > 0:
		return nil, wrong(word, "is not there in cooked frames")
	case of.ip == 0:
		return nil, nil
	case of.ip == protocolICMPv6:
		o.begin = p.network + 40
		return []node{p.is(of)}, nil
	}
	o.begin, o.transport = p.network, true
	return []node{p.carries(etherIP), equal(1, p.network+9, of.ip), p.layout.begins()}, nil
}
