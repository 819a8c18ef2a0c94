package dissect

import (
	"strings"

	"talktrace/dissect/xmlstream"
)

// path is a way from an element to values in it, such as "item/@jid" or
// "status/text". Its steps are local names of children, in the namespace of the
// element that the path starts from; "*" is any child in any namespace, "~name"
// one of that name in any namespace, "!name" one of any other name. Behind a step
// may stand an attribute that the element has to have: "field(var=FORM_TYPE)". At
// the path's end stands one of
//
//	a step    the text of the element it leads to
//	@name     an attribute; @ns|name one in a namespace, @xml|lang that of XML
//	.         the element's own text
//	:         the element's local name
//
// so "" and "." are the text of the element itself and "*/:" are the names of
// its children.
type path struct {
	steps []step
	tail  tail
	space string // of the attribute
	attr  string
}

type step struct {
	name string // "" for any
	any  bool   // in any namespace
	not  bool   // any but name
	attr string // that it has to have, "" for none
	want string // the attribute's value
}

type tail uint8

const (
	tailText tail = iota
	tailAttr
	tailName
)

const nsXML = "http://www.w3.org/XML/1998/namespace"

func parsePath(s string) path {
	var p path
	if i := strings.IndexByte(s, '@'); i >= 0 {
		p.tail, p.attr, s = tailAttr, s[i+1:], s[:i]
		if space, name, ok := strings.Cut(p.attr, "|"); ok {
			if p.space, p.attr = space, name; space == "xml" {
				p.space = nsXML
			}
		}
	} else if strings.HasSuffix(s, ":") {
		p.tail, s = tailName, s[:len(s)-1]
	}
	for name := range strings.SplitSeq(strings.Trim(s, "/"), "/") {
		if name != "" && name != "." {
			p.steps = append(p.steps, parseStep(name))
		}
	}
	return p
}

func parseStep(s string) step {
	name, condition, _ := strings.Cut(strings.TrimSuffix(s, ")"), "(")
	attr, want, _ := strings.Cut(condition, "=")
	st := step{name: name, attr: attr, want: want}
	switch name[0] {
	case '*':
		st.name, st.any = "", true
	case '!':
		st.name, st.any, st.not = name[1:], true, true
	case '~':
		st.name, st.any = name[1:], true
	}
	return st
}

func (s *step) matches(t *xmlstream.Tree, n int32, space string) bool {
	if !s.any && t.Nodes[n].Space != space || s.name != "" && (string(t.Local(n)) == s.name) == s.not {
		return false
	}
	if s.attr == "" {
		return true
	}
	a := t.Attr(n, s.attr)
	return a != nil && string(t.Bytes(a.Value)) == s.want
}

// first returns the first node that the steps lead to, or -1.
func (p *path) first(t *xmlstream.Tree, n int32) int32 {
	return firstOf(t, n, t.Nodes[n].Space, p.steps)
}

func firstOf(t *xmlstream.Tree, n int32, space string, steps []step) int32 {
	if len(steps) == 0 {
		return n
	}
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if steps[0].matches(t, c, space) {
			if m := firstOf(t, c, space, steps[1:]); m >= 0 {
				return m
			}
		}
	}
	return -1
}

// find returns the first node that the steps lead to and that has the
// attribute, where the path ends in one.
func (p *path) find(t *xmlstream.Tree, n int32) (int32, *xmlstream.Attr) {
	m := p.first(t, n)
	if m < 0 || p.tail != tailAttr {
		return m, nil
	}
	if a := p.attribute(t, m); a != nil {
		return m, a
	}
	return -1, nil
}

func (p *path) attribute(t *xmlstream.Tree, n int32) *xmlstream.Attr {
	if p.space == "" {
		return t.Attr(n, p.attr)
	}
	return t.AttrNS(n, p.space, p.attr)
}

// each calls yield for all nodes that the steps lead to, in document order.
func (p *path) each(t *xmlstream.Tree, n int32, yield func(n int32)) {
	eachOf(t, n, t.Nodes[n].Space, p.steps, yield)
}

func eachOf(t *xmlstream.Tree, n int32, space string, steps []step, yield func(n int32)) {
	if len(steps) == 0 {
		yield(n)
		return
	}
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if steps[0].matches(t, c, space) {
			eachOf(t, c, space, steps[1:], yield)
		}
	}
}
