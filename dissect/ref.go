package dissect

import (
	"bytes"
	"strings"
)

// Ref is a field as filters and outputs name it: a declared field, or a part of
// one that holds a JID, such as xmpp.from.domain.
type Ref struct {
	Name string
	Type Type
	Defs []*FieldDef // all definitions of the field's name
	part jidPart
}

type jidPart uint8

const (
	whole jidPart = iota
	localPart
	domainPart
	resourcePart
	barePart
)

// jidParts are the suffixes by which a part of a JID is named (RFC 7622).
var jidParts = []struct {
	suffix string
	part   jidPart
	doc    string
}{
	{".bare", barePart, "without the resource"},
	{".local", localPart, "the part before the @"},
	{".domain", domainPart, "the domain"},
	{".resource", resourcePart, "the part behind the /"},
}

// LookupRef returns the field that a name means.
func LookupRef(name string) (Ref, bool) {
	if defs := LookupField(name); len(defs) > 0 {
		return Ref{Name: name, Type: defs[0].Type, Defs: defs}, true
	}
	for _, p := range jidParts {
		field, found := strings.CutSuffix(name, p.suffix)
		if !found {
			continue
		}
		if defs := LookupField(field); len(defs) > 0 && defs[0].Type == JID {
			return Ref{Name: name, Type: Text, Defs: defs, part: p.part}, true
		}
	}
	return Ref{}, false
}

// JIDParts calls yield for the names of the parts of a field that holds a JID,
// with half a sentence on each.
func JIDParts(field string, yield func(name, doc string)) {
	for _, p := range jidParts {
		yield(field+p.suffix, p.doc)
	}
}

// Append appends the values that a row has of the field. They are valid as long
// as the row is.
func (r *Ref) Append(dst []Value, e *Event) []Value {
	start := len(dst)
	for _, d := range r.Defs {
		if d.Values != nil {
			dst = d.Values(dst, e)
		}
	}
	index := r.Defs[0].index
	for i := range e.Fields {
		f := &e.Fields[i]
		if f.Def.index == index {
			dst = append(dst, f.value())
		}
	}
	if r.part != whole {
		return cutParts(dst, start, r.part)
	}
	return dst
}

// cutParts makes of the JIDs in dst[start:] one of their parts, and leaves out
// those that have none.
func cutParts(dst []Value, start int, part jidPart) []Value {
	kept := dst[:start]
	for _, v := range dst[start:] {
		if v.Text = part.of(v.Text); v.Text != nil {
			kept = append(kept, v)
		}
	}
	return kept
}

// of returns the part of a JID, nil where it has none.
func (p jidPart) of(jid []byte) []byte {
	bare, resource := jid, []byte(nil)
	if i := bytes.IndexByte(jid, '/'); i >= 0 {
		bare, resource = jid[:i], jid[i+1:]
	}
	local, domain := []byte(nil), bare
	if i := bytes.IndexByte(bare, '@'); i >= 0 {
		local, domain = bare[:i], bare[i+1:]
	}
	switch p {
	case barePart:
		return bare
	case localPart:
		return local
	case domainPart:
		return domain
	case resourcePart:
		return resource
	}
	return jid
}

// value is the field's value.
func (f *Field) value() Value {
	v := Value{Text: f.Text, Number: f.Number}
	if f.Def.Type == Address {
		v.Addr, _ = ParseAddress(f.Text)
	}
	return v
}
