package analysis

import (
	"fmt"
	"time"

	"talktrace/dissect"
)

// rates counts what was sent in each interval of time. Where the intervals
// become too many, they are made twice as long.
type rates struct {
	t         *Tally
	interval  int64
	begin     int64
	intervals []interval
}

type interval struct {
	stanzas, bytes both
	unread         both // bytes that stayed encrypted or are missing
}

// maxIntervals bounds the intervals.
const maxIntervals = 4096

func newRates(t *Tally) *rates { return &rates{t: t, interval: t.o.Interval} }

func (x *rates) count(r *tallied) {
	if x.intervals == nil {
		x.begin = r.Time - r.Elapsed
	}
	in := x.at(r.Time)
	switch {
	case r.Kind == dissect.KindGap:
		in.unread[r.Sender] += r.Missing
	case r.Sealed != "":
		in.unread[r.Sender] += int64(r.Length)
	case r.visible():
		in.bytes[r.Sender] += int64(r.Length)
		if r.isStanza() {
			in.stanzas[r.Sender]++
		}
	}
}

// at returns the interval of a time. What is before the beginning counts for the
// first one.
func (x *rates) at(now int64) *interval {
	since := max(now-x.begin, 0)
	for since/x.interval >= maxIntervals {
		x.halve()
	}
	n := int(since / x.interval)
	for len(x.intervals) <= n {
		x.intervals = append(x.intervals, interval{})
	}
	return &x.intervals[n]
}

// halve makes one interval of each two.
func (x *rates) halve() {
	x.interval *= 2
	for i := range x.intervals {
		if i%2 == 0 {
			x.intervals[i/2] = x.intervals[i]
			continue
		}
		in, from := &x.intervals[i/2], x.intervals[i]
		in.stanzas.add(from.stanzas)
		in.bytes.add(from.bytes)
		in.unread.add(from.unread)
	}
	x.intervals = x.intervals[:(len(x.intervals)+1)/2]
}

// seen is a count of what could be read: not 0, but unknown, where there was
// something that could not.
func seen(c Cell, unread int64) Cell {
	if c.Number == 0 && unread > 0 {
		return Cell{}
	}
	return c
}

func (x *rates) table() *Table {
	table := &Table{
		Name: "rates", Title: "Rates over time", Unseen: x.t.coverage.unseen("rows"),
		Columns: []Column{
			{Name: "elapsed", Title: "From"},
			{Name: "interval", Title: "for"},
			{Name: "client_stanzas", Title: "Stanzas, client"},
			{Name: "client_bytes", Title: "bytes"},
			{Name: "server_stanzas", Title: "Stanzas, server"},
			{Name: "server_bytes", Title: "bytes"},
			{Name: "bytes_unread", Title: "unread"},
		},
	}
	if x.t.coverage.visible == 0 || len(x.intervals) == 0 {
		return table
	}
	for i := range x.intervals {
		in := &x.intervals[i]
		row := []Cell{span(int64(i) * x.interval), span(x.interval)}
		for side := range in.bytes {
			row = append(row, seen(number(in.stanzas[side]), in.unread[side]), seen(size(in.bytes[side]), in.unread[side]))
		}
		table.Rows = append(table.Rows, append(row, few(in.unread.sum())))
	}
	table.Chart = x.chart()
	table.Notes = []string{fmt.Sprintf("%s of %v from the first frame on, of which peak and mean are; the last one may not be full.",
		several(int64(len(x.intervals)), "interval"), time.Duration(x.interval))}
	if x.interval != x.t.o.Interval {
		table.Notes = append(table.Notes, fmt.Sprintf("Intervals of %v would have been too many.", time.Duration(x.t.o.Interval)))
	}
	table.Notes = append(table.Notes, x.t.coverage.note())
	return table
}

func (x *rates) chart() *Chart {
	c := &Chart{Interval: x.interval}
	for _, what := range []struct {
		title string
		unit  Unit
		of    func(*interval) both
	}{
		{"stanzas", Count, func(in *interval) both { return in.stanzas }},
		{"bytes", Bytes, func(in *interval) both { return in.bytes }},
	} {
		for side := range 2 {
			line := ChartLine{Title: what.title + ", " + dissect.Sender(side).String(), Server: side == 1, Unit: what.unit}
			for i := range x.intervals {
				in := &x.intervals[i]
				v := what.of(in)[side]
				if v == 0 && in.unread[side] > 0 {
					v = -1
				}
				line.Values = append(line.Values, v)
			}
			c.Lines = append(c.Lines, line)
		}
	}
	return c
}
