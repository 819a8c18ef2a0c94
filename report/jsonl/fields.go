package jsonl

import (
	"strconv"

	"talktrace/dissect"
	"talktrace/report"
	"talktrace/report/escape"
)

// group puts fields of the same name together. Its memory is kept from row to
// row.
type group struct {
	latest []int32 // by the field's index: its last place so far, 1 the first
	next   []int32 // by place: that of the next field of the same name, 0 for none
	first  []int32 // the places at which names come for the first time
	values []dissect.Value
	value  []byte
}

// fields appends the row's fields, each name once, with all its values.
func (j *Writer) fields(b []byte, e *dissect.Event) []byte {
	if j.opts.Fields != nil {
		return j.chosen(b, e)
	}
	if len(e.Fields) == 0 {
		return b
	}
	g := &j.group
	g.sort(e.Fields)
	b = append(b, `,"fields":{`...)
	for n, place := range g.first {
		if n > 0 {
			b = append(b, ',')
		}
		f := &e.Fields[place]
		b = append(append(append(b, '"'), f.Def.Name...), `":[`...)
		b = g.append(b, f.Def.Type, dissect.Value{Text: f.Text, Number: f.Number}, f.Odd || f.Hidden)
		for at := g.next[place]; at != 0; at = g.next[at-1] {
			f = &e.Fields[at-1]
			b = g.append(append(b, ','), f.Def.Type, dissect.Value{Text: f.Text, Number: f.Number}, f.Odd || f.Hidden)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// sort finds out which fields have the same name.
func (g *group) sort(fields []dissect.Field) {
	g.first = g.first[:0]
	g.next = append(g.next[:0], make([]int32, len(fields))...)
	for i := range fields {
		index := fields[i].Def.Index()
		for len(g.latest) <= index {
			g.latest = append(g.latest, 0)
		}
		if last := g.latest[index]; last == 0 {
			g.first = append(g.first, int32(i))
		} else {
			g.next[last-1] = int32(i + 1)
		}
		g.latest[index] = int32(i + 1)
	}
	for i := range fields {
		g.latest[fields[i].Def.Index()] = 0
	}
}

// chosen appends the fields that were asked for by name.
func (j *Writer) chosen(b []byte, e *dissect.Event) []byte {
	g, some := &j.group, false
	for i := range j.opts.Fields {
		r := &j.opts.Fields[i]
		if g.values = r.Append(g.values[:0], e); len(g.values) == 0 {
			continue
		}
		if !some {
			some = true
			b = append(b, `,"fields":{`...)
		} else {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), r.Name...), `":[`...)
		for n, v := range g.values {
			if n > 0 {
				b = append(b, ',')
			}
			b = g.append(b, r.Type, v, false)
		}
		b = append(b, ']')
	}
	if some {
		b = append(b, '}')
	}
	return b
}

// append appends a value: numbers and truths as what they are, all else as
// text. An odd one is not what its type says.
func (g *group) append(b []byte, t dissect.Type, v dissect.Value, odd bool) []byte {
	switch {
	case odd:
	case t == dissect.Presence:
		return append(b, "true"...)
	case t == dissect.Number:
		return strconv.AppendInt(b, v.Number, 10)
	case t == dissect.Boolean:
		return strconv.AppendBool(b, v.Number != 0)
	case t == dissect.Duration:
		return report.AppendSeconds(b, v.Number, 9)
	}
	g.value = report.AppendValue(g.value[:0], t, v)
	b = escape.JSON(append(b, '"'), g.value)
	return append(b, '"')
}
