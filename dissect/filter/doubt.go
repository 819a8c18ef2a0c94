package filter

import (
	"fmt"
	"slices"
	"strings"

	"talktrace/dissect"
)

// Doubt is a comparison with a value that no row is known to have: no mistake,
// for captures hold what nobody has heard of, but most likely a slip.
type Doubt struct {
	Field, Value string
	Near         string // the value that comes nearest; empty where none does
}

func (d Doubt) String() string {
	text := fmt.Sprintf("%s is never known to be %q", d.Field, d.Value)
	if d.Near != "" {
		text += fmt.Sprintf("; did you mean %q?", d.Near)
	}
	return text
}

// Doubts returns the doubts about a filter, in its order. Of fields whose values
// this package does not know, known may return them; it may be nil.
func (f *Filter) Doubts(known func(field string) []string) []Doubt {
	d := doubter{known: known}
	d.node(f.root)
	return d.found
}

// Values returns the values that a field is known to have, where these can be
// told one by one; else nil.
func Values(name string) []string {
	if name == "kind" {
		return dissect.Kinds()
	}
	var all []string
	for _, d := range dissect.LookupField(name) {
		if d.OneOf == "" {
			return nil
		}
		for _, value := range strings.Fields(d.OneOf) {
			if !slices.Contains(all, value) {
				all = append(all, value)
			}
		}
	}
	return all
}

// doubter looks for doubts.
type doubter struct {
	known func(field string) []string
	found []Doubt
}

func (d *doubter) node(n node) {
	switch n := n.(type) {
	case *logical:
		for _, of := range n.of {
			d.node(of)
		}
	case *negation:
		d.node(n.of)
	case *relation:
		if n.op != equal && n.op != unequal {
			return
		}
		d.compare(n.left, n.right)
		d.compare(n.right, n.left)
	case *membership:
		for _, x := range n.set {
			if x.to == nil {
				d.compare(n.left, x.from)
			}
		}
	}
}

// compare looks at a comparison, if it is one of a field with a value.
func (d *doubter) compare(left, right operand) {
	f, isField := left.(*field)
	l, isLiteral := right.(*literal)
	if !isField || !isLiteral {
		return
	}
	values := Values(f.name)
	if values == nil && d.known != nil {
		values = d.known(f.name)
	}
	if values == nil || slices.Contains(values, l.text) {
		return
	}
	doubt := Doubt{Field: f.name, Value: l.text, Near: dissect.Nearest(l.text, values)}
	if !slices.Contains(d.found, doubt) {
		d.found = append(d.found, doubt)
	}
}
