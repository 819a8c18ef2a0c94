package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"talktrace/capture"
	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report/stats"
)

// statistics are the flags of the verb stats, and what it counts with.
type statistics struct {
	options
	tables   []string
	interval time.Duration
	top      int
	as       string // the format

	out    Streams
	color  bool
	trace  *tracer
	frames inspection
	tally  *analysis.Tally
}

// newStats makes the verb that counts.
func newStats(s Streams) *cobra.Command {
	x := statistics{out: s}
	c := &cobra.Command{
		Use:   "stats [flags] [FILE ...]",
		Short: "Count stanzas, connections, times, errors and rates",
		Long: `Count what happened: how good the capture is, stanzas by kind and by what they
are about, connections, how long answers and deliveries took, presence and
typing, errors with what they mean, and rates over time.

Numbers say what they are of. What could not be seen is a dash, or a key that is
absent; it is not 0. Of fewer than 20 times all are shown, of more their median
(p50), the times that 90 and 99 of 100 do not exceed, and the longest.`,
		Example: `  talktrace stats capture.pcap                             all tables
  talktrace stats -r capture.pcap --table iq --table delivery
  talktrace stats -r capture.pcap --table rates --interval 1m
  talktrace stats -r capture.pcap -T jsonl | jq 'select(.table == "errors")'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			x.files = append(x.files, args...)
			return x.count(cmd.Context())
		},
	}
	input, f := x.readingFlags(), c.Flags()
	f.SortFlags = false
	f.StringVarP(&x.as, "format", "T", "text", "write the tables as `FORMAT`: text, jsonl or csv")
	f.StringArrayVar(&x.tables, "table", nil, "write the table `NAME` only, which is capture, undecrypted, stanzas,\nnamespaces, connections, iq, delivery, presence, errors or rates;\nrepeatable")
	f.DurationVar(&x.interval, "interval", time.Second, "count the rates for each `TIME`, such as 100ms, 1s or 5m")
	f.IntVar(&x.top, "top", 20, "tell the `N` largest rows of a table apart; the rest are others")
	f.StringVar(&x.sender, "sender", "both", "count what `WHO` sent: client, server or both")
	f.StringArrayVarP(&x.choosing.texts, "display-filter", "Y", nil, "count only rows that `FILTER`, in Wireshark's language, holds for")
	f.Var(&x.writing.stream, "stream", "count what is of the TCP connection number `N`")
	f.StringVar(&x.options.color, "color", "auto", "colour what clients and servers sent: `WHEN` is auto, always or\nnever; NO_COLOR is honoured by auto")
	f.AddFlagSet(input)
	return c
}

// checkTables finds mistakes in the flags that other verbs do not have.
func (x *statistics) checkTables() error {
	switch {
	case x.as != "text" && x.as != "jsonl" && x.as != "csv":
		return misuse("", "-T: unknown format %q: use text, jsonl or csv", x.as)
	case x.interval < time.Millisecond:
		return misuse("", "--interval: want at least 1ms")
	case x.top < 1:
		return misuse("", "--top: want a number from 1 on")
	}
	for _, name := range x.tables {
		if !slices.Contains(analysis.TableNames(), name) {
			return misuse("the tables are "+strings.Join(analysis.TableNames(), ", "), "--table: there is no table %q", name)
		}
	}
	return nil
}

// count traces the input and writes what was counted; of an input that cannot be
// read to its end, what could be read.
func (x *statistics) count(ctx context.Context) error {
	color, err := wantsColor(x.options.color, isTerminal(x.out.Out))
	if err := errors.Join(err, x.checkTables(), x.choosing.check(&x.options)); err != nil {
		return err
	}
	x.color = color
	x.verb = &verb{
		writer: x, payload: true, started: x.started, row: func(e *dissect.Event, chosen bool) { x.tally.Event(e, chosen) },
		fields: x.choosing.with(analysis.TallyFields()),
	}
	return trace(ctx, &x.options, x.out)
}

// started looks at the frames of a trace, and at its rows.
func (x *statistics) started(t *tracer) {
	x.trace = t
	x.frames.Source = t.in.Source
	t.in.Source = &x.frames
	x.tally = analysis.NewTally(t.analysis, analysis.TallyOptions{Interval: int64(x.interval), Top: x.top})
}

// Write implements report.Writer. The row has been counted.
func (x *statistics) Write(*dissect.Event) error { return nil }

// Flush implements report.Writer. There is nothing to show before the end.
func (x *statistics) Flush() error { return nil }

// Close implements report.Writer. It writes the tables.
func (x *statistics) Close() error {
	forgotten := x.trace.analysis.Evicted
	for _, what := range slices.Sorted(maps.Keys(forgotten)) {
		notice(x.out.Err, fmt.Sprintf("%d %s were forgotten while the input was read, to stay within bounds", forgotten[what], what))
	}
	tables := x.tally.Tables(x.facts(), x.tables...)
	switch x.as {
	case "jsonl":
		return stats.JSONL(x.out.Out, tables)
	case "csv":
		return stats.CSV(x.out.Out, tables)
	}
	return stats.Text(x.out.Out, tables, stats.Options{Width: width(x.out.Out), Color: x.color})
}

// inspection looks at frames on their way.
type inspection struct {
	capture.Source
	number, cut, back int64
	first, last       int64
}

// Buffered implements capture.Buffered.
func (i *inspection) Buffered() bool {
	b, ok := i.Source.(capture.Buffered)
	return !ok || b.Buffered()
}

// Next implements capture.Source.
func (i *inspection) Next(f *capture.Frame) error {
	if err := i.Source.Next(f); err != nil {
		return err
	}
	if i.number++; i.number == 1 {
		i.first, i.last = f.Time, f.Time
	}
	if f.Time < i.last {
		i.back++
	}
	i.last = max(i.last, f.Time)
	if len(f.Data) < f.Length {
		i.cut++
	}
	return nil
}

// facts says what is known of the capture once the trace has ended.
func (x *statistics) facts() analysis.CaptureFacts {
	st, i := x.trace.run.Stats(), &x.frames
	f := analysis.CaptureFacts{
		Frames: i.number, First: i.first, Last: i.last, Cut: i.cut, Back: i.back,
		Segments: int64(st.Segments), Connections: int64(st.Connections), Fragments: int64(st.FragmentsDropped),
		Conflicts: st.Conflicts, Evicted: int64(st.Evicted),
		Narrowed: x.choosing.filter != nil || x.sender != "both" || x.writing.stream != allConnections,
	}
	for _, n := range st.Undecodable {
		f.Undecodable += int64(n)
	}
	live := x.trace.in.statistics()
	for _, s := range live {
		f.Dropped, f.Missed = f.Dropped+s.Dropped, f.Missed+s.Missed
	}
	f.Told = len(live)+len(x.trace.in.files) > 0
	for _, file := range x.trace.in.files {
		sum, told := file.Statistics()
		f.Told = f.Told && told
		f.Dropped, f.Missed = f.Dropped+sum.Dropped, f.Missed+sum.Missed
	}
	return f
}
