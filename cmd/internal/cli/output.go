package cli

import (
	"os"
	"strconv"

	"golang.org/x/term"

	"talktrace/report"
	"talktrace/report/csv"
	"talktrace/report/jsonl"
	"talktrace/report/pdml"
	"talktrace/report/table"
	"talktrace/report/text"
)

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// newWriter makes the writer of rows that the flags ask for.
func newWriter(o *options, out *os.File, start report.Start, names *report.Names) (report.Writer, error) {
	if o.verb != nil {
		return o.verb.writer, nil
	}
	terminal := isTerminal(out)
	color, err := wantsColor(o.color, terminal)
	if err != nil {
		return nil, err
	}
	mode, err := report.ParseTimeMode(o.time)
	if err != nil {
		return nil, misuse("", "-t: %w", err)
	}
	columns := report.Trace()
	if o.packets {
		columns = report.Packets()
	}
	cells := report.Cells{Clock: report.NewClock(mode, start), Names: names}
	format := o.format
	if format == "" {
		format = "text"
		if terminal && !o.details.tree && !o.details.bytes && !o.details.findings {
			format = "table"
		}
	}
	switch format {
	case "text":
		return text.New(out, text.Options{Columns: columns, Cells: cells, Color: color, Header: true, Below: o.details.below(color)}), nil
	case "table":
		return table.New(out, table.Options{Columns: columns, Cells: cells, Color: color, Width: width(out)}), nil
	case "jsonl":
		return jsonl.New(out, jsonl.Options{Start: start, Names: names, Fields: o.details.refs}), nil
	case "csv":
		return csv.New(out, csv.Options{Start: start, Names: names}), nil
	case "json":
		return nil, misuse("-T jsonl writes one JSON object a line; jq -s makes an array of them", "-T: unknown format %q", format)
	case "fields":
		return o.details.newFields(out)
	case "pdml":
		return pdml.New(out), nil
	}
	return nil, misuse("", "-T: unknown format %q: use text, table, jsonl, csv, fields or pdml", format)
}

// wantsColor decides whether rows are coloured. Where nobody says, they are on
// a terminal that can do it, unless NO_COLOR is set (https://no-color.org).
func wantsColor(when string, terminal bool) (bool, error) {
	switch when {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, misuse("", "--color: %q is none of auto, always, never", when)
}

// width returns how many cells wide the terminal is that a table is drawn for.
func width(out *os.File) int {
	const usual = 120
	if w, _, err := term.GetSize(int(out.Fd())); err == nil && w > 0 {
		return w
	}
	if w, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && w > 0 {
		return w
	}
	return usual
}
