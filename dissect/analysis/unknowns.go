package analysis

import (
	"slices"
	"strings"

	"talktrace/dissect"
)

func init() { watch(judge, func(a *Analysis) watcher { return &unknowns{a} }) }

var elementsUnknown = kind(Kind{
	ID: "elements-unknown", Severity: dissect.Remark, Title: "elements that are not read",
	Why:    "They are of an extension that is known by name at most, of a vendor's own, or misspelled; what is in them has no fields.",
	Source: "RFC 6120 section 8.4",
})

var unknownName = need("xmpp.unknown")

// unknowns counts what no extension declares.
type unknowns struct{ a *Analysis }

// strange is what is not declared on a connection.
type strange struct {
	first place
	count int
	names []string // some of them
}

func newStrange() *strange { return &strange{} }

// Row implements watcher.
func (w *unknowns) Row(r *Row) {
	switch r.Kind {
	case "message", "presence", "iq":
	default:
		return
	}
	if r.Type == "error" { // it has what was sent in it, and names of conditions
		return
	}
	unknownName.each(r, func(x *dissect.Field) {
		const most, longest = 8, 40
		s := keep(r.Session, w, newStrange)
		if s.count++; s.count == 1 {
			s.first = r.place()
		}
		if name := string(x.Text[:min(len(x.Text), longest)]); len(s.names) < most && !slices.Contains(s.names, name) {
			s.names = append(s.names, name)
		}
	})
}

// End implements watcher.
func (w *unknowns) End(*Row) {
	for _, n := range w.a.numbers() {
		if s, ok := w.a.conns[n].kept(w).(*strange); ok {
			w.a.late(elementsUnknown, s.first, n, "%s not read: %s", count(int64(s.count), "element is", "elements are"), strings.Join(s.names, ", "))
		}
	}
}
