package filter

import (
	"fmt"
	"regexp"
	"strings"

	"talktrace/dissect"
)

// class is what can be compared with what.
type class uint8

const (
	nothing class = iota // the field is there or not
	text
	octets // bytes of text, of which a literal may be written in hexadecimal
	number
	boolean
	instant
	duration
	address
)

var classNames = [...]string{"nothing", "text", "bytes", "a number", "true or false", "a time", "a duration", "an address"}

// examples are comparisons of each class.
var examples = [...]string{
	nothing:  "xmpp.iq, or not xmpp.iq",
	text:     `kind == "message"`,
	octets:   `xmpp.id[0:2] == "ab", or == 61:62`,
	number:   "tcp.port == 5222",
	boolean:  "%s == true",
	instant:  `frame.time >= "2026-11-22 07:22:33"`,
	duration: "frame.time_relative > 1.5, in seconds",
	address:  "ip.addr == 192.0.2.0/24",
}

var classes = [...]class{
	dissect.Presence: nothing, dissect.Text: text, dissect.JID: text, dissect.Number: number, dissect.Boolean: boolean,
	dissect.Time: instant, dissect.Duration: duration, dissect.Address: address,
}

// alike reports whether values of two classes can be compared.
func alike(a, b class) bool { return a == b || textual(a) && textual(b) }

func textual(c class) bool { return c == text || c == octets }

// checker makes tests of what was parsed, and takes note of what they need.
type checker struct {
	expression string
	fields     []*dissect.FieldDef
	names      []string
	xml        bool
}

func (c *checker) fail(at int, hint, format string, args ...any) error {
	return &Error{c.expression, at, fmt.Sprintf(format, args...), hint}
}

// test makes the test for a node.
func (c *checker) test(n node) (test, error) {
	switch n := n.(type) {
	case *logical:
		parts := make([]test, 0, len(n.of))
		for _, of := range n.of {
			t, err := c.test(of)
			if err != nil {
				return nil, err
			}
			parts = append(parts, t)
		}
		switch n.word {
		case wordAnd:
			return allOf(parts), nil
		case wordOr:
			return anyOf(parts), nil
		}
		return oddOf(parts), nil
	case *negation:
		t, err := c.test(n.of)
		return none{t}, err
	case *existence:
		return c.existence(n)
	case *membership:
		return c.membership(n)
	case *relation:
		return c.relation(n)
	}
	return nil, c.fail(0, "", "not understood") // there are no other nodes
}

// existence makes the test whether a field is there.
func (c *checker) existence(x *existence) (test, error) {
	switch o := x.of.(type) {
	case *literal:
		return nil, c.unknown(o)
	case *call:
		return nil, c.fail(o.at, "as in len(xmpp.id) > 8", "%s() alone is no test: compare it with something", o.name)
	case *field:
		v, _ := c.field(o)
		return present{v}, nil
	}
	v, _, err := c.source(x.of)
	return present{v}, err
}

// unknown says that something is no field, and what may have been meant.
func (c *checker) unknown(l *literal) error {
	if l.kind != word {
		return c.fail(l.at, `as in kind == "message"`, "a value alone is no test: compare a field with it")
	}
	if instead := counterpart(l.text); instead != "" {
		return c.fail(l.at, instead, "there is no field %s", l.text)
	}
	near := dissect.NearestField(l.text)
	if near == "" {
		return c.fail(l.at, "talktrace fields lists all fields", "there is no field %s", l.text)
	}
	ref, _ := dissect.LookupRef(near)
	hint := fmt.Sprintf("did you mean %s? As in %s", near, example(near, classes[ref.Type]))
	return c.fail(l.at, hint, "there is no field %s", l.text)
}

// example is a comparison of a field.
func example(name string, cl class) string {
	switch cl {
	case nothing:
		return name
	case number:
		return name + " == 1"
	case boolean:
		return name + " == true"
	case instant:
		return name + ` >= "2026-11-22 07:22:33"`
	case duration:
		return name + " > 1.5"
	case address:
		return name + " == 192.0.2.0/24"
	}
	return name + ` == "…"`
}

// source makes what brings the values of an operand that is not a literal.
func (c *checker) source(o operand) (values, class, error) {
	switch o := o.(type) {
	case *field:
		return c.compared(o)
	case *slice:
		v, cl, err := c.source(o.of)
		if err == nil && !textual(cl) {
			err = c.fail(o.at, "take it from text, or from string(…)", "there are no bytes to take from %s", classNames[cl])
		}
		return &sliced{from: v, spans: o.spans}, octets, err
	case *call:
		return c.call(o)
	}
	return nil, nothing, c.unknown(o.(*literal))
}

// field makes what brings the values of a field.
func (c *checker) field(f *field) (*fieldValues, class) {
	ref, _ := dissect.LookupRef(f.name)
	c.names = append(c.names, f.name)
	c.fields = append(c.fields, ref.Defs...)
	if f.name == rowXML {
		c.xml = true
	}
	return newFieldValues(ref), classes[ref.Type]
}

// rowXML is the field that holds all of the row's XML. A comparison with xmpp,
// which has no value of its own, is one with that, as in Wireshark.
const rowXML = "xml"

// compared is field for a comparison.
func (c *checker) compared(f *field) (values, class, error) {
	if f.name == "xmpp" {
		f = &field{name: rowXML, at: f.at}
	}
	v, cl := c.field(f)
	if cl == nothing {
		hint := "write " + f.name + " alone, or not " + f.name
		if insides(f.name) {
			hint += "; " + lookInside
		}
		return nil, cl, c.fail(f.at, hint, "%s is there or not: it has no value to compare", f.name)
	}
	return v, cl, nil
}

// membership makes the test for a set.
func (c *checker) membership(m *membership) (test, error) {
	v, cl, err := c.source(m.left)
	if err != nil {
		return nil, err
	}
	t := &member{left: v, all: m.all, class: cl}
	for _, x := range m.set {
		var r interval
		if r.from, err = c.constant(x.from, cl); err != nil {
			return nil, err
		}
		r.to = r.from
		if x.to != nil {
			if r.to, err = c.constant(x.to, cl); err != nil {
				return nil, err
			}
			switch {
			case cl == boolean, r.from.masked() || r.to.masked():
				return nil, c.fail(x.from.at, "as in ip.src in {192.0.2.1..192.0.2.9}", "no range leads from the one to the other")
			case order(cl, &r.to.Value, &r.from.Value) < 0:
				return nil, c.fail(x.from.at, "the lower end comes first", "the range is empty")
			}
			r.span = true
		}
		t.set = append(t.set, r)
	}
	return t, nil
}

// relation makes the test for a comparison.
func (c *checker) relation(r *relation) (test, error) {
	left, right, o, err := c.sides(r)
	if err != nil {
		return nil, err
	}
	v, cl, err := c.source(left)
	if err != nil {
		return nil, err
	}
	if err := c.allowed(o, cl, left, right); err != nil {
		return nil, err
	}
	if o == matches {
		return c.matches(v, r.all, right)
	}
	l, ok := right.(*literal)
	if !ok {
		return c.pairs(r, o, v, cl, right)
	}
	want, err := c.constant(l, cl)
	if err != nil {
		return nil, err
	}
	if want.masked() && o != equal && o != unequal {
		return nil, c.fail(l.at, "use == or !=, or an address", "a network is not less or greater")
	}
	if get := quick(left); get != nil && (o == equal || o == unequal) {
		return &rowText{get: get, want: string(want.Text), unequal: o == unequal}, nil
	}
	return &compared{left: v, op: o, all: r.all, class: cl, want: want}, nil
}

// sides returns the sides of a comparison with what has to be looked up on the
// left.
func (c *checker) sides(r *relation) (left, right operand, o op, err error) {
	l, isLiteral := r.left.(*literal)
	if !isLiteral {
		return r.left, r.right, r.op, nil
	}
	_, both := r.right.(*literal)
	switch {
	case l.kind == word && !startsValue(l.text):
		return nil, nil, 0, c.unknown(l)
	case both:
		return nil, nil, 0, c.fail(l.at, `as in kind == "message"`, "one side of a comparison has to be a field")
	}
	turned := map[op]op{equal: equal, unequal: unequal, less: greater, lessOrEqual: greaterOrEqual, greater: less, greaterOrEqual: lessOrEqual}
	o, ok := turned[r.op]
	if !ok {
		return nil, nil, 0, c.fail(l.at, "the field comes first", "the left side of %s has to be a field", opNames[r.op])
	}
	return r.right, r.left, o, nil
}

// startsValue reports whether a word begins as numbers and addresses do, and
// names of fields do not.
func startsValue(s string) bool {
	return s[0] >= '0' && s[0] <= '9' || s[0] == '-' || s[0] == ':' || s[0] == '+'
}

// allowed reports what an operator cannot be used with.
func (c *checker) allowed(o op, cl class, left, right operand) error {
	switch {
	case (o == contains || o == matches) && !textual(cl):
		hint := fmt.Sprintf("write string(%s), or compare it, as in %s", name(left), exampleOf(cl, name(left)))
		if insides(name(left)) {
			hint = lookInside
		}
		return c.fail(left.offset(), hint, "%s looks into text, and this is %s", opNames[o], classNames[cl])
	case cl == boolean && o != equal && o != unequal:
		return c.fail(left.offset(), "use == or !=", "what is true or false is not less or greater")
	case o == matches:
		if _, ok := right.(*literal); !ok {
			return c.fail(right.offset(), `as in info matches "^chat"`, "matches wants a regular expression")
		}
	}
	return nil
}

// exampleOf returns a comparison of a class, with the field's name where there is
// none that all captures have.
func exampleOf(cl class, field string) string { return strings.ReplaceAll(examples[cl], "%s", field) }

// name is the name of a field, or of what there is instead.
func name(o operand) string {
	if f, ok := o.(*field); ok {
		return f.name
	}
	return "it"
}

// matches makes the test for a regular expression.
func (c *checker) matches(v values, all bool, right operand) (test, error) {
	l := right.(*literal)
	re, err := regexp.Compile("(?i)" + l.text)
	if err != nil {
		problem, _ := strings.CutPrefix(err.Error(), "error parsing regexp: ")
		return nil, c.fail(l.at, `the syntax is RE2's, as in info matches r"^chat|\bnote\b"`, "%s", problem)
	}
	return &matched{left: v, all: all, re: re}, nil
}

// pairs makes the test for a comparison of two fields.
func (c *checker) pairs(r *relation, o op, v values, cl class, right operand) (test, error) {
	w, other, err := c.source(right)
	if err != nil {
		return nil, err
	}
	if !alike(cl, other) {
		hint := ""
		if f, ok := right.(*field); ok && textual(cl) {
			hint = fmt.Sprintf("%s is a field; the text is written %q", f.name, f.name)
		}
		return nil, c.fail(right.offset(), hint, "%s cannot be compared with %s", classNames[cl], classNames[other])
	}
	return &paired{left: v, right: w, op: o, all: r.all, class: cl}, nil
}
