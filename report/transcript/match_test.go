package transcript

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// conversation returns the trace of three clients of the names, in this order,
// that do different things: the second one sends what the first one gets.
func conversation(t *testing.T, names ...string) *Writer {
	t.Helper()
	var rows []*dissect.Event
	for i, name := range names {
		_, row := made(i, uint16(40000+i))
		own := name + "@capulet.example"
		add := func(sender dissect.Sender, info string, fields ...string) {
			e := row(sender, info, fields...)
			e.No, e.Frame = len(rows)+1, len(rows)+1
			rows = append(rows, e)
		}
		add(dissect.Client, "stream to capulet.example", "xmpp.to", "capulet.example")
		add(dissect.Server, "stream", "xmpp.id", fmt.Sprint("stream-of-", i))
		add(dissect.Server, "result bind "+own+"/x", "xmpp.id", fmt.Sprint("bind-of-", i), "xmpp.iq.bind.jid", own+"/resource-"+name)
		for n := range 3 + 2*i {
			add(dissect.Client, "get roster", "xmpp.id", fmt.Sprint("roster-of-", i, n))
			add(dissect.Server, "result roster", "xmpp.id", fmt.Sprint("roster-of-", i, n))
		}
		switch i {
		case 0:
			add(dissect.Server, `message "Good morrow"`, "xmpp.id", "a-message-of-the-day", "xmpp.from", names[1]+"@capulet.example")
		case 1:
			add(dissect.Client, `message "Good morrow"`, "xmpp.id", "a-message-of-the-day", "xmpp.to", names[0]+"@capulet.example")
		}
	}
	return written(t, Options{}, rows...)
}

// Where the accounts are others, the connections follow each other in another
// order, and nothing but the names of the accounts differs.
func TestDiffOfOtherAccounts(t *testing.T) {
	before := conversation(t, "romeo", "juliet", "nurse")
	for _, names := range [][]string{
		{"a", "b", "c"}, {"a", "c", "b"}, {"b", "a", "c"}, {"b", "c", "a"}, {"c", "a", "b"}, {"c", "b", "a"},
	} {
		after := conversation(t, names...)
		for _, c := range Diff(before, after) {
			if c.Old == nil || c.New == nil {
				t.Fatalf("%v: a row is gone or new: %+v", names, c)
			}
			was, _, _ := strings.Cut(c.Who, ", now ")
			if at := slices.Index([]string{"romeo", "juliet", "nurse"}, strings.TrimSuffix(was, "@capulet.example")); !strings.HasSuffix(c.Who, ", now "+names[at]+"@capulet.example") {
				t.Errorf("%v: %s", names, c.Who)
			}
			for i, line := range slices.Concat(c.Less, c.More) {
				if !strings.Contains(line, "@capulet.example") {
					t.Errorf("%v: %s in line %d of %+v", names, line, i, c)
				}
			}
			said := fmt.Sprint(c.Old.Text, c.New.Text, c.Less, c.More)
			if strings.Contains(said, "'") || strings.Count(said, ":1")+strings.Count(said, ":2")+strings.Count(said, ":3") != len(named.FindAllString(said, -1)) {
				t.Errorf("%v: a name is another: %s", names, said)
			}
			old, new := named.FindAllString(c.Old.Text+fmt.Sprint(c.Less), -1), named.FindAllString(c.New.Text+fmt.Sprint(c.More), -1)
			if !slices.Equal(old, new) {
				t.Errorf("%v: %v have become %v", names, old, new)
			}
		}
	}
}

// connection returns rows of a connection of one who does not log in.
func connection(number int, infos ...string) []*dissect.Event {
	_, row := made(number, uint16(40000+number))
	var rows []*dissect.Event
	for _, info := range infos {
		rows = append(rows, row(dissect.Client, info))
	}
	return rows
}

// Of the connections of the same two ends, those are matched that are alike, and
// one that is new is no difference in the others.
func TestMatchesConnectionsOfTheSame(t *testing.T) {
	refused, taken := []string{"open", "auth", "failure", "close"}, []string{"open", "bind", "roster", "presence", "message"}
	before := written(t, Options{}, connection(0, taken...)...)
	after := written(t, Options{}, slices.Concat(connection(0, refused...), connection(1, taken...))...)
	changes := Diff(before, after)
	for _, c := range changes {
		if c.Old != nil || c.New == nil {
			t.Errorf("a difference in the connection that is in both: %+v", c)
		}
	}
	if len(changes) == 0 {
		t.Error("the new connection is not told of")
	}
	swapped := written(t, Options{}, slices.Concat(connection(0, taken...), connection(1, refused...))...)
	if Diff(after, swapped) == nil || Compare("x", after.Text(), swapped.Lines()) == nil {
		t.Error("two connections in another order are no difference")
	}
}

// What is expected is met by the same accounts only.
func TestCompareSeesOtherAccounts(t *testing.T) {
	before := conversation(t, "romeo", "juliet", "nurse")
	if d := Compare("x", before.Text(), conversation(t, "romeo", "juliet", "nurse").Lines()); d != nil {
		t.Error(d.Diff)
	}
	d := Compare("x", before.Text(), conversation(t, "a", "juliet", "nurse").Lines())
	if d == nil {
		t.Fatal("another account is no difference")
	}
	for line := range strings.Lines(d.Diff) {
		if strings.HasPrefix(line, "+") && !strings.Contains(line, "a@capulet.example") && !strings.HasPrefix(line, "+++") {
			t.Errorf("a difference that is none: %s", line)
		}
	}
}
