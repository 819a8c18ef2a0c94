package analysis

import (
	_ "embed"
	"strings"
	"sync"

	"talktrace/dissect"
)

//go:embed errors.tsv
var errorsTSV string

// explained is a sentence on each error: what it means, and where to look.
var explained = sync.OnceValue(func() map[string]string {
	m := make(map[string]string, 128)
	for line := range strings.Lines(errorsTSV) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) == 3 {
			m[f[0]+"\x00"+f[1]] = f[2]
		}
	}
	return m
})

// ExplainError returns a sentence on an error of a family: "stream", "stanza",
// "SASL", "stream management", "compression" or "Jingle"; "" where there is
// nothing to say.
func ExplainError(family, condition string) string { return explained()[family+"\x00"+condition] }

// errorCounts are errors counted by condition.
type errorCounts struct {
	t    *Tally
	tops *top[errorCount]
}

type errorCount struct {
	family, condition, detail string
	n                         both
	row, frame                int // the first of them
}

// failing says which fields are conditions, and of which family.
var failing = []struct {
	family string
	field  *field
}{
	{"stream", countedStreamError},
	{"stanza", needCounted("xmpp.error.condition")},
	{"SASL", needCounted("xmpp.failure.condition")},
	{"SASL", needCounted("xmpp.sasl2.failure.condition")},
	{"stream management", needCounted("xmpp.sm.failed.condition")},
	{"compression", needCounted("xmpp.compress.failure.condition")},
	{"Jingle", needCounted("xmpp.jingle.reason.condition")},
}

func newErrors(t *Tally) *errorCounts {
	return &errorCounts{t: t, tops: newTop(maxKeys,
		func(f *errorCount) int64 { return f.n.sum() },
		func(into, from *errorCount) { into.n.add(from.n) })}
}

func (x *errorCounts) count(r *tallied) {
	for i := range failing {
		family := failing[i].family
		condition, detail := conditions(r, failing[i].field)
		if condition == "" || family == "Jingle" && condition == "success" || family == "stanza" && r.Type != "error" {
			continue
		}
		f := x.tops.at(family + "\x00" + condition + "\x00" + detail)
		if f.n.sum() == 0 {
			f.family, f.condition, f.detail, f.row, f.frame = family, condition, detail, r.No, r.Frame
		}
		f.n[r.Sender]++
	}
}

// conditions returns the first condition of a row, and the one that says more of
// it, if there is one.
func conditions(r *tallied, f *field) (condition, detail string) {
	n := 0
	f.each(&r.Row, func(x *dissect.Field) {
		switch n++; n {
		case 1:
			condition = clip(string(x.Text))
		case 2:
			detail = clip(string(x.Text))
		}
	})
	return condition, detail
}

func (x *errorCounts) table() *Table {
	table := &Table{
		Name: "errors", Title: "Errors", Unseen: x.t.coverage.unseen("errors"),
		Columns: []Column{
			{Name: "family", Title: "Of"},
			{Name: "condition", Title: "Error"},
			{Name: "detail", Title: "", Below: true, Unknown: " "},
			{Name: "explanation", Title: "", Below: true, Unknown: " "},
			{Name: "client", Title: "From client"},
			{Name: "server", Title: "From server"},
			{Name: "row", Title: "First row"},
			{Name: "frame", Title: "frame", Script: true},
		},
	}
	x.tops.shrink(x.t.o.Top)
	for _, key := range x.tops.keys() {
		f := x.tops.known[key]
		why := ExplainError(f.family, f.detail)
		if why == "" {
			why = ExplainError(f.family, f.condition)
		}
		table.Rows = append(table.Rows, []Cell{
			words(f.family), words(f.condition), words(f.detail), words(why), number(f.n[0]), number(f.n[1]),
			number(int64(f.row)), number(int64(f.frame)),
		})
	}
	if x.tops.left > 0 {
		o := &x.tops.others
		table.Rows = append(table.Rows, []Cell{words("others"), {}, {}, {}, number(o.n[0]), number(o.n[1]), {}, {}})
	}
	if len(table.Rows) > 0 {
		table.Notes = []string{x.t.coverage.note()}
	}
	return table
}
