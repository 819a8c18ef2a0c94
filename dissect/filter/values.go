package filter

import (
	"strconv"
	"time"

	"talktrace/dissect"
)

// values brings the values of an operand. What of returns is valid until it is
// called again, and as long as the row is.
type values interface {
	of(e *dissect.Event) []dissect.Value
}

// fieldValues are those of a field.
type fieldValues struct {
	ref   dissect.Ref
	index int
	facts []*dissect.FieldDef // definitions that are facts of rows
	xml   bool                // there are others
	part  bool                // it is a part of a JID
	typed bool                // text that is no value of the type does not count
	list  []dissect.Value
}

func newFieldValues(ref dissect.Ref) *fieldValues {
	v := &fieldValues{ref: ref, index: ref.Defs[0].Index(), part: ref.Name != ref.Defs[0].Name}
	v.typed = classes[ref.Type] != text && classes[ref.Type] != nothing
	for _, d := range ref.Defs {
		if d.Values != nil {
			v.facts = append(v.facts, d)
		} else {
			v.xml = true
		}
	}
	return v
}

func (v *fieldValues) of(e *dissect.Event) []dissect.Value {
	list := v.list[:0]
	if v.part {
		v.list = v.ref.Append(list, e)
		return v.list
	}
	for _, d := range v.facts {
		list = d.Values(list, e)
	}
	if v.xml {
		for i := range e.Fields {
			f := &e.Fields[i]
			if f.Def.Index() == v.index && (!f.Odd || !v.typed) {
				list = append(list, value(f))
			}
		}
	}
	v.list = list
	return list
}

func value(f *dissect.Field) dissect.Value {
	v := dissect.Value{Text: f.Text, Number: f.Number}
	if f.Def.Type == dissect.Address {
		v.Addr, _ = dissect.ParseAddress(f.Text)
	}
	return v
}

// sliced are bytes of other values. What lies outside of a value is not there.
type sliced struct {
	from  values
	spans []span
	list  []dissect.Value
	text  []byte // where bytes are put together
}

func (s *sliced) of(e *dissect.Event) []dissect.Value {
	s.list, s.text = s.list[:0], s.text[:0]
	for _, v := range s.from.of(e) {
		if len(s.spans) == 1 {
			s.list = append(s.list, dissect.Value{Text: s.spans[0].cut(v.Text)})
			continue
		}
		start := len(s.text)
		for _, x := range s.spans {
			s.text = append(s.text, x.cut(v.Text)...)
		}
		s.list = append(s.list, dissect.Value{Text: s.text[start:]})
	}
	return s.list
}

// cut returns the run of bytes in b, as far as there is one.
func (x span) cut(b []byte) []byte {
	from, to := x.from, len(b)
	if from < 0 {
		from += len(b)
	}
	switch {
	case x.rest:
	case x.count:
		to = from + x.to
	case x.to < 0:
		to = x.to + len(b) + 1
	default:
		to = x.to + 1
	}
	if to = min(to, len(b)); from < 0 || from >= to {
		return nil
	}
	return b[from:to]
}

// functions are what stands in front of parentheses, with what it takes: text
// for lower and upper, anything for count, what has text for the rest.
var functions = map[string]struct {
	doc    string
	result class
}{
	"lower":  {"the text in small letters (ASCII)", text},
	"upper":  {"the text in capital letters (ASCII)", text},
	"len":    {"how many bytes the text has", number},
	"count":  {"how many values the field has in the row", number},
	"string": {"the value as text", text},
}

// call makes what brings the values of a function.
func (c *checker) call(o *call) (values, class, error) {
	f, ok := functions[o.name]
	if !ok {
		return nil, nothing, c.fail(o.at, "the functions are lower, upper, len, count and string", "there is no function %s", o.name)
	}
	if o.name == "count" {
		if l, isField := o.of.(*field); isField {
			v, _ := c.field(l)
			return &counted{from: v}, f.result, nil
		}
	}
	v, cl, err := c.source(o.of)
	switch {
	case err != nil:
		return nil, nothing, err
	case o.name == "count":
		return &counted{from: v}, f.result, nil
	case o.name == "string":
		return &written{from: v, class: cl}, f.result, nil
	case !textual(cl):
		return nil, nothing, c.fail(o.of.offset(), "write "+o.name+"(string(…))", "%s() takes text, and this is %s", o.name, classNames[cl])
	case o.name == "len":
		return &measured{from: v}, f.result, nil
	}
	return &folded{from: v, upper: o.name == "upper"}, f.result, nil
}

// counted is the number of values. Where there are none there is no number
// either, as in Wireshark.
type counted struct {
	from values
	one  [1]dissect.Value
}

func (c *counted) of(e *dissect.Event) []dissect.Value {
	n := len(c.from.of(e))
	c.one[0].Number = int64(n)
	return c.one[:min(n, 1)]
}

// measured are the lengths of values.
type measured struct {
	from values
	list []dissect.Value
}

func (m *measured) of(e *dissect.Event) []dissect.Value {
	m.list = m.list[:0]
	for _, v := range m.from.of(e) {
		m.list = append(m.list, dissect.Value{Number: int64(len(v.Text))})
	}
	return m.list
}

// folded are values in small or capital letters.
type folded struct {
	from  values
	upper bool
	list  []dissect.Value
	text  []byte
}

func (f *folded) of(e *dissect.Event) []dissect.Value {
	f.list, f.text = f.list[:0], f.text[:0]
	first := byte('A')
	if f.upper {
		first = 'a'
	}
	for _, v := range f.from.of(e) {
		start := len(f.text)
		for _, b := range v.Text {
			if b-first < 26 {
				b ^= 'a' - 'A'
			}
			f.text = append(f.text, b)
		}
		f.list = append(f.list, dissect.Value{Text: f.text[start:]})
	}
	return f.list
}

// written are values as text.
type written struct {
	from  values
	class class
	list  []dissect.Value
	text  []byte
}

func (w *written) of(e *dissect.Event) []dissect.Value {
	w.list, w.text = w.list[:0], w.text[:0]
	for _, v := range w.from.of(e) {
		start := len(w.text)
		w.text = appendWritten(w.text, w.class, &v)
		w.list = append(w.list, dissect.Value{Text: w.text[start:]})
	}
	return w.list
}

// appendWritten appends a value as the outputs write it: as the wire has it where
// it comes from there.
func appendWritten(dst []byte, c class, v *dissect.Value) []byte {
	if v.Text != nil {
		return append(dst, v.Text...)
	}
	switch c {
	case text, octets:
		return dst
	case boolean:
		return strconv.AppendBool(dst, v.Number != 0)
	case address:
		return v.Addr.AppendTo(dst)
	case instant:
		return time.Unix(0, v.Number).UTC().AppendFormat(dst, "2006-01-02T15:04:05.000000000Z")
	case duration:
		return appendSeconds(dst, v.Number)
	}
	return strconv.AppendInt(dst, v.Number, 10)
}

// appendSeconds appends nanoseconds as seconds with nine decimals.
func appendSeconds(dst []byte, n int64) []byte {
	u := uint64(n)
	if n < 0 {
		dst, u = append(dst, '-'), -u
	}
	dst = append(strconv.AppendUint(dst, u/1e9, 10), '.')
	var digits [20]byte
	decimals := strconv.AppendUint(digits[:0], u%1e9+1e9, 10) // with a 1 in front
	return append(dst, decimals[1:]...)
}
