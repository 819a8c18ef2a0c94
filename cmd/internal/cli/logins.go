package cli

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"talktrace/dissect"
	"talktrace/dissect/analysis"
	"talktrace/report"
	"talktrace/report/escape"
	"talktrace/report/table"
)

// newLogins makes the verb that lists the attempts to log in.
func newLogins(s Streams) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "logins [flags] [FILE ...]",
		Short: "List the logins, how long their phases took and how they ended",
		Long: `List the logins: a row for each attempt, with the time that each of its phases
took, in milliseconds. A phase is the time from a request to its answer; TCP is
from the SYN to what the client sends upon the SYN-ACK, presence from the
beginning to the client's first presence, and total from the beginning to the
point where stanzas may flow. A phase that there was not, or that was not
captured, is empty. Of a login that fails the account is known where the login
names it. A table has the columns that fit the terminal, other formats have all.`,
		Example: `  talktrace logins capture.pcap
  talktrace logins -r capture.pcap -T csv >logins.csv
  talktrace logins capture.pcap -Y 'kind == "failure"'     where one was refused`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = append(o.files, args...)
			return logins(cmd.Context(), &o, s)
		},
	}
	input := o.readingFlags()
	c.Flags().SortFlags = false
	c.Flags().StringVarP(&o.format, "format", "T", "", "write rows as `FORMAT`: text, table, jsonl or csv (default: table on a\nterminal, else text)")
	c.Flags().StringArrayVarP(&o.choosing.texts, "display-filter", "Y", nil, "list the logins of the connections that have a row for which `FILTER`\nholds")
	c.Flags().AddFlagSet(input)
	return c
}

// maxLogins bounds the logins that are put into order before they are written.
const maxLogins = 1 << 18

// logins writes the logins of an input in the order in which they began.
func logins(ctx context.Context, o *options, s Streams) error {
	w := &loginWriter{out: s.Out, err: s.Err, format: o.format}
	if isTerminal(s.Out) {
		w.width = width(s.Out)
	}
	switch o.format {
	case "":
		if w.format = "text"; isTerminal(s.Out) {
			w.format = "table"
		}
	case "text", "table", "jsonl", "csv":
	default:
		return misuse("", "-T: unknown format %q: use text, table, jsonl or csv", o.format)
	}
	o.format = ""
	if err := o.choosing.check(o); err != nil {
		return err
	}
	o.verb = &verb{writer: w, fields: o.choosing.with(analysis.Fields()), login: w.login}
	return trace(ctx, o, s)
}

// loginWriter collects the logins, and writes them when there are no more.
type loginWriter struct {
	out, err io.Writer
	format   string
	width    int   // of the terminal, 0 where there is none
	start    int64 // of the input
	all      []analysis.Login
	more     int64   // that there is no room for
	chosen   numbers // of connections
}

var _ report.Writer = (*loginWriter)(nil)

func (w *loginWriter) login(l analysis.Login) {
	if len(w.all) == maxLogins {
		w.more++
		return
	}
	w.all = append(w.all, l)
}

// Write implements report.Writer.
func (w *loginWriter) Write(e *dissect.Event) error {
	w.start = e.Time - e.Elapsed
	if e.Conn != nil {
		w.chosen.add(e.Conn.Number)
	}
	return nil
}

// Flush implements report.Writer.
func (w *loginWriter) Flush() error { return nil }

// Close implements report.Writer.
func (w *loginWriter) Close() error {
	w.all = slices.DeleteFunc(w.all, func(l analysis.Login) bool { return !w.chosen.has(l.Conn.Number) })
	slices.SortStableFunc(w.all, func(a, b analysis.Login) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Conn.Number, b.Conn.Number), cmp.Compare(a.Attempt, b.Attempt))
	})
	if w.more > 0 {
		notice(w.err, count(w.more, "login")+" more, which are not listed, to stay within bounds")
	}
	return w.list()
}

// list writes the logins.
func (w *loginWriter) list() error {
	if w.format == "jsonl" {
		return writeLoginObjects(w.out, w.all)
	}
	sheet := loginSheet(w.all, w.start)
	if w.format == "csv" {
		return sheet.CSV(w.out)
	}
	sheet.Prune()
	if w.format == "table" {
		if w.width > 0 {
			sheet.Fit(w.width, "Server", "Kind", "Client", "Mechanism", "Encryption", "roster", "presence")
		}
		return sheet.Draw(w.out)
	}
	return sheet.Align(w.out)
}

// loginSheet lays the logins out.
func loginSheet(all []analysis.Login, start int64) *table.Sheet {
	t := &table.Sheet{
		Titles: []string{"Time", "Stream", "Client", "Server", "Kind", "Account", "Mechanism", "Encryption"},
		Right:  []bool{true, true, false, false, false, false, false, false},
	}
	for p := range analysis.Phases {
		t.Titles, t.Right = append(t.Titles, p.String()), append(t.Right, true)
	}
	t.Titles, t.Right = append(t.Titles, "total", "Result"), append(t.Right, true, false)
	for i := range all {
		l := &all[i]
		row := []string{
			string(report.AppendSeconds(nil, l.Time-start, 6)), strconv.Itoa(l.Conn.Number),
			l.Conn.Text[dissect.Client], l.Conn.Text[dissect.Server],
			l.Kind, cmp.Or(l.Account, unknownAccount(l)), l.Mechanism, l.TLS,
		}
		for p := range analysis.Phases {
			row = append(row, milliseconds(l.Took[p]))
		}
		t.Rows = append(t.Rows, append(row, milliseconds(l.Total), l.Result))
	}
	return t
}

// unknownAccount says what is known of an account that is not.
func unknownAccount(l *analysis.Login) string {
	if l.Domain == "" {
		return ""
	}
	return "?@" + l.Domain
}

func milliseconds(d int64) string {
	if d == analysis.Absent {
		return ""
	}
	return strconv.FormatFloat(float64(d)/1e6, 'f', 1, 64)
}

// writeLoginObjects writes the logins as JSON, an object a line. Durations are
// in seconds; what is not known is absent.
func writeLoginObjects(w io.Writer, all []analysis.Login) error {
	out := bufio.NewWriter(w)
	var b []byte
	text := func(key, value string) {
		if value != "" {
			b = append(escape.JSON(append(append(b, `,"`...), key+`":"`...), []byte(value)), '"')
		}
	}
	seconds := func(key string, d int64) {
		if d != analysis.Absent {
			b = report.AppendSeconds(append(append(b, `,"`...), key+`":`...), d, 9)
		}
	}
	for i := range all {
		l := &all[i]
		b = append(b[:0], `{"stream":`...)
		b = strconv.AppendInt(b, int64(l.Conn.Number), 10)
		b = strconv.AppendInt(append(b, `,"attempt":`...), int64(l.Attempt), 10)
		b = strconv.AppendInt(append(b, `,"row":`...), int64(l.Row), 10)
		text("time", time.Unix(0, l.Time).UTC().Format(time.RFC3339Nano))
		text("client", l.Conn.Text[dissect.Client])
		text("server", l.Conn.Text[dissect.Server])
		text("kind", l.Kind)
		text("account", l.Account)
		text("domain", l.Domain)
		text("mechanism", l.Mechanism)
		text("encryption", l.TLS)
		for p := range analysis.Phases {
			seconds(p.String(), l.Took[p])
		}
		seconds("total", l.Total)
		b = strconv.AppendBool(append(b, `,"ok":`...), l.OK)
		text("result", l.Result)
		if _, err := out.Write(append(b, '}', '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}
