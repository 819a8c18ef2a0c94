package assert

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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
	// absent says that it is so because there is no row, not because there is one.
	// The rows it is about are in its record. last is the time of the last row of all.
	result(last int64) (text string, absent bool)
	places() *record
}

// most is how many of the rows that break a rule are told of. All are counted.
const most = 10

// record keeps the rows that a result is about.
type record struct {
	count int
	rows  []verdict.Place
	lines []string
}

func (r *record) add(no, frame int, text string) {
	if r.count++; len(r.rows) >= most {
		return
	}
	r.rows = append(r.rows, verdict.Place{Row: no, Frame: frame})
	r.lines = append(r.lines, fmt.Sprintf("row %d, frame %d, %s", no, frame, text))
}

// addRow adds a row with what it says.
func (r *record) addRow(e *dissect.Event) { r.countRow(e, len(r.rows) < most) }

// countRow counts a row, and adds it if it is to be told of.
func (r *record) countRow(e *dissect.Event, told bool) {
	if !told {
		r.count++
		return
	}
	r.add(e.No, e.Frame, rowText(e))
}

// rowText is a row in words.
func rowText(e *dissect.Event) string {
	info := clip(string(e.Info))
	if !strings.HasPrefix(info, e.Kind) {
		info = strings.TrimSpace(e.Kind + " " + info)
	}
	return e.Sender.String() + ": " + info
}

// join adds what another record has, and so many of its rows, the first ones of all
// by their numbers.
func (r *record) join(more *record, n int) {
	r.count += more.count
	byRow := func(a, b verdict.Place) int { return cmp.Compare(a.Row, b.Row) }
	for i, p := range more.rows[:min(n, len(more.rows))] {
		at, _ := slices.BinarySearchFunc(r.rows, p, byRow)
		r.rows = slices.Insert(slices.Clip(r.rows), at, p)
		r.lines = slices.Insert(slices.Clip(r.lines), at, more.lines[i])
	}
	kept := min(len(r.rows), most)
	r.rows, r.lines = r.rows[:kept], r.lines[:kept]
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
	least, most int  // most is -1 for any number
	room        *int // rows of all connections that may still be told of
	count       int
}

func (o *occurrence) row(e *dissect.Event) {
	if !o.filter.Match(e) {
		return
	}
	o.count++
	if o.count > 1 && o.least == 1 && o.most < 0 {
		return // one row is enough to show that there is one
	}
	told := *o.room > 0 && len(o.told.rows) < most
	if told && o.most == 0 { // the first rows are those that are told of
		*o.room--
	}
	o.told.countRow(e, told)
}

func (o *occurrence) result(int64) (text string, absent bool) {
	switch {
	case o.count < o.least && o.count == 0:
		return "there is no row for " + o.text, true
	case o.most == 0 && o.count > 0:
		return forbidden(o.count), false
	case o.count < o.least:
		return fmt.Sprintf("%s, and there should be at least %d", rows(o.count), o.least), true
	case o.most >= 0 && o.count > o.most:
		return fmt.Sprintf("%s, and there should be at most %d", rows(o.count), o.most), false
	}
	return "", o.count == 0
}

func forbidden(n int) string { return rows(n) + " that must not be there" }

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

func (o *order) result(int64) (text string, absent bool) {
	switch o.met {
	case len(o.filters):
		return "", false
	case 0:
		return "there is no row for " + o.texts[0], true
	}
	return fmt.Sprintf("behind the row for %s there is none for %s", o.texts[o.met-1], o.texts[o.met]), true
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
	x := waiting{e.No, e.Frame, e.Time, rowText(e)}
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

func (w *within) result(last int64) (text string, absent bool) {
	for i := range w.waiting {
		w.miss(&w.waiting[i], fmt.Sprintf("nothing follows in the %v up to the last row", time.Duration(last-w.waiting[i].time)))
	}
	w.waiting = nil
	switch {
	case !w.seen:
		return "there is no row for the first filter", true
	case w.late > 0:
		return fmt.Sprintf("%s not followed within %v", rows(w.late), w.limit), false
	}
	return "", false
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

func (n *noFindings) result(int64) (text string, absent bool) {
	switch n.count {
	case 0:
		return "", true
	case 1:
		return "1 finding", false
	}
	return fmt.Sprintf("%d findings", n.count), false
}
