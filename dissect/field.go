package dissect

import (
	"net/netip"

	"talktrace/dissect/xmlstream"
)

// Type is the type of a field's values. It decides what a filter may compare
// them with, and how outputs write them.
type Type uint8

// The types of fields.
const (
	Presence Type = iota // there is nothing to it but that it is there
	Text
	JID      // text in three parts: local, domain, resource
	Number   // a signed integer of 64 bits
	Boolean  // XML's true, false, 1, 0
	Time     // nanoseconds since 1970-01-01 UTC
	Duration // nanoseconds
	Address  // an IP address
)

func (t Type) String() string {
	return [...]string{"presence", "text", "jid", "number", "boolean", "time", "duration", "address"}[t]
}

// FieldDef declares a field. The details tree, display filters and their
// completion, -T fields, JSON, PDML and the reference all read this.
type FieldDef struct {
	Name string // as filters write it: xmpp.message.body
	Type Type
	Doc  string // half a sentence, without a full stop
	// Path says where in the element that declares it the field's values are;
	// see the comment on path. It is not used where Values is set.
	Path string
	// Required says that an element without such a value is worth a note on the
	// row, and OneOf that one with another value is: it holds those that the
	// specification knows, with spaces between them. A fact of rows has no other.
	Required bool
	OneOf    string
	// Fields are those of the elements that Path leads to, their paths relative
	// to it. They stand under the field in the tree.
	Fields []FieldDef
	// Decode appends to dst what the text that Path leads to stands for, where
	// that is not the value itself. It returns false where it stands for nothing.
	// What it appends is shown even if there are secrets in the text, so it leaves
	// these out unless show is set.
	Decode func(dst, text []byte, show bool) ([]byte, bool)
	// Values appends the field's values of a row, for fields that are facts of
	// the row rather than of its XML.
	Values func(dst []Value, e *Event) []Value

	path  path
	index int        // the same for all definitions of a name
	ext   *Extension // that declares it; nil for the facts of rows
}

// Extension is what declares the field, nil for facts of the row.
func (d *FieldDef) Extension() *Extension { return d.ext }

// Index is the place of the field's name among all names, from 0.
func (d *FieldDef) Index() int { return d.index }

// Value is one value of a field.
type Value struct {
	Text   []byte     // as the wire has it, references resolved
	Number int64      // of a Number, Boolean, Time or Duration
	Addr   netip.Addr // of an Address
}

// Field is a field that a row has.
type Field struct {
	Def    *FieldDef
	Text   []byte // its value as text; nil where there is none
	Number int64  // its value, where the type has one; of one that is hidden, what tells it from others in this run
	// Off and End are the bytes it stands for, in the row's unit as it came.
	Off, End uint32
	Level    uint8 // how deep it lies in the tree, from 0
	Odd      bool  // the text is no value of the field's type
	Hidden   bool  // the text is a secret and has been replaced
}

// Part says where the bytes of a unit from Off on came from.
type Part = xmlstream.Part

// FieldSet is a set of fields by name. It does not change, and any number of
// goroutines may use it.
type FieldSet struct {
	all      bool
	bits     []uint64
	elements map[*Element]bool // those that have a field in the set
	foreign  bool              // an attribute in a namespace of its own is in the set
}

// AllFields returns the set of all fields.
func AllFields() *FieldSet { return &FieldSet{all: true, foreign: true} }

// NewFieldSet returns the set of those fields that come from the XML of rows;
// nil if there is none, since the facts of rows need not be asked for.
func NewFieldSet(defs ...*FieldDef) *FieldSet {
	s := &FieldSet{elements: map[*Element]bool{}}
	for _, d := range defs {
		if d.Values != nil {
			continue
		}
		for len(s.bits) <= d.index/64 {
			s.bits = append(s.bits, 0)
		}
		s.bits[d.index/64] |= 1 << (d.index % 64)
	}
	if s.bits == nil {
		return nil
	}
	for _, x := range registry.extensions {
		for i := range x.Elements {
			if e := &x.Elements[i]; e.Field != "" && s.Has(&e.field) || s.hasAny(e.Fields) || s.hasAdded(e) {
				s.elements[e] = true
			}
		}
		s.foreign = s.foreign || s.hasAny(x.Attributes)
	}
	return s
}

// Has reports whether a field is in the set. A nil set is empty.
func (s *FieldSet) Has(d *FieldDef) bool {
	if s == nil || s.all {
		return s != nil
	}
	return d.index/64 < len(s.bits) && s.bits[d.index/64]&(1<<(d.index%64)) != 0
}

// hasAny reports whether one of the fields, or of those under them, is in the
// set.
func (s *FieldSet) hasAny(defs []FieldDef) bool {
	for i := range defs {
		if s.Has(&defs[i]) || s.hasAny(defs[i].Fields) {
			return true
		}
	}
	return false
}

// hasAdded reports whether a field that is added to an element is in the set.
func (s *FieldSet) hasAdded(e *Element) bool {
	for _, a := range e.added {
		if s.hasAny(a.Fields) {
			return true
		}
	}
	return false
}

// wants reports whether an element has a field in the set.
func (s *FieldSet) wants(e *Element) bool { return s.all || s.elements[e] }
