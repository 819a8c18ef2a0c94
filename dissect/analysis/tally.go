package analysis

import (
	"slices"
	"strings"
	"sync"

	"talktrace/dissect"
)

// Tally counts what the rows of a trace say, and makes tables of it. One file
// is one table. What it keeps is bounded, whatever the rows are. It is used by
// one goroutine.
type Tally struct {
	a        *Analysis
	o        TallyOptions
	row      tallied
	coverage coverage
	asked    map[int]*asked // requests that are open, by row
	counters []counter
}

// TallyOptions say what is counted, and how finely.
type TallyOptions struct {
	Interval int64 // nanoseconds of an interval of the rates; 0 means a second
	Top      int   // rows of a table that are told apart, the rest is "others"; 0 means 20
}

// counter is one table.
type counter interface {
	// count takes in a row that is to be counted.
	count(r *tallied)
	// table makes the table when there are no more rows.
	table() *Table
}

// tallied is a row that is counted.
type tallied struct {
	Row
	// request is what the row answers, where that was a row to be counted or not;
	// nil for none.
	request *asked
}

// maxKeys bounds what is told apart in a table.
const maxKeys = 4096

// countedFields are the fields that only a Tally needs of the rows.
var countedFields []*field

// needCounted declares that a table looks at a field.
func needCounted(name string) *field {
	f := &field{name: name}
	countedFields = append(countedFields, f)
	return f
}

var resolveCounted sync.Once

func resolveFields() {
	resolveCounted.Do(func() {
		for _, f := range countedFields {
			f.resolve()
		}
	})
}

// TallyFields returns the fields that the rows of a Tally, and of its Analysis,
// have to come with.
func TallyFields() []*dissect.FieldDef {
	resolveFields()
	defs := Fields()
	for _, f := range countedFields {
		defs = append(defs, f.ref.Defs...)
	}
	return defs
}

// NewTally returns a Tally of the rows that an Analysis looks at.
func NewTally(a *Analysis, o TallyOptions) *Tally {
	resolveFields()
	if o.Interval <= 0 {
		o.Interval = 1e9
	}
	if o.Top <= 0 {
		o.Top = 20
	}
	t := &Tally{a: a, o: o, asked: map[int]*asked{}}
	t.row.a = a
	t.counters = []counter{
		newUndecrypted(t), newKinds(t), newNamespaces(t), newConnections(t), newRoundTrips(t),
		newDeliveries(t), newPresences(t), newErrors(t), newRates(t),
	}
	return t
}

// Event takes in the next row, which the Analysis has looked at. A row that is
// not counted only helps to understand those that are.
func (t *Tally) Event(e *dissect.Event, count bool) {
	if e.Conn == nil || e.Conn.Number < 0 {
		return
	}
	session := t.a.conns[e.Conn.Number]
	if session == nil {
		return
	}
	r := &t.row
	r.Event, r.Session, r.request = e, session, nil
	if e.Request != 0 {
		r.request = t.asked[e.Request]
	}
	t.coverage.row(r)
	if count {
		for _, c := range t.counters {
			c.count(r)
		}
	}
	t.remember(r, count)
	r.Event, r.Session, r.request = nil, nil, nil
}

// TableNames are the names of all tables, in their order.
func TableNames() []string {
	return []string{
		"capture", "undecrypted", "stanzas", "namespaces", "connections", "iq",
		"delivery", "presence", "errors", "rates",
	}
}

// Tables makes the tables of these names, in the order of TableNames; all, if
// there are none. There are no more rows after that.
func (t *Tally) Tables(facts CaptureFacts, names ...string) []*Table {
	all := []*Table{t.captureTable(facts)}
	for _, c := range t.counters {
		all = append(all, c.table())
	}
	for _, table := range all {
		table.Notes = slices.DeleteFunc(table.Notes, func(note string) bool { return note == "" })
	}
	if len(names) == 0 {
		return all
	}
	var chosen []*Table
	for _, table := range all {
		for _, name := range names {
			if table.Name == name {
				chosen = append(chosen, table)
				break
			}
		}
	}
	return chosen
}

// visible reports whether a row is of XMPP that could be read.
func (r *tallied) visible() bool {
	switch r.Kind {
	case dissect.KindGap, dissect.KindMalformed, dissect.KindUnfinished:
		return false
	}
	return r.Protocol == "XMPP"
}

// isStanza reports whether a row is a stanza.
func (r *tallied) isStanza() bool {
	return r.visible() && (r.Kind == "message" || r.Kind == "presence" || r.Kind == "iq")
}

// both is a count of each side.
type both [2]int64

func (b both) sum() int64 { return b[0] + b[1] }

func (b *both) add(o both) {
	b[0] += o[0]
	b[1] += o[1]
}

// labelOf is the short word for a namespace, or the namespace itself.
func labelOf(space string) string {
	if label := dissect.LabelOf(space); label != "" {
		return label
	}
	return space
}

// distinct returns a name for each of some namespaces: the short word, and the
// namespace as well where that word is another one's too.
func distinct(spaces []string, name func(space string) string) map[string]string {
	known, names := map[string]string{}, map[string]string{}
	for _, space := range spaces {
		word := name(space)
		if other, taken := known[word]; taken && other != space {
			names[space] = word + " (" + space + ")"
			names[other] = word + " (" + other + ")"
			continue
		}
		known[word], names[space] = space, word
	}
	return names
}

// joined joins what is not empty.
func joined(sep string, parts ...string) string {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, sep)
}
