package filter

import (
	"bytes"
	"cmp"
	"regexp"

	"talktrace/dissect"
)

// test is a node that is ready to be asked.
type test interface {
	match(e *dissect.Event) bool
}

type (
	allOf []test // and
	anyOf []test // or
	oddOf []test // xor
	none  struct{ of test }
)

func (l allOf) match(e *dissect.Event) bool {
	for _, t := range l {
		if !t.match(e) {
			return false
		}
	}
	return true
}

func (l anyOf) match(e *dissect.Event) bool {
	for _, t := range l {
		if t.match(e) {
			return true
		}
	}
	return false
}

func (l oddOf) match(e *dissect.Event) bool {
	odd := false
	for _, t := range l {
		odd = odd != t.match(e)
	}
	return odd
}

func (n none) match(e *dissect.Event) bool { return !n.of.match(e) }

// present holds if there is a value.
type present struct{ of values }

func (p present) match(e *dissect.Event) bool { return len(p.of.of(e)) > 0 }

// order compares two values of a class as cmp.Compare does.
func order(c class, a, b *dissect.Value) int {
	switch c {
	case text, octets:
		return bytes.Compare(a.Text, b.Text)
	case address:
		return a.Addr.Compare(b.Addr)
	}
	return cmp.Compare(a.Number, b.Number)
}

// equals reports whether a value is equal to the constant, or in the network
// that it is.
func (w *constant) equals(c class, v *dissect.Value) bool {
	switch c {
	case text, octets:
		return bytes.Equal(v.Text, w.Text)
	case address:
		return w.prefix.Contains(v.Addr)
	}
	return v.Number == w.Number
}

// holds reports whether an order that cmp.Compare found is what an operator asks
// for.
func (o op) holds(order int) bool {
	switch o {
	case equal:
		return order == 0
	case unequal:
		return order != 0
	case less:
		return order < 0
	case lessOrEqual:
		return order <= 0
	case greater:
		return order > 0
	}
	return order >= 0
}

// compared compares values with a constant.
type compared struct {
	left  values
	op    op
	all   bool
	class class
	want  constant
}

func (t *compared) match(e *dissect.Event) bool {
	list := t.left.of(e)
	if len(list) == 0 {
		return false
	}
	for i := range list {
		if t.holds(&list[i]) != t.all {
			return !t.all
		}
	}
	return t.all
}

func (t *compared) holds(v *dissect.Value) bool {
	switch t.op {
	case equal:
		return t.want.equals(t.class, v)
	case unequal:
		return !t.want.equals(t.class, v)
	case contains:
		return bytes.Contains(v.Text, t.want.Text)
	}
	return t.op.holds(order(t.class, v, &t.want.Value))
}

// rowText compares a fact of rows that is one text or, if that is empty, none.
type rowText struct {
	get     func(*dissect.Event) string
	want    string
	unequal bool
}

func (t *rowText) match(e *dissect.Event) bool {
	s := t.get(e)
	return s != "" && (s == t.want) != t.unequal
}

// quick returns what brings the one text of a fact of rows, nil for other
// operands.
func quick(o operand) func(*dissect.Event) string {
	switch name(o) {
	case "kind":
		return func(e *dissect.Event) string { return e.Kind }
	case "type":
		return func(e *dissect.Event) string { return e.Type }
	case "xmlns":
		return func(e *dissect.Event) string { return e.XMLNS }
	case "protocol":
		return func(e *dissect.Event) string { return e.Protocol }
	case "layers", "frame.protocols":
		return func(e *dissect.Event) string { return e.Layers }
	}
	return nil
}

// matched looks for a regular expression in values.
type matched struct {
	left values
	all  bool
	re   *regexp.Regexp
}

func (t *matched) match(e *dissect.Event) bool {
	list := t.left.of(e)
	if len(list) == 0 {
		return false
	}
	for i := range list {
		if t.re.Match(list[i].Text) != t.all {
			return !t.all
		}
	}
	return t.all
}

// interval is a constant, or what lies between two.
type interval struct {
	from, to constant
	span     bool
}

func (r *interval) has(c class, v *dissect.Value) bool {
	if !r.span {
		return r.from.equals(c, v)
	}
	return order(c, &r.from.Value, v) <= 0 && order(c, v, &r.to.Value) <= 0
}

// member looks for values in a set.
type member struct {
	left  values
	all   bool
	class class
	set   []interval
}

func (t *member) match(e *dissect.Event) bool {
	list := t.left.of(e)
	if len(list) == 0 {
		return false
	}
	for i := range list {
		if t.has(&list[i]) != t.all {
			return !t.all
		}
	}
	return t.all
}

func (t *member) has(v *dissect.Value) bool {
	for i := range t.set {
		if t.set[i].has(t.class, v) {
			return true
		}
	}
	return false
}

// paired compares the values of one field with those of another, each with each.
type paired struct {
	left, right values
	op          op
	all         bool
	class       class
}

func (t *paired) match(e *dissect.Event) bool {
	left, right := t.left.of(e), t.right.of(e)
	if len(left) == 0 || len(right) == 0 {
		return false
	}
	for i := range left {
		for j := range right {
			if t.holds(&left[i], &right[j]) != t.all {
				return !t.all
			}
		}
	}
	return t.all
}

func (t *paired) holds(a, b *dissect.Value) bool {
	if t.op == contains {
		return bytes.Contains(a.Text, b.Text)
	}
	return t.op.holds(order(t.class, a, b))
}
