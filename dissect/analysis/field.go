package analysis

import (
	"fmt"
	"strconv"

	"talktrace/dissect"
)

// field is a field that a watcher looks at.
type field struct {
	name  string
	ref   dissect.Ref
	index int
}

// need declares that a watcher looks at a field.
func need(name string) *field {
	f := &field{name: name}
	registered.fields = append(registered.fields, f)
	return f
}

// resolve looks the field up. All that is declared has been so by now.
func (f *field) resolve() {
	ref, ok := dissect.LookupRef(f.name)
	if !ok {
		panic(fmt.Sprintf("analysis: no field %s is declared", f.name))
	}
	f.ref, f.index = ref, ref.Defs[0].Index()
}

// in returns the first value that the row has of the field, nil where it has
// none. It stays valid as long as the row does.
func (f *field) in(r *Row) *dissect.Field {
	for i := range r.Fields {
		if r.Fields[i].Def.Index() == f.index {
			return &r.Fields[i]
		}
	}
	return nil
}

// own is in for what stands in the row's element or one of its children, not in
// a stanza that it holds.
func (f *field) own(r *Row) *dissect.Field {
	for i := range r.Fields {
		if x := &r.Fields[i]; x.Def.Index() == f.index && x.Level <= 2 {
			return x
		}
	}
	return nil
}

// ownText is own for the value as text.
func (f *field) ownText(r *Row) []byte {
	if x := f.own(r); x != nil {
		return x.Text
	}
	return nil
}

// text returns the first value as text, nil where there is none.
func (f *field) text(r *Row) []byte {
	if x := f.in(r); x != nil {
		return x.Text
	}
	return nil
}

// token returns what tells the first value from others; of a secret that is
// hidden, it does so in this run alone.
func (f *field) token(r *Row) string {
	x := f.in(r)
	switch {
	case x == nil:
		return ""
	case x.Hidden:
		return strconv.FormatInt(x.Number, 36)
	}
	return string(x.Text)
}

// has reports whether the row has the field.
func (f *field) has(r *Row) bool { return f.in(r) != nil }

// is reports whether one of the row's values is this text.
func (f *field) is(r *Row, text string) bool {
	for i := range r.Fields {
		if x := &r.Fields[i]; x.Def.Index() == f.index && string(x.Text) == text {
			return true
		}
	}
	return false
}

// each calls yield for all values of the row.
func (f *field) each(r *Row, yield func(x *dissect.Field)) {
	for i := range r.Fields {
		if x := &r.Fields[i]; x.Def.Index() == f.index {
			yield(x)
		}
	}
}
