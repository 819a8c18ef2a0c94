package stats

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"talktrace/dissect/analysis"
	"talktrace/report/escape"
)

// levels are the heights of a chart's columns; blind is where something was sent
// and nothing could be read.
var levels = []rune(" ▁▂▃▄▅▆▇█")

const blind = '?'

// chart draws counts over time, a line for each.
func (d *drawing) chart(c *analysis.Chart) {
	titles, ends := 0, 0
	tails := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		tails[i] = tail(l)
		titles, ends = max(titles, cells(l.Title)), max(ends, cells(tails[i]))
	}
	room := max(d.o.Width-titles-ends-4, 10)
	group := 1
	for i, l := range c.Lines {
		group = (len(l.Values) + room - 1) / room
		name := "client"
		if l.Server {
			name = "server"
		}
		title := fmt.Sprintf("%-*s", titles, l.Title)
		d.line(title + " ▕" + d.paint(columns(l.Values, group), side(name)) + "▏ " + tails[i])
	}
	legend := "A column is " + per(c.Interval) + "."
	if group > 1 {
		legend = fmt.Sprintf("A column is the highest of %d times %s.", group, per(c.Interval))
	}
	for _, l := range c.Lines {
		for _, v := range l.Values {
			if v < 0 {
				d.paragraph(legend + " Where there is a ?, something was sent that could not be read.")
				return
			}
		}
	}
	d.paragraph(legend)
}

func per(interval int64) string { return time.Duration(interval).String() }

// tail says what the highest and the mean of the values are. Intervals in which
// nothing could be read have no part in the mean.
func tail(l analysis.ChartLine) string {
	var peak, sum, seen int64
	for _, v := range l.Values {
		if v >= 0 {
			peak, sum, seen = max(peak, v), sum+v, seen+1
		}
	}
	if seen == 0 {
		return "not visible"
	}
	mean := float64(sum) / float64(seen)
	if l.Unit == analysis.Bytes {
		return "peak " + plain(volume(peak)) + ", mean " + plain(volume(int64(mean+0.5)))
	}
	return "peak " + strconv.FormatInt(peak, 10) + ", mean " + significant(mean)
}

// plain is a text whose words need no glue any more.
func plain(s string) string { return wrap(s, 80)[0] }

// columns draws values, the highest of each group.
func columns(values []int64, group int) string {
	var peak int64
	for _, v := range values {
		peak = max(peak, v)
	}
	var b []rune
	for from := 0; from < len(values); from += group {
		highest := int64(-1)
		for _, v := range values[from:min(from+group, len(values))] {
			highest = max(highest, v)
		}
		switch {
		case highest < 0:
			b = append(b, blind)
		case highest == 0 || peak == 0:
			b = append(b, levels[0])
		default:
			b = append(b, levels[int(math.Ceil(float64(highest)/float64(peak)*float64(len(levels)-1)))])
		}
	}
	return string(escape.Text(nil, []byte(string(b))))
}
