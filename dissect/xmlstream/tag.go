package xmlstream

import "bytes"

// startTag reads the start tag (or empty-element tag) at i, opens its element
// and returns the index behind it.
func (p *Parser) startTag(data []byte, i int) (int, status) {
	name, j, st := p.name(data, i+1)
	if st != complete {
		return j, st
	}
	if len(p.open) > 0 && string(data[name.Off:name.End]) == "stream:stream" {
		p.at, p.reason = i, "a new stream begins inside an element"
		return 0, restart
	}
	if len(p.open) == MaxDepth {
		return p.broke(i, "elements nested more than 512 deep")
	}
	el := openElement{name: name, node: -1, last: -1, binds: len(p.binds), def: p.defaultNS()}
	first := len(p.Tree.Attrs)
	plain := true // no attribute has a prefix
	for {
		k := skipSpace(data, j)
		if k == len(data) {
			return 0, incomplete
		}
		c := data[k]
		if c == '>' || c == '/' {
			j = k
			break
		}
		if k == j {
			return p.broke(k, "a tag that is not well-formed")
		}
		if len(p.Tree.Attrs)-first == MaxAttributes {
			return p.broke(k, "more than 256 attributes")
		}
		if j, st = p.attribute(data, k, &el); st != complete {
			return j, st
		}
		a := &p.Tree.Attrs[len(p.Tree.Attrs)-1]
		plain = plain && a.Local == a.Name.Off
	}
	empty := data[j] == '/'
	if empty {
		if j++; j == len(data) {
			return 0, incomplete
		}
		if data[j] != '>' {
			return p.broke(j, "a tag that is not well-formed")
		}
	}
	j++
	if at, st := p.unique(data, first, plain); st != complete {
		return at, st
	}
	p.push(data, i, j, first, el, empty)
	return j, complete
}

// qname is a qualified name.
type qname struct {
	Span
	local uint32 // where its local part begins; End where there is none
}

// name reads a name at i.
func (p *Parser) name(data []byte, i int) (qname, int, status) {
	if i == len(data) {
		return qname{}, 0, incomplete
	}
	if class[data[i]]&startName == 0 || data[i] == ':' {
		at, st := p.broke(i, "a < that begins no tag")
		return qname{}, at, st
	}
	j := i + 1
	high := data[i]
	local := i
	for {
		for j < len(data) && class[data[j]]&inPart != 0 {
			high |= data[j]
			j++
		}
		if j == len(data) {
			return qname{}, 0, incomplete
		}
		if data[j] != ':' {
			break
		}
		// One colon at most, with something behind it (Namespaces in XML 1.0,
		// section 4).
		j++
		if local != i || j < len(data) && (class[data[j]]&startName == 0 || data[j] == ':') {
			local = -1
		} else {
			local = j
		}
	}
	p.high = p.high || high >= 0x80
	name := qname{Span{uint32(i), uint32(j)}, uint32(local)}
	if local < 0 {
		name.local = name.End
	}
	return name, j, complete
}

// attribute reads the attribute at i and, where it declares a namespace, binds
// it.
func (p *Parser) attribute(data []byte, i int, el *openElement) (int, status) {
	name, j, st := p.name(data, i)
	if st != complete {
		return j, st
	}
	j = skipSpace(data, j)
	if j == len(data) {
		return 0, incomplete
	}
	if data[j] != '=' {
		return p.broke(j, "an attribute without a value")
	}
	if j = skipSpace(data, j+1); j == len(data) {
		return 0, incomplete
	}
	quote := data[j]
	if quote != '\'' && quote != '"' {
		return p.broke(j, "an attribute value without quotes")
	}
	value := j + 1
	end, escaped, st := p.value(data, value, quote)
	if st != complete {
		return end, st
	}
	if name.local == name.End {
		return p.broke(i, "a name that is not well-formed")
	}
	p.Tree.Attrs = append(p.Tree.Attrs, Attr{
		Name: name.Span, Local: name.local, Value: Span{uint32(value), uint32(end)}, Escaped: escaped,
	})
	if data[name.Off] == 'x' {
		if st := p.declare(data, &p.Tree.Attrs[len(p.Tree.Attrs)-1], el); st != complete {
			p.at = i
			return 0, st
		}
	}
	return end + 1, complete
}

// value passes over an attribute value from i to its closing quote.
func (p *Parser) value(data []byte, i int, quote byte) (end int, escaped bool, st status) {
	for {
		n, high := plain(data[i:], quote, '<', '&')
		p.high = p.high || high
		if i += n; i == len(data) {
			return 0, false, incomplete
		}
		switch c := data[i]; c {
		case quote:
			return i, escaped, complete
		case '\t', '\n', '\r':
			escaped = true
			i++
		case '&':
			_, n := reference(data[i:])
			if n < 0 {
				return 0, false, incomplete
			}
			if n == 0 {
				at, st := p.broke(i, "an entity that XMPP does not know")
				return at, false, st
			}
			escaped = true
			i += n
		case '<':
			at, st := p.broke(i, "a < in an attribute value")
			return at, false, st
		default:
			at, st := p.broke(i, "a control character")
			return at, false, st
		}
	}
}

// declare binds a namespace if the attribute is a declaration.
func (p *Parser) declare(data []byte, a *Attr, el *openElement) status {
	switch qname := data[a.Name.Off:a.Name.End]; {
	case string(qname) == "xmlns":
		el.def = p.uri(a)
	case a.Local-a.Name.Off == 6 && string(qname[:6]) == "xmlns:":
		if len(p.binds) == maxBindings {
			p.reason = "too many namespace declarations"
			return broken
		}
		p.binds = append(p.binds, Binding{p.intern.String(qname[6:]), p.uri(a)})
	default:
		return complete
	}
	a.Space = "xmlns"
	return complete
}

func (p *Parser) uri(a *Attr) string {
	v := p.Tree.Bytes(a.Value)
	if a.Escaped {
		v = appendUnescaped(nil, v, true)
	}
	return p.intern.String(v)
}

func (p *Parser) defaultNS() string {
	if len(p.open) > 0 {
		return p.open[len(p.open)-1].def
	}
	return p.scope.Default
}

// resolve returns the namespace that a prefix is bound to.
func (p *Parser) resolve(prefix []byte) string {
	for i := len(p.binds) - 1; i >= 0; i-- {
		if p.binds[i].Prefix == string(prefix) {
			return p.binds[i].URI
		}
	}
	if uri, ok := p.scope.lookup(prefix); ok {
		return uri
	}
	if string(prefix) == "xml" {
		return nsXML
	}
	p.Flags |= UnboundPrefix
	return ""
}

// unique resolves the prefixes of the attributes from first on and sees to it
// that no two have the same name.
func (p *Parser) unique(data []byte, first int, plain bool) (int, status) {
	attrs := p.Tree.Attrs[first:]
	if !plain {
		for i := range attrs {
			if a := &attrs[i]; a.Local != a.Name.Off && a.Space == "" {
				a.Space = p.resolve(data[a.Name.Off : a.Local-1])
			}
		}
	}
	for i := 1; i < len(attrs); i++ {
		a := &attrs[i]
		name := data[a.Local:a.Name.End]
		for j := range attrs[:i] {
			b := &attrs[j]
			if b.Name.End-b.Local != uint32(len(name)) || !bytes.Equal(data[b.Local:b.Name.End], name) {
				continue
			}
			if a.Space == b.Space && (a.Space != "" || bytes.Equal(data[a.Name.Off:a.Name.End], data[b.Name.Off:b.Name.End])) {
				return p.broke(int(a.Name.Off), "an attribute that stands twice")
			}
		}
	}
	return 0, complete
}

// push puts the element whose start tag is data[i:j] into the tree and, unless
// it is empty, onto the stack.
func (p *Parser) push(data []byte, i, j, first int, el openElement, empty bool) {
	loc := el.name.local
	space := el.def
	if loc != el.name.Off && loc != el.name.End {
		space = p.resolve(data[el.name.Off : loc-1])
	} else if loc == el.name.End {
		loc = el.name.Off // more colons than one: keep the name whole
		p.Flags |= UnboundPrefix
		space = ""
	}
	parent := int32(-1)
	if len(p.open) > 0 {
		parent = p.open[len(p.open)-1].node
	}
	fits := len(p.Tree.Nodes) < maxNodes && len(p.Tree.Attrs) <= maxTreeAttrs
	if fits && (parent >= 0 || len(p.open) == 0) {
		el.node = int32(len(p.Tree.Nodes))
		p.Tree.Nodes = append(p.Tree.Nodes, Node{
			Space: space, Name: el.name.Span, Local: loc,
			Outer: Span{uint32(i), uint32(j)}, Inner: Span{uint32(j), uint32(j)},
			Parent: parent, Child: -1, Next: -1,
			Attrs: Span{uint32(first), uint32(len(p.Tree.Attrs))},
		})
		if parent >= 0 {
			up := &p.open[len(p.open)-1]
			if up.last >= 0 {
				p.Tree.Nodes[up.last].Next = el.node
			} else {
				p.Tree.Nodes[parent].Child = el.node
			}
			up.last = el.node
		}
	} else {
		p.Tree.Cut = true
		p.Tree.Attrs = p.Tree.Attrs[:first]
	}
	if empty {
		p.binds = p.binds[:el.binds]
		return
	}
	p.open = append(p.open, el)
}
