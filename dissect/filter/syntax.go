package filter

import (
	"fmt"
	"strconv"
)

// node is a test as it was written. append appends it in the fixed spelling.
type node interface {
	append(dst []byte) []byte
	// binds is how strongly the node holds its parts together: one that binds less
	// than what it stands in needs parentheses.
	binds() int
}

// How strongly nodes bind; in Wireshark, and binds more than or.
const (
	bindsOr = iota
	bindsXor
	bindsAnd
	bindsNot
	bindsTest
)

// The words of logic.
const (
	wordAnd = "and"
	wordOr  = "or"
	wordXor = "xor"
	wordNot = "not"
)

// logical is two nodes or more with the same word between them.
type logical struct {
	word string
	of   []node
}

// negation is not.
type negation struct{ of node }

// existence is a field, or a part of one, alone.
type existence struct{ of operand }

// relation is a comparison.
type relation struct {
	op          op
	all         bool // it must hold for all values, rather than for any
	left, right operand
}

// membership is in {…}.
type membership struct {
	all  bool
	left operand
	set  []element
}

// element is a value of a set, or a range of them.
type element struct{ from, to *literal }

// op is an operator.
type op uint8

const (
	equal op = iota
	unequal
	less
	lessOrEqual
	greater
	greaterOrEqual
	contains
	matches
)

var opNames = [...]string{"==", "!=", "<", "<=", ">", ">=", "contains", "matches"}

func (l *logical) binds() int {
	switch l.word {
	case wordOr:
		return bindsOr
	case wordXor:
		return bindsXor
	}
	return bindsAnd
}

func (*negation) binds() int   { return bindsNot }
func (*existence) binds() int  { return bindsTest }
func (*relation) binds() int   { return bindsTest }
func (*membership) binds() int { return bindsTest }

func (l *logical) append(dst []byte) []byte {
	for i, n := range l.of {
		if i > 0 {
			dst = append(append(append(dst, ' '), l.word...), ' ')
		}
		dst = appendPart(dst, n, l.binds()+1)
	}
	return dst
}

// appendPart appends a node inside one that needs it to bind at least so much.
func appendPart(dst []byte, n node, least int) []byte {
	if n.binds() >= least {
		return n.append(dst)
	}
	return append(n.append(append(dst, '(')), ')')
}

func (n *negation) append(dst []byte) []byte {
	return appendPart(append(dst, wordNot+" "...), n.of, bindsNot)
}

func (x *existence) append(dst []byte) []byte { return x.of.append(dst) }

// spelling returns how the operator is written with its quantifier, and what
// stands in front of the comparison.
func (r *relation) spelling() (before, between string) {
	switch {
	case r.op == equal && r.all:
		return "", "==="
	case r.op == unequal && !r.all:
		return "", "!=="
	case r.op != unequal && r.all:
		return "all ", opNames[r.op]
	}
	return "", opNames[r.op]
}

func (r *relation) append(dst []byte) []byte {
	before, between := r.spelling()
	dst = r.left.append(append(dst, before...))
	dst = append(append(append(dst, ' '), between...), ' ')
	return r.right.append(dst)
}

func (m *membership) append(dst []byte) []byte {
	if m.all {
		dst = append(dst, "all "...)
	}
	dst = append(m.left.append(dst), " in {"...)
	for i, x := range m.set {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if dst = x.from.append(dst); x.to != nil {
			dst = x.to.append(append(dst, ".."...))
		}
	}
	return append(dst, '}')
}

// operand is what can be compared.
type operand interface {
	append(dst []byte) []byte
	offset() int // into the expression
}

// field is a field's name.
type field struct {
	name string
	at   int
}

// literal is a value.
type literal struct {
	kind tokenKind // word, quoted or char
	text string
	at   int
}

// slice is some of the bytes of a value.
type slice struct {
	of    operand
	spans []span
	at    int
}

// call is a function of a value.
type call struct {
	name string
	of   operand
	at   int
}

// span is a run of bytes. What is negative counts from the end of the value.
type span struct {
	from  int
	to    int  // the last byte or, with count set, how many there are
	count bool // to is a number of bytes
	rest  bool // all that follow; to means nothing
}

func (f *field) offset() int   { return f.at }
func (l *literal) offset() int { return l.at }
func (s *slice) offset() int   { return s.at }
func (c *call) offset() int    { return c.at }

func (f *field) append(dst []byte) []byte { return append(dst, f.name...) }

func (l *literal) append(dst []byte) []byte {
	switch l.kind {
	case quoted:
		return appendQuoted(dst, l.text)
	case char:
		return fmt.Appendf(dst, `'\x%02x'`, l.text[0])
	}
	return append(dst, l.text...)
}

func (s *slice) append(dst []byte) []byte {
	dst = append(s.of.append(dst), '[')
	for i, x := range s.spans {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = x.append(dst)
	}
	return append(dst, ']')
}

func (x span) append(dst []byte) []byte {
	dst = strconv.AppendInt(dst, int64(x.from), 10)
	switch {
	case x.rest:
		return append(dst, ':')
	case x.count && x.to == 1:
		return dst
	case x.count:
		return strconv.AppendInt(append(dst, ':'), int64(x.to), 10)
	}
	return strconv.AppendInt(append(dst, '-'), int64(x.to), 10)
}

func (c *call) append(dst []byte) []byte {
	return append(c.of.append(append(append(dst, c.name...), '(')), ')')
}
