package stats

import (
	"strconv"
	"strings"
	"time"

	"talktrace/dissect/analysis"
	"talktrace/report/escape"
)

// dash stands where nothing is known.
const dash = "–"

// written is a cell for people. Words come from strangers.
func written(c analysis.Cell, of analysis.Column) string {
	switch c.Unit {
	case analysis.Words:
		return string(escape.Text(nil, []byte(c.Text)))
	case analysis.Count:
		return strconv.FormatInt(c.Number, 10)
	case analysis.Bytes:
		return volume(c.Number)
	case analysis.Span:
		return duration(c.Number)
	case analysis.Instant:
		return time.Unix(0, c.Number).UTC().Format("2006-01-02 15:04:05.000 MST")
	case analysis.Share:
		return strconv.FormatFloat(100*float64(c.Part)/float64(c.Number), 'f', 1, 64) + glue + "%"
	case analysis.Times:
		return spread(c.Times)
	}
	if of.Unknown == "" {
		return dash
	}
	return of.Unknown
}

// volume is a number of bytes for people: exact where it is small.
func volume(n int64) string {
	const exact = 100_000
	units := []string{"kB", "MB", "GB", "TB", "PB", "EB"}
	if n < exact {
		return strconv.FormatInt(n, 10)
	}
	v, i := float64(n)/1000, 0
	for v >= 1000 && i < len(units)-1 {
		v, i = v/1000, i+1
	}
	return significant(v) + glue + units[i]
}

// significant writes three digits.
func significant(v float64) string {
	switch {
	case v >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// scales are the units that times are written in.
var scales = []struct {
	from int64
	unit string
	per  float64
}{
	{int64(time.Hour), "h", float64(time.Hour)},
	{2 * int64(time.Minute), "min", float64(time.Minute)},
	{int64(time.Second), "s", float64(time.Second)},
	{10 * int64(time.Microsecond), "ms", float64(time.Millisecond)},
	{0, "µs", float64(time.Microsecond)},
}

// scaled returns the unit that fits a time.
func scaled(n int64) (unit string, per float64) {
	for _, s := range scales {
		if n >= s.from {
			return s.unit, s.per
		}
	}
	return "ms", float64(time.Millisecond)
}

func duration(n int64) string {
	unit, per := scaled(n)
	return significant(float64(n)/per) + glue + unit
}

// spread says how times are spread: all of them where they are few, else
// quantiles.
func spread(h *analysis.Histogram) string {
	if values := h.Values(); values != nil {
		unit, per := scaled(values[len(values)/2])
		var b strings.Builder
		for i, v := range values {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(significant(float64(v) / per))
		}
		return b.String() + glue + unit
	}
	parts := make([]string, 0, len(quantiles)+1)
	for _, q := range quantiles {
		parts = append(parts, q.name+glue+duration(h.Quantile(q.of)))
	}
	return strings.Join(append(parts, "max"+glue+duration(h.Max())), " ")
}

var quantiles = []struct {
	name string
	of   float64
}{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}}
