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
	// Certain says that no row can have the value, whatever is on the wire, since
	// the program itself gives the field its values.
	Certain bool
	// Slip says that Value differs from Near in no more than somebody mistypes.
	Slip bool
}

func (d Doubt) String() string {
	text := fmt.Sprintf("%s is never known to be %q", d.Field, d.Value)
	if d.Certain {
		text = fmt.Sprintf("%s is never %q", d.Field, d.Value)
	}
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

// valuesOf is Values, or where this package knows none what known returns, which
// may be nil.
func valuesOf(name string, known func(field string) []string) []string {
	values := Values(name)
	if values == nil && known != nil {
		values = known(name)
	}
	return values
}

// isFact reports whether a field's values are words of the program, and not of
// the wire; kinds are words of both.
func isFact(name string) bool {
	if name == "kind" {
		return false
	}
	return !slices.ContainsFunc(dissect.LookupField(name), func(d *dissect.FieldDef) bool { return d.Values == nil })
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
	values := valuesOf(f.name, d.known)
	if values == nil || slices.Contains(values, l.text) {
		return
	}
	doubt := Doubt{Field: f.name, Value: l.text, Near: nearest(l.text, values), Certain: isFact(f.name)}
	doubt.Slip = isSlip(doubt.Value, doubt.Near)
	if !slices.Contains(d.found, doubt) {
		d.found = append(d.found, doubt)
	}
}

// nearest returns the value that comes nearest, "" where none does. Values have no
// two that differ in case alone.
func nearest(word string, values []string) string {
	if i := slices.IndexFunc(values, func(v string) bool { return strings.EqualFold(v, word) }); i >= 0 {
		return values[i]
	}
	return dissect.Nearest(word, values)
}

// isSlip reports whether one word is the other one mistyped. Short words are near
// each other without that.
func isSlip(word, near string) bool {
	slips := 0
	switch n := min(len(word), len(near)); {
	case n >= 6:
		slips = 2
	case n >= 3:
		slips = 1
	}
	return near != "" && mistyped(strings.ToLower(word), strings.ToLower(near), slips)
}

// mistyped reports whether a becomes b with at most so many letters put in, left
// out, changed, or swapped with the next one.
func mistyped(a, b string, slips int) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	switch {
	case a == "" && b == "":
		return true
	case slips == 0:
		return false
	case a == "":
		return len(b) <= slips
	case b == "":
		return len(a) <= slips
	case mistyped(a[1:], b, slips-1), mistyped(a, b[1:], slips-1), mistyped(a[1:], b[1:], slips-1):
		return true
	}
	return len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && mistyped(a[2:], b[2:], slips-1)
}
