package dissect

import (
	"hash/maphash"
	"strconv"
	"strings"

	"talktrace/dissect/xmlstream"
)

// maxFields bounds the fields of a row; a stranger decides how many children an
// element has.
const maxFields = 4096

// Dissect fills in the fields of a row from the tree of its unit, as far as
// anybody asks for them. hidden are the spans of the unit's secrets, in order.
func (c *Context) Dissect(t *xmlstream.Tree, hidden []xmlstream.Span, e *Event) {
	if c.Fields == nil {
		return
	}
	d := &c.details
	d.c, d.tree, d.event, d.hidden = c, t, e, hidden
	d.fields, d.left, d.odd, d.missing = d.fields[:0], 0, nil, nil
	if cap(d.seen) < len(t.Nodes) {
		d.seen = make([]bool, len(t.Nodes))
	}
	d.seen = d.seen[:len(t.Nodes)]
	clear(d.seen)
	d.node(0, 0)
	d.notes()
	e.Fields = c.Arena.Fields(d.fields)
	d.tree, d.event, d.hidden = nil, nil, nil
}

// details is the state of Dissect, kept for its memory.
type details struct {
	c      *Context
	tree   *xmlstream.Tree
	event  *Event
	hidden []xmlstream.Span
	fields []Field
	seen   []bool // by node: it has been dissected
	left   int    // fields that found no room
	odd    *Field
	// missing is the first field that should be there and is not.
	missing *FieldDef
}

// node adds the fields of an element, and those of what is in it.
func (d *details) node(n int32, level uint8) {
	if d.seen[n] {
		return
	}
	d.seen[n] = true
	el := LookupElement(d.tree.Nodes[n].Space, d.tree.Local(n))
	if el == nil {
		d.unknown(n, level)
		return
	}
	if d.c.Fields.wants(el) {
		if el.Field != "" {
			if d.c.Fields.Has(&el.field) {
				d.add(&el.field, n, nil, level)
			}
			level++
		}
		d.group(el.Fields, n, level)
		for _, a := range el.added {
			d.group(a.Fields, n, level)
		}
	} else if el.Field != "" {
		level++
	}
	if d.c.Fields.all {
		d.check(el, n)
	}
	d.foreign(n, level)
	d.inside(n, level)
}

// check lets those who know the element look at it.
func (d *details) check(el *Element, n int32) {
	if el.Check != nil {
		el.Check(&Check{Context: d.c, Tree: d.tree, Event: d.event}, n)
	}
	for _, a := range el.added {
		if a.Check != nil {
			a.Check(&Check{Context: d.c, Tree: d.tree, Event: d.event}, n)
		}
	}
}

// foreign adds the attributes of a node that other extensions have put there.
func (d *details) foreign(n int32, level uint8) {
	if !d.c.Fields.foreign {
		return
	}
	x := &d.tree.Nodes[n]
	for i := x.Attrs.Off; i < x.Attrs.End; i++ {
		a := &d.tree.Attrs[i]
		if a.Space == "" || a.Local == a.Name.Off {
			continue
		}
		if def := LookupAttribute(a.Space, d.tree.Raw[a.Local:a.Name.End]); def != nil && d.c.Fields.Has(def) {
			d.add(def, n, a, level)
		}
	}
}

// Check is what an element's check works with.
type Check struct {
	*Context
	Tree  *xmlstream.Tree
	Event *Event // the row
}

// inside goes through the children of a node whose own fields have been added.
func (d *details) inside(n int32, level uint8) {
	t := d.tree
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Nodes[c].Space == t.Nodes[n].Space && LookupElement(t.Nodes[c].Space, t.Local(c)) == nil {
			if !d.seen[c] {
				d.foreign(c, level)
				d.inside(c, level)
			}
			continue
		}
		d.node(c, level)
	}
}

// unknown adds an element that nothing declares.
func (d *details) unknown(n int32, level uint8) {
	if d.c.Fields.Has(unknownElement) {
		d.add(unknownElement, n, nil, level)
		if d.c.Fields.all {
			level++
		}
	}
	t := d.tree
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		d.node(c, level)
	}
}

// group adds the fields under an element or a field.
func (d *details) group(defs []FieldDef, n int32, level uint8) {
	for i := range defs {
		def := &defs[i]
		if !d.c.Fields.Has(def) && !d.c.Fields.hasAny(def.Fields) {
			continue
		}
		found := false
		eachOf(d.tree, n, d.tree.Nodes[n].Space, def.path.steps, func(m int32) {
			var a *xmlstream.Attr
			if def.path.tail == tailAttr {
				if a = def.path.attribute(d.tree, m); a == nil {
					return
				}
			}
			found = true
			if d.c.Fields.Has(def) {
				d.add(def, m, a, level)
			}
			if len(def.Fields) > 0 {
				d.group(def.Fields, m, level+1)
				if !d.seen[m] {
					d.foreign(m, level+1)
					d.inside(m, level+1)
					d.seen[m] = true
				}
			}
		})
		if !found && def.Required && d.missing == nil {
			d.missing = def
		}
	}
}

// add adds a field: the value of attribute a, or what node n has.
func (d *details) add(def *FieldDef, n int32, a *xmlstream.Attr, level uint8) {
	if len(d.fields) >= maxFields {
		d.left++
		return
	}
	t := d.tree
	f := Field{Def: def, Level: level}
	x := &t.Nodes[n]
	span := x.Inner
	switch {
	case a != nil:
		span = a.Value
		f.Off, f.End = a.Name.Off, min(a.Value.End+1, uint32(len(t.Raw)))
		f.Text = d.value(a)
	case def.path.tail == tailName, def == unknownElement:
		span = xmlstream.Span{}
		f.Off, f.End = x.Outer.Off, x.Outer.End
		f.Text = t.Local(n)
	default:
		f.Off, f.End = x.Outer.Off, x.Outer.End
		if def.Type != Presence {
			f.Text = d.text(n)
			if len(f.Text) == 0 && len(def.path.steps) == 0 { // the element may have text, and has none
				return
			}
		}
	}
	switch {
	case def.Decode != nil:
		text, ok := def.Decode(d.c.Arena.Begin(16), f.Text, d.c.ShowSecrets)
		if !ok {
			return
		}
		f.Text = d.c.Arena.Done(text)
		f.parse()
	case d.secret(span) && def.Type != Presence:
		f.Number = int64(maphash.Bytes(hiding, f.Text)) // equal secrets can still be told to be equal
		f.Text, f.Hidden = []byte(Redacted), true
	default:
		f.parse()
	}
	f.Odd = f.Odd || def.OneOf != "" && !f.Hidden && !isAmong(f.Text, def.OneOf)
	d.fields = append(d.fields, f)
	if f.Odd && d.odd == nil {
		odd := f
		d.odd = &odd
	}
}

// value returns an attribute's value, its references resolved.
func (d *details) value(a *xmlstream.Attr) []byte {
	if !a.Escaped {
		return d.tree.Bytes(a.Value)
	}
	return d.c.Arena.Done(d.tree.Value(d.c.Arena.Begin(a.Value.Len()), a))
}

// text returns the text directly inside a node.
func (d *details) text(n int32) []byte {
	x := &d.tree.Nodes[n]
	if x.Child < 0 && !x.Escaped {
		return d.tree.Bytes(x.Inner)
	}
	return d.c.Arena.Done(d.tree.Text(d.c.Arena.Begin(x.Inner.Len()), n))
}

// secret reports whether a span shares bytes with a secret.
func (d *details) secret(s xmlstream.Span) bool {
	if s.Len() <= 0 {
		return false
	}
	for _, h := range d.hidden {
		if h.Off < s.End && s.Off < h.End {
			return true
		}
	}
	return false
}

// notes tells what was odd about the fields.
func (d *details) notes() {
	if d.odd != nil {
		d.event.Notes = append(d.event.Notes, Note{
			Severity: Warning, ID: "field-value",
			Text: d.odd.Def.Name + " is " + strconv.Quote(clip(string(d.odd.Text), 40)) + ", which is " + d.odd.Def.expected(),
		})
		d.odd = nil
	}
	if d.missing != nil && d.c.Fields.all {
		d.event.Notes = append(d.event.Notes, Note{
			Severity: Warning, ID: "field-missing",
			Text: d.missing.Name + " should be there and is not: " + d.missing.Doc,
		})
		d.missing = nil
	}
	if d.left > 0 {
		d.event.Notes = append(d.event.Notes, Note{
			Severity: Remark, ID: "fields-left-out",
			Text: strconv.Itoa(d.left) + " more fields are not shown",
		})
	}
}

// expected says what a value of the field is not that should be one.
func (d *FieldDef) expected() string {
	if d.OneOf != "" {
		return "none of " + strings.ReplaceAll(d.OneOf, " ", ", ")
	}
	return "no " + d.Type.String()
}

// isAmong reports whether b is one of the words in a list.
func isAmong(b []byte, list string) bool {
	for word := range strings.SplitSeq(list, " ") {
		if string(b) == word {
			return true
		}
	}
	return false
}

func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// hiding is the seed of the numbers that stand for secrets. It is another one in
// each run, and none of them is ever shown.
var hiding = maphash.MakeSeed()

// unknownElement is the field of elements that nothing declares.
var unknownElement = func() *FieldDef {
	d := &FieldDef{Name: "xmpp.unknown", Type: Text, Doc: "local name of an element that no extension declares"}
	define(d, nil)
	return d
}()
