package stats

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"time"

	"talktrace/dissect/analysis"
	"talktrace/report/escape"
)

// value is a cell for programs, as text; a name is what it adds to the column's.
type value struct {
	name   string
	text   string
	quoted bool
	list   []string
}

// values are what a cell holds for programs: bytes and counts as whole numbers,
// times in seconds, shares from 0 to 1. Of a histogram there are the quantiles,
// or all values where they are few.
func values(c analysis.Cell) []value {
	switch c.Unit {
	case analysis.Words:
		return []value{{text: c.Text, quoted: true}}
	case analysis.Count, analysis.Bytes:
		return []value{{text: strconv.FormatInt(c.Number, 10)}}
	case analysis.Span:
		return []value{{text: seconds(c.Number)}}
	case analysis.Instant:
		return []value{{text: time.Unix(0, c.Number).UTC().Format(time.RFC3339Nano), quoted: true}}
	case analysis.Share:
		return []value{{text: strconv.FormatFloat(float64(c.Part)/float64(c.Number), 'f', 4, 64)}}
	case analysis.Times:
		all := []value{{name: "_n", text: strconv.FormatInt(c.Times.N(), 10)}}
		if few := c.Times.Values(); few != nil {
			list := make([]string, 0, len(few))
			for _, v := range few {
				list = append(list, seconds(v))
			}
			return append(all, value{name: "_values", list: list})
		}
		for _, q := range quantiles {
			all = append(all, value{name: "_" + q.name, text: seconds(c.Times.Quantile(q.of))})
		}
		return append(all, value{name: "_max", text: seconds(c.Times.Max())})
	}
	return nil
}

// seconds writes nanoseconds as seconds, exactly.
func seconds(n int64) string {
	b := strconv.AppendInt(nil, n/1e9, 10)
	rest := strconv.AppendInt(nil, 1e9+n%1e9, 10)[1:]
	if rest = bytes.TrimRight(rest, "0"); len(rest) > 0 {
		b = append(append(b, '.'), rest...)
	}
	return string(b)
}

// JSONL writes each row of the tables as an object on a line of its own, with
// the name of its table as "table". What is not known is absent. A table without
// rows is an object that says why, as "unseen".
func JSONL(w io.Writer, tables []*analysis.Table) error {
	out := bufio.NewWriter(w)
	var b []byte
	for _, t := range tables {
		if len(t.Rows) == 0 {
			b = text(append(b[:0], `{"table":`...), t.Name)
			b = text(append(b, `,"unseen":`...), t.Unseen)
			_, _ = out.Write(append(b, "}\n"...)) // the buffer keeps the error
		}
		for _, row := range t.Rows {
			b = text(append(b[:0], `{"table":`...), t.Name)
			for i, c := range t.Columns {
				if c.People {
					continue
				}
				for _, v := range values(row[i]) {
					b = text(append(b, ','), c.Name+v.name)
					b = appendJSON(append(b, ':'), v)
				}
			}
			_, _ = out.Write(append(b, "}\n"...))
		}
	}
	return out.Flush()
}

func appendJSON(b []byte, v value) []byte {
	switch {
	case v.list != nil:
		b = append(b, '[')
		for i, x := range v.list {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, x...)
		}
		return append(b, ']')
	case v.quoted:
		return text(b, v.text)
	}
	return append(b, v.text...)
}

func text(b []byte, s string) []byte {
	return append(escape.JSON(append(b, '"'), []byte(s)), '"')
}

// CSV writes the tables as comma-separated values, each with a line of titles;
// an empty line is between tables. The first column is the name of the table.
// The values of a list have spaces between them.
func CSV(w io.Writer, tables []*analysis.Table) error {
	out := bufio.NewWriter(w)
	for i, t := range tables {
		if i > 0 {
			_ = out.WriteByte('\n') // the buffer keeps the error
		}
		names, histogram := titles(t)
		b := []byte("table")
		for _, n := range names {
			b = append(append(b, ','), n...)
		}
		_, _ = out.Write(append(b, '\n'))
		for _, row := range t.Rows {
			_, _ = out.Write(record(b[:0], t, row, histogram))
		}
	}
	return out.Flush()
}

// spreadNames are the columns of a histogram.
var spreadNames = []string{"_n", "_p50", "_p90", "_p99", "_max", "_values"}

// titles returns the names of all columns of a table, and which of the table's
// columns hold histograms.
func titles(t *analysis.Table) (names []string, histogram []bool) {
	histogram = make([]bool, len(t.Columns))
	for i, c := range t.Columns {
		if c.People {
			continue
		}
		for _, row := range t.Rows {
			histogram[i] = histogram[i] || row[i].Unit == analysis.Times
		}
		if !histogram[i] {
			names = append(names, c.Name)
			continue
		}
		for _, n := range spreadNames {
			names = append(names, c.Name+n)
		}
	}
	return names, histogram
}

// record appends a line.
func record(b []byte, t *analysis.Table, row []analysis.Cell, histogram []bool) []byte {
	b = append(b, t.Name...)
	for i, c := range t.Columns {
		if c.People {
			continue
		}
		known := map[string]value{}
		for _, v := range values(row[i]) {
			known[v.name] = v
		}
		names := []string{""}
		if histogram[i] {
			names = spreadNames
		}
		for _, n := range names {
			b = append(b, ',')
			v := known[n]
			if v.quoted {
				b = escape.CSV(b, []byte(v.text))
				continue
			}
			b = append(b, v.text...)
			for j, x := range v.list {
				if j > 0 {
					b = append(b, ' ')
				}
				b = append(b, x...)
			}
		}
	}
	return append(b, '\n')
}
