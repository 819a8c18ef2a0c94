package analysis

import (
	"fmt"
	"strconv"
)

// Table is something that was counted, for outputs to draw.
type Table struct {
	Name    string // for scripts
	Title   string
	Columns []Column
	Rows    [][]Cell
	// Notes are sentences that say what the numbers are of: denominators, and how
	// much of what there was could be seen.
	Notes []string
	// Unseen says why there are no rows: that there was nothing, or that it could
	// not be seen.
	Unseen string
	// Facts is set where the one row is a list of facts rather than a row.
	Facts bool
	// Chart is set where the rows are drawn rather than written out for people.
	Chart *Chart
}

// Column is a column of a table.
type Column struct {
	Name  string // for scripts
	Title string // for people
	// Below is set where the cells stand below those of the column before, rather
	// than beside them. The title goes before each cell then.
	Below bool
	// Unknown are the words for a cell that has no value; a dash, if it is "".
	Unknown string
	// Script is set for columns that only scripts get, and People for those that
	// only people do.
	Script, People bool
}

// Unit says what the number in a cell is.
type Unit uint8

// The units.
const (
	None    Unit = iota // nothing is known
	Words               // Text
	Count               // how many
	Bytes               // how many bytes
	Span                // nanoseconds
	Instant             // nanoseconds since 1970
	Share               // Part of Number
	Times               // a histogram of nanoseconds
)

// Cell is a cell of a table. A cell without a unit says that nothing is known,
// which is not the same as 0.
type Cell struct {
	Unit   Unit
	Text   string
	Number int64
	Part   int64
	Times  *Histogram
}

func words(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Unit: Words, Text: s}
}

func number(n int64) Cell  { return Cell{Unit: Count, Number: n} }
func size(n int64) Cell    { return Cell{Unit: Bytes, Number: n} }
func span(n int64) Cell    { return Cell{Unit: Span, Number: n} }
func instant(n int64) Cell { return Cell{Unit: Instant, Number: n} }

// share is a part of all; nothing is known where there is nothing at all.
func share(part, of int64) Cell {
	if of <= 0 {
		return Cell{}
	}
	return Cell{Unit: Share, Number: of, Part: part}
}

func times(h *Histogram) Cell {
	if h.N() == 0 {
		return Cell{}
	}
	return Cell{Unit: Times, Times: h}
}

// few is a number of bytes that is left out where it is 0.
func few(n int64) Cell {
	if n == 0 {
		return Cell{}
	}
	return size(n)
}

// Chart is counts over time, of the two sides.
type Chart struct {
	Interval int64 // nanoseconds
	Lines    []ChartLine
}

// ChartLine is one count over time.
type ChartLine struct {
	Title  string
	Server bool    // of the server, rather than of the client
	Unit   Unit    // Count or Bytes
	Values []int64 // by interval; -1 where it could not be seen
}

// percent writes a share for people.
func percent(part, of int64) string {
	if of <= 0 {
		return "an unknown part"
	}
	return strconv.FormatFloat(100*float64(part)/float64(of), 'f', 1, 64) + " %"
}

func several(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
