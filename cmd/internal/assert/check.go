package assert

import (
	"fmt"
	"time"

	"talktrace/cmd/internal/verdict"
	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/dissect/filter"
)

// matcher watches rows for a rule.
type matcher interface {
	row(e *dissect.Event)
	finding(f *analysis.Finding)
	// result says what is wrong, once all rows have been seen; "" for nothing.
	// The rows it is about are in its record.
	result() string
	places() *record
}

// check is a rule at work.
type check struct {
	rule Rule
	matcher
}

// most is how many of the rows that break a rule are told of. All are counted.
const most = 20

// record keeps the rows that a result is about.
type record struct {
	count int
	rows  []verdict.Place
	lines []string
}

func (r *record) add(no, frame int, text string) {
	if r.count++; r.count > most {
		return
	}
	r.rows = append(r.rows, verdict.Place{Row: no, Frame: frame})
	r.lines = append(r.lines, fmt.Sprintf("row %d, frame %d: %s", no, frame, text))
}

// addRow adds a row with what it says.
func (r *record) addRow(e *dissect.Event) {
	if r.count >= most {
		r.count++
		return
	}
	r.add(e.No, e.Frame, fmt.Sprintf("%s, %s %s", e.Sender, e.Kind, clip(string(e.Info))))
}

// clip cuts what a row says.
func clip(s string) string {
	const longest = 200
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}

// nothing is what most matchers do with most that there is.
type nothing struct{ told record }

func (n *nothing) row(*dissect.Event)        {}
func (n *nothing) finding(*analysis.Finding) {}
func (n *nothing) places() *record           { return &n.told }

// occurrence counts rows.
type occurrence struct {
	nothing
	filter      *filter.Filter
	text        string
	least, most int // most is -1 for any number
	count       int
}

func (o *occurrence) row(e *dissect.Event) {
	if !o.filter.Match(e) {
		return
	}
	if o.count++; o.most >= 0 {
		o.told.addRow(e)
	}
}

func (o *occurrence) result() string {
	switch {
	case o.count < o.least && o.count == 0:
		return "there is no row for " + o.text
	case o.most == 0 && o.count > 0:
		return fmt.Sprintf("%s that must not be there", rows(o.count))
	case o.count < o.least:
		return fmt.Sprintf("%s, and there should be at least %d", rows(o.count), o.least)
	case o.most >= 0 && o.count > o.most:
		return fmt.Sprintf("%s, and there should be at most %d", rows(o.count), o.most)
	}
	return ""
}

func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// order waits for one filter after the other.
type order struct {
	nothing
	filters []*filter.Filter
	texts   []string
	met     int
}

func (o *order) row(e *dissect.Event) {
	if o.met < len(o.filters) && o.filters[o.met].Match(e) {
		o.met++
		o.told.addRow(e)
	}
}

func (o *order) result() string {
	switch o.met {
	case len(o.filters):
		return ""
	case 0:
		return "there is no row for " + o.texts[0]
	}
	return fmt.Sprintf("behind the row for %s there is none for %s", o.texts[o.met-1], o.texts[o.met])
}

// within measures from rows for the first filter to the next one for the second.
type within struct {
	nothing
	filters []*filter.Filter
	limit   time.Duration
	waiting []waiting
	late    int
	seen    bool
}

// waiting is a row that something has to follow.
type waiting struct {
	no, frame int
	time      int64
	text      string
}

// maxWaiting bounds the rows that wait. One that finds no room is late.
const maxWaiting = 1 << 16

func (w *within) row(e *dissect.Event) {
	if len(w.waiting) > 0 && w.filters[1].Match(e) {
		for i := range w.waiting {
			if took := time.Duration(e.Time - w.waiting[i].time); took > w.limit {
				w.miss(&w.waiting[i], fmt.Sprintf("it took %v, to row %d, frame %d", took, e.No, e.Frame))
			}
		}
		w.waiting = w.waiting[:0]
	}
	if !w.filters[0].Match(e) {
		return
	}
	w.seen = true
	x := waiting{e.No, e.Frame, e.Time, e.Kind + " " + clip(string(e.Info))}
	if len(w.waiting) >= maxWaiting {
		w.miss(&x, "too many rows wait")
		return
	}
	w.waiting = append(w.waiting, x)
}

func (w *within) miss(x *waiting, why string) {
	w.late++
	w.told.add(x.no, x.frame, x.text+": "+why)
}

func (w *within) result() string {
	for i := range w.waiting {
		w.miss(&w.waiting[i], "nothing follows")
	}
	w.waiting = nil
	switch {
	case !w.seen:
		return "there is no row for the first filter"
	case w.late > 0:
		return fmt.Sprintf("%s not followed within %v", rows(w.late), w.limit)
	}
	return ""
}

// noFindings counts findings.
type noFindings struct {
	nothing
	least dissect.Severity
	count int
}

func (n *noFindings) finding(f *analysis.Finding) {
	if f.Severity < n.least {
		return
	}
	n.count++
	n.told.add(f.Row, f.Frame, f.Severity.String()+" "+f.ID+": "+clip(f.Text))
}

func (n *noFindings) result() string {
	switch n.count {
	case 0:
		return ""
	case 1:
		return "1 finding"
	}
	return fmt.Sprintf("%d findings", n.count)
}
