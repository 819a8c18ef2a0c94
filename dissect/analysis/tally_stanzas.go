package analysis

import (
	"cmp"
	"slices"

	"talktrace/dissect"
)

// kinds counts stanzas, and the other elements of streams, by kind and type.
type kinds struct {
	t       *Tally
	tops    *top[volume]
	stanzas int64
	bytes   int64 // of all rows
}

// volume is how many and how much.
type volume struct {
	kind, what string
	stanza     bool
	n, bytes   both
}

func addVolume(into, from *volume) {
	into.n.add(from.n)
	into.bytes.add(from.bytes)
}

func newKinds(t *Tally) *kinds {
	return &kinds{t: t, tops: newTop(maxKeys, func(v *volume) int64 { return v.n.sum() }, addVolume)}
}

func (k *kinds) count(r *tallied) {
	if !r.visible() {
		return
	}
	what := ""
	if r.isStanza() {
		k.stanzas++
		what = typeOf(r)
	}
	v := k.tops.at(clip(r.Kind) + "\x00" + what)
	v.kind, v.what, v.stanza = clip(r.Kind), what, r.isStanza()
	v.n[r.Sender]++
	v.bytes[r.Sender] += int64(r.Length)
	k.bytes += int64(r.Length)
}

// typeOf returns the type of a stanza, also where that goes without saying (RFC
// 6121 sections 4.7.1 and 5.2.2).
func typeOf(r *tallied) string {
	switch {
	case r.Type != "":
		return clip(r.Type)
	case r.Kind == "message":
		return "normal"
	case r.Kind == "presence":
		return "available"
	}
	return "(none)"
}

func (k *kinds) table() *Table {
	table := &Table{
		Name: "stanzas", Title: "Stanzas, and what else streams consist of", Unseen: k.t.coverage.unseen("elements"),
		Columns: []Column{
			{Name: "kind", Title: "Kind"},
			{Name: "type", Title: "Type", Unknown: " "},
			{Name: "client", Title: "From client"},
			{Name: "client_bytes", Title: "bytes"},
			{Name: "server", Title: "From server"},
			{Name: "server_bytes", Title: "bytes"},
			{Name: "share", Title: "of stanzas"},
			{Name: "bytes_share", Title: "of bytes"},
		},
	}
	k.tops.shrink(max(k.t.o.Top, 2*len(stanzaKinds)))
	keys := k.tops.keys()
	slices.SortStableFunc(keys, func(a, b string) int {
		return cmp.Compare(stanzaOrder(k.tops.known[a]), stanzaOrder(k.tops.known[b]))
	})
	for _, key := range keys {
		v := k.tops.known[key]
		part := Cell{}
		if v.stanza {
			part = share(v.n.sum(), k.stanzas)
		}
		table.Rows = append(table.Rows, append([]Cell{words(v.kind), words(v.what)}, k.cells(v, part)...))
	}
	if k.tops.left > 0 {
		table.Rows = append(table.Rows, append([]Cell{words("others"), {}}, k.cells(&k.tops.others, Cell{})...))
	}
	if len(table.Rows) > 0 {
		of := several(k.bytes, "byte") + " of all elements make 100 %."
		if k.stanzas > 0 {
			of = several(k.stanzas, "stanza") + " and " + of
		}
		table.Notes = append(table.Notes, of, k.t.coverage.note())
	}
	return table
}

func (k *kinds) cells(v *volume, part Cell) []Cell {
	return []Cell{number(v.n[0]), size(v.bytes[0]), number(v.n[1]), size(v.bytes[1]), part, share(v.bytes.sum(), k.bytes)}
}

var stanzaKinds = []string{"message", "presence", "iq"}

func stanzaOrder(v *volume) int {
	if i := slices.Index(stanzaKinds, v.kind); i >= 0 && v.stanza {
		return i
	}
	return len(stanzaKinds)
}

// spaces counts stanzas by the namespace of what they are about.
type spaces struct {
	t       *Tally
	tops    *top[spaced]
	bytes   int64
	stanzas int64
}

type spaced struct {
	volume
	space, inner string
	payload      int64 // bytes of the payload alone
}

func newNamespaces(t *Tally) *spaces {
	return &spaces{t: t, tops: newTop(maxKeys,
		func(s *spaced) int64 { return s.bytes.sum() },
		func(into, from *spaced) {
			addVolume(&into.volume, &from.volume)
			into.payload += from.payload
		})}
}

func (s *spaces) count(r *tallied) {
	if !r.isStanza() {
		return
	}
	space, inner := clip(r.Payload.Space), clip(r.Payload.Inner)
	if space == "" && r.request != nil { // an answer without content is about what was asked
		space = r.request.space
	}
	x := s.tops.at(space + "\x00" + inner)
	x.space, x.inner = space, inner
	x.n[r.Sender]++
	x.bytes[r.Sender] += int64(r.Length)
	x.payload += int64(r.Payload.Length)
	s.bytes += int64(r.Length)
	s.stanzas++
}

// spaceName is the word for a payload's namespace.
func spaceName(space string) string {
	switch space {
	case "":
		return "(envelope only)"
	case "jabber:client":
		return "(text, status)"
	}
	return labelOf(space)
}

func (s *spaces) table() *Table {
	table := &Table{
		Name: "namespaces", Title: "What stanzas are about", Unseen: s.t.coverage.noStanzas("stanzas"),
		Columns: []Column{
			{Name: "payload", Title: "Payload"},
			{Name: "namespace", Title: "Namespace", Script: true},
			{Name: "inner", Title: "Inside", Script: true},
			{Name: "client", Title: "From client"},
			{Name: "server", Title: "From server"},
			{Name: "bytes", Title: "Bytes"},
			{Name: "payload_bytes", Title: "of the payload"},
			{Name: "share", Title: "of bytes"},
		},
	}
	s.tops.shrink(s.t.o.Top)
	row := func(name string, x *spaced) {
		table.Rows = append(table.Rows, []Cell{
			words(name), words(x.space), words(x.inner), number(x.n[dissect.Client]), number(x.n[dissect.Server]),
			size(x.bytes.sum()), size(x.payload), share(x.bytes.sum(), s.bytes),
		})
	}
	var spaces []string
	for _, x := range s.tops.known {
		if x.inner == "" {
			spaces = append(spaces, x.space)
		}
	}
	slices.Sort(spaces)
	names := distinct(spaces, spaceName)
	for _, key := range s.tops.keys() {
		x := s.tops.known[key]
		name := names[x.space]
		if x.inner != "" {
			name = spaceName(x.space) + " of " + spaceName(x.inner)
		}
		row(name, x)
	}
	if s.tops.left > 0 {
		row("others", &s.tops.others)
	}
	if len(table.Rows) > 0 {
		table.Notes = append(table.Notes,
			several(s.bytes, "byte")+" of "+several(s.stanzas, "stanza")+" make 100 %. A stanza counts for the child that says most of it, with its envelope; an answer without content for what was asked.",
			s.t.coverage.note())
	}
	return table
}
