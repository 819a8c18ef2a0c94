// Package filter is the language in which rows are chosen: Wireshark's display
// filters (wireshark-filter(4)), over the fields that package dissect knows.
//
// A filter is text until Compile has read it, looked up its fields and checked
// that what it compares can be compared. What is left is a tree of tests, each of
// which asks a row for values and for nothing else, so that matching neither
// allocates nor fails.
//
//	kind == "message" and xmpp.from.domain == "capulet.example"
//	tcp.port in {5222, 7000..7010} and not xmpp.presence
//	elapsed > 1.5 and xmpp.message.body matches "balcony|orchard"
//
// Values are compared as Wireshark does it. A field may have several: == holds
// if one of them is equal, != if none is; the words any and all in front of a
// comparison, and === and !==, say it otherwise. A comparison with a field that
// the row does not have does not hold.
package filter

import (
	"slices"

	"talktrace/dissect"
)

// Bounds of an expression. They hold whatever a person writes, and keep what a
// program writes from taking the machine with it.
const (
	// MaxLength is how many bytes an expression may have.
	MaxLength = 64 << 10
	// MaxDepth is how deep parentheses, negations and functions may be nested.
	MaxDepth = 100
)

// Filter is a compiled expression. It has memory of its own for the values it
// looks at, so one goroutine may use it at a time; compile it again for another.
type Filter struct {
	root   node
	test   test
	fields []*dissect.FieldDef
	names  []string
	xml    bool
}

// Compile reads an expression. What is wrong with one is an *Error.
func Compile(expression string) (*Filter, error) {
	if len(expression) > MaxLength {
		return nil, &Error{Expression: expression, Offset: MaxLength, Problem: "the filter is too long"}
	}
	root, err := parse(expression)
	if err != nil {
		return nil, err
	}
	c := checker{expression: expression}
	t, err := c.test(root)
	if err != nil {
		return nil, err
	}
	return &Filter{root: root, test: t, fields: c.fields, names: c.names, xml: c.xml}, nil
}

// Match reports whether the filter holds for a row.
func (f *Filter) Match(e *dissect.Event) bool { return f.test.match(e) }

// Fields returns the definitions of the fields that the filter looks at, for
// dissect.NewFieldSet. The slice is the filter's own.
func (f *Filter) Fields() []*dissect.FieldDef { return f.fields }

// Uses reports whether the filter looks at a field that is asks for.
func (f *Filter) Uses(is func(name string) bool) bool { return slices.ContainsFunc(f.names, is) }

// UsesXML reports whether the filter looks at the XML of rows, so that
// Event.XML is to be filled in.
func (f *Filter) UsesXML() bool { return f.xml }

// String returns the filter in one fixed spelling, which compiles to the same
// filter.
func (f *Filter) String() string { return string(f.root.append(nil)) }
