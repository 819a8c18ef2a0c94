// Package analysis reads the rows of a trace in their order and says what they
// do not say by themselves: what belongs together, how long it took, and what
// is wrong. It keeps what it has to know of a connection in bounded tables.
//
// One file is one matter. A file that looks at rows declares a watcher, and the
// kinds of findings it makes, and no other file is told of it.
package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"talktrace/dissect"
)

// Kind is a kind of finding.
type Kind struct {
	ID       string // stable, for scripts
	Severity dissect.Severity
	Title    string // what it is, in a few words
	Why      string // a sentence on why it matters
	Source   string // where to read on: an RFC or XEP, with section
	Layer    bool   // found by the layer that reads it, not by an Analysis
}

// Finding is something that was found.
type Finding struct {
	*Kind
	Text  string // one sentence on this case
	Row   int    // number of the row it is about
	Frame int
	Time  int64
	Conn  int // number of the connection, -1 for none
}

// Options say what becomes of findings.
type Options struct {
	// Matching says that rows are only to be told what they belong to: no finding
	// is made.
	Matching bool
	// Found is called for each finding, in the order in which they are made:
	// that of the rows, and at the end for what never came. It may be nil.
	Found func(Finding)
	// Login is called for each attempt to log in, once its phases are known. It
	// may be nil.
	Login func(Login)
}

// Analysis looks at the rows of one trace. It is used by one goroutine.
type Analysis struct {
	o        Options
	watchers []watcher
	conns    map[int]*Conn
	row      Row
	ways     *ways // between servers
	// Evicted counts what had to be forgotten to keep the tables within bounds,
	// by what it was.
	Evicted map[string]int
}

// watcher looks at each row.
type watcher interface {
	// Row looks at the next row.
	Row(r *Row)
	// End is called when there are no more rows; at is the last of them.
	End(at *Row)
}

// Row is a row and what is known of its connection.
type Row struct {
	*dissect.Event
	Session *Conn
	a       *Analysis
}

// registered are the watchers that init functions have declared, and the kinds
// of findings. They do not change after that.
var registered struct {
	watchers []declared
	kinds    []*Kind
	fields   []*field
}

type declared struct {
	order int
	build func(a *Analysis) watcher
}

// The order of watchers: each may use what those before it have found out.
const (
	first   = iota // what a connection is
	match          // what answers what
	sequel         // what goes on with what
	judge          // what is wrong
	numbers        // of orders
)

// watch declares a watcher.
func watch(order int, build func(a *Analysis) watcher) {
	registered.watchers = append(registered.watchers, declared{order, build})
}

// kind declares a kind of finding.
func kind(k Kind) *Kind {
	registered.kinds = append(registered.kinds, &k)
	return &k
}

// Kinds returns all kinds of findings, the gravest first.
func Kinds() []*Kind {
	list := slices.Clone(registered.kinds)
	slices.SortFunc(list, func(a, b *Kind) int {
		if c := cmp.Compare(b.Severity, a.Severity); c != 0 {
			return c
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return list
}

var resolve sync.Once

// New returns an Analysis of which no row has been seen.
func New(o Options) *Analysis {
	resolve.Do(func() {
		for _, f := range registered.fields {
			f.resolve()
		}
	})
	a := &Analysis{o: o, conns: map[int]*Conn{}, Evicted: map[string]int{}}
	for order := range numbers {
		for _, d := range registered.watchers {
			if d.order == order && !(o.Matching && order == judge) {
				a.watchers = append(a.watchers, d.build(a))
			}
		}
	}
	a.row.a = a
	return a
}

// Fields returns the fields that rows have to come with.
func Fields() []*dissect.FieldDef {
	resolve.Do(func() {
		for _, f := range registered.fields {
			f.resolve()
		}
	})
	var defs []*dissect.FieldDef
	for _, f := range registered.fields {
		defs = append(defs, f.ref.Defs...)
	}
	return defs
}

// Makes reports whether a field is one that an Analysis fills in.
func Makes(name string) bool {
	switch name {
	case "finding", "finding.severity", "request", "response", "rtt", "sent", "transit", "login.phase", "login.time":
		return true
	}
	return false
}

// Event looks at the next row, and adds to it what it finds. Rows of no
// connection are let pass.
func (a *Analysis) Event(e *dissect.Event) {
	if e.Conn == nil || e.Conn.Number < 0 {
		return
	}
	a.row.Event, a.row.Session = e, a.conn(e)
	for _, w := range a.watchers {
		w.Row(&a.row)
	}
	a.row.Session.Last = place{e.No, e.Frame, e.Time}
	a.row.Event = nil
}

// End says that there are no more rows.
func (a *Analysis) End() {
	a.row.Event, a.row.Session = nil, nil
	for _, w := range a.watchers {
		w.End(&a.row)
	}
}

// Note makes a finding about the row.
func (r *Row) Note(k *Kind, format string, args ...any) {
	if r.a.o.Matching {
		return
	}
	text := k.Title
	if format != "" {
		text = fmt.Sprintf(format, args...)
	}
	r.Notes = append(r.Notes, dissect.Note{Severity: k.Severity, ID: k.ID, Text: text})
	r.a.found(Finding{Kind: k, Text: text, Row: r.No, Frame: r.Frame, Time: r.Time, Conn: r.Conn.Number})
}

// late makes a finding about an earlier row, which has been written already.
func (a *Analysis) late(k *Kind, at place, conn int, format string, args ...any) {
	a.found(Finding{Kind: k, Text: fmt.Sprintf(format, args...), Row: at.no, Frame: at.frame, Time: at.time, Conn: conn})
}

func (a *Analysis) found(f Finding) {
	if a.o.Found != nil && !a.o.Matching {
		a.o.Found(f)
	}
}

// place is a row, after it has been let go.
type place struct {
	no, frame int
	time      int64
}

func (r *Row) place() place { return place{r.No, r.Frame, r.Time} }
