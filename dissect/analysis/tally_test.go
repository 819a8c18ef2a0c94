package analysis

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"talktrace/dissect"
)

// The packages that declare the fields are not in this test: the rows here have
// none.
func init() {
	for _, f := range append(append([]*field(nil), registered.fields...), countedFields...) {
		if len(dissect.LookupField(f.name)) == 0 {
			dissect.RegisterFacts([]dissect.FieldDef{{
				Name: f.name, Type: dissect.Text, Doc: "for tests",
				Values: func(v []dissect.Value, _ *dissect.Event) []dissect.Value { return v },
			}})
		}
	}
}

// rowsTo hands rows to a Tally as a trace does.
type rowsTo struct {
	a     *Analysis
	tally *Tally
	conns map[int]*dissect.Conn
	no    int
}

func newRowsTo(o TallyOptions) *rowsTo {
	a := New(Options{})
	return &rowsTo{a: a, tally: NewTally(a, o), conns: map[int]*dissect.Conn{}}
}

func (r *rowsTo) row(conn int, e dissect.Event) {
	c := r.conns[conn]
	if c == nil {
		addr := netip.MustParseAddrPort("192.0.2.1:40000")
		c = &dissect.Conn{Number: conn, Addr: [2]netip.AddrPort{addr, addr}, Text: [2]string{"client", "server"}}
		r.conns[conn] = c
	}
	r.no++
	e.No, e.Frame, e.Conn, e.Protocol = r.no, r.no, c, "XMPP"
	r.a.Event(&e)
	r.tally.Event(&e, true)
}

func (r *rowsTo) table(t *testing.T, name string) *Table {
	t.Helper()
	tables := r.tally.Tables(CaptureFacts{}, name)
	if len(tables) != 1 || tables[0].Name != name {
		t.Fatalf("%d tables, want %s", len(tables), name)
	}
	return tables[0]
}

// sum adds up a column of a table.
func sum(t *testing.T, table *Table, column string) int64 {
	t.Helper()
	for i, c := range table.Columns {
		if c.Name == column {
			var all int64
			for _, row := range table.Rows {
				all += row[i].Number
			}
			return all
		}
	}
	t.Fatalf("there is no column %s", column)
	return 0
}

// However many kinds, types and namespaces a stranger makes up, what is kept is
// bounded, and nothing is left out of the sums.
func TestTallyFlood(t *testing.T) {
	const n = 3 * maxKeys
	r := newRowsTo(TallyOptions{Top: 5})
	for i := range n {
		made := fmt.Sprintf("%d", i)
		r.row(0, dissect.Event{Kind: "message", Type: made, Length: 10, Time: int64(i) * 1e6, Payload: dissect.Payload{Space: "urn:" + made}})
		r.row(0, dissect.Event{Kind: "x" + made, Length: 1, Time: int64(i) * 1e6})
	}
	for _, c := range r.tally.counters {
		if k, ok := c.(*kinds); ok && len(k.tops.known) > maxKeys {
			t.Errorf("%d keys are kept", len(k.tops.known))
		}
	}
	table := r.table(t, "stanzas")
	if got := sum(t, table, "client"); got != 2*n || len(table.Rows) > 10 {
		t.Errorf("%d elements in %d rows, want %d", got, len(table.Rows), 2*n)
	}
	if got := sum(t, r.table(t, "namespaces"), "bytes"); got != 10*n {
		t.Errorf("%d bytes, want %d", got, 10*n)
	}
}

// Requests that nobody answers are given up, and counted as what they are.
func TestTallyRequests(t *testing.T) {
	const n = 2*maxAsked + 10
	r := newRowsTo(TallyOptions{})
	for i := range n {
		r.row(0, dissect.Event{Kind: "iq", Type: "get", ID: fmt.Appendf(nil, "%d", i), Time: int64(i), Payload: dissect.Payload{Space: "urn:xmpp:ping"}})
	}
	if len(r.tally.asked) > maxAsked {
		t.Errorf("%d requests are kept", len(r.tally.asked))
	}
	table := r.table(t, "iq")
	if got := sum(t, table, "unknown"); got != n {
		t.Errorf("%d of %d requests are unknown", got, n)
	}
	r = newRowsTo(TallyOptions{})
	for i := range n { // so slowly that each has had its time
		r.row(0, dissect.Event{Kind: "iq", Type: "get", ID: fmt.Appendf(nil, "%d", i), Time: int64(i) * 1e6, Payload: dissect.Payload{Space: "urn:xmpp:ping"}})
	}
	if got := sum(t, r.table(t, "iq"), "unanswered"); got < n-2*patience/1e6 {
		t.Errorf("%d of %d requests are unanswered", got, n)
	}
}

// Of too many connections the older ones are counted together.
func TestTallyConnections(t *testing.T) {
	const n = maxConnections + 100
	r := newRowsTo(TallyOptions{Top: 3})
	for i := range n {
		r.row(i, dissect.Event{Kind: "presence", Length: 10, Time: int64(i)})
	}
	if got := len(r.tally.connections().known); got > maxConnections {
		t.Errorf("%d connections are kept", got)
	}
	facts := r.table(t, "capture")
	if got := sum(t, facts, "connections"); got != n {
		t.Errorf("%d connections, want %d", got, n)
	}
	table := r.table(t, "connections")
	if got := sum(t, table, "client_stanzas"); got != n || len(table.Rows) != 4 {
		t.Errorf("%d stanzas in %d rows, want %d in 4", got, len(table.Rows), n)
	}
	if got := sum(t, table, "others"); got != n-3 {
		t.Errorf("%d others, want %d", got, n-3)
	}
}

// A clock that jumps makes longer intervals, not more; one that runs backwards
// stays in the first.
func TestTallyRates(t *testing.T) {
	const year = 365 * 24 * 3600 * 1e9
	r := newRowsTo(TallyOptions{Interval: 1e6})
	for i, at := range []int64{1e18, 1e18 + 5e6, 1e18 - year, 1e18 + 20*year, 1e18 + 7e6} {
		elapsed := max(at-1e18, 0)
		if i == 2 {
			elapsed = at - 1e18
		}
		r.row(0, dissect.Event{Kind: "presence", Length: 100, Time: at, Elapsed: elapsed})
	}
	table := r.table(t, "rates")
	if len(table.Rows) > maxIntervals {
		t.Errorf("%d intervals", len(table.Rows))
	}
	if got := sum(t, table, "client_bytes"); got != 500 {
		t.Errorf("%d bytes, want 500", got)
	}
	if got := sum(t, table, "client_stanzas"); got != 5 {
		t.Errorf("%d stanzas, want 5", got)
	}
	if notes := strings.Join(table.Notes, " "); !strings.Contains(notes, "Intervals of 1ms would have been too many.") {
		t.Errorf("the notes are %q", notes)
	}
}

// Rows that are not counted still answer those that are.
func TestTallyChosen(t *testing.T) {
	r := newRowsTo(TallyOptions{})
	conn := &dissect.Conn{}
	for i, e := range []dissect.Event{
		{Kind: "iq", Type: "get", ID: []byte("1"), Payload: dissect.Payload{Space: "urn:xmpp:ping"}},
		{Kind: "iq", Type: "result", ID: []byte("1"), Sender: dissect.Server, Time: 1e6},
		{Kind: "iq", Type: "get", ID: []byte("2"), Payload: dissect.Payload{Space: "urn:xmpp:ping"}},
		{Kind: "iq", Type: "result", ID: []byte("2"), Sender: dissect.Server, Time: 2e6},
	} {
		e.No, e.Conn, e.Protocol = i+1, conn, "XMPP"
		r.a.Event(&e)
		r.tally.Event(&e, i == 3)
	}
	table := r.table(t, "iq")
	if len(table.Rows) != 1 || sum(t, table, "answered") != 1 || sum(t, table, "unknown")+sum(t, table, "unanswered") != 0 {
		t.Errorf("the rows are %+v", table.Rows)
	}
}

// Each explanation is a sentence, and none of the conditions that RFC 6120 defines
// is without one.
func TestExplainError(t *testing.T) {
	n := 0
	for line := range strings.Lines(errorsTSV) {
		n++
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 || !strings.HasSuffix(f[2], ".") && !strings.HasSuffix(f[2], ").") {
			t.Errorf("line %d: %q", n, line)
		}
	}
	if len(explained()) != n {
		t.Errorf("%d lines explain %d errors", n, len(explained()))
	}
	for family, conditions := range map[string]string{
		"stream": "bad-format bad-namespace-prefix conflict connection-timeout host-gone host-unknown improper-addressing " +
			"internal-server-error invalid-from invalid-namespace invalid-xml not-authorized not-well-formed policy-violation " +
			"remote-connection-failed reset resource-constraint restricted-xml see-other-host system-shutdown " +
			"undefined-condition unsupported-encoding unsupported-feature unsupported-stanza-type unsupported-version",
		"stanza": "bad-request conflict feature-not-implemented forbidden gone internal-server-error item-not-found " +
			"jid-malformed not-acceptable not-allowed not-authorized policy-violation recipient-unavailable redirect " +
			"registration-required remote-server-not-found remote-server-timeout resource-constraint service-unavailable " +
			"subscription-required undefined-condition unexpected-request",
		"SASL": "aborted account-disabled credentials-expired encryption-required incorrect-encoding invalid-authzid " +
			"invalid-mechanism malformed-request mechanism-too-weak not-authorized temporary-auth-failure",
	} {
		for condition := range strings.FieldsSeq(conditions) {
			if ExplainError(family, condition) == "" {
				t.Errorf("%s %s is not explained", family, condition)
			}
		}
	}
}

func TestClip(t *testing.T) {
	long := clip(strings.Repeat("é", 1000))
	if len(long) > longestKey+len("…") || !utf8.ValidString(long) {
		t.Errorf("%d bytes: %q", len(long), long)
	}
	if got := clip("short"); got != "short" {
		t.Errorf("%q", got)
	}
}
