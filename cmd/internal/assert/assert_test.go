package assert

import (
	"slices"
	"strings"
	"testing"

	"talktrace/cmd/internal/verdict"
	"talktrace/dissect"
	"talktrace/dissect/analysis"
	_ "talktrace/dissect/engine" // registers the extensions
)

// rowsOf makes rows of kinds, 100 ms apart.
func rowsOf(kinds string) []*dissect.Event {
	var list []*dissect.Event
	for i, kind := range strings.Fields(kinds) {
		list = append(list, &dissect.Event{No: i + 1, Frame: 10 * (i + 1), Time: int64(i) * 1e8, Kind: kind})
	}
	return list
}

func is(kind string) string { return `kind == "` + kind + `"` }

// judged returns what becomes of a rule, and which rows prove it.
func judged(t *testing.T, rule Rule, rows []*dissect.Event) (r verdict.Result, places []int) {
	t.Helper()
	set, err := New([]Rule{rule})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range rows {
		if err := set.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	r = set.Results("x.pcap", nil)[0]
	for _, p := range r.Places {
		places = append(places, p.Row)
	}
	return r, places
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		name   string
		rule   Rule
		kinds  string
		text   string // "" where the rule holds
		places []int  // rows
	}{
		{"expected", Rule{Expect: is("a")}, "b a", "", nil},
		{"expected in vain", Rule{Expect: is("a")}, "b", `there is no row for kind == "a"`, nil},
		{"forbidden", Rule{Forbid: is("a")}, "b a a", "2 rows that must not be there", []int{2, 3}},
		{"not there", Rule{Forbid: is("a")}, "b", "", nil},
		{"as many", Rule{Count: is("a"), Times: "2"}, "a b a", "", nil},
		{"too few", Rule{Count: is("a"), Times: "3.."}, "a b a", "2 rows, and there should be at least 3", []int{1, 3}},
		{"too many", Rule{Count: is("a"), Times: "..1"}, "a b a", "2 rows, and there should be at most 1", []int{1, 3}},
		{"in order", Rule{Order: []string{is("a"), is("b"), is("a")}}, "a c b a", "", nil},
		{"out of order", Rule{Order: []string{is("a"), is("b")}}, "b a", `behind the row for kind == "a" there is none for kind == "b"`, []int{2}},
		{"one row for each place in the order", Rule{Order: []string{is("a"), is("a")}}, "a", `behind the row for kind == "a" there is none for kind == "a"`, []int{1}},
		{"in time", Rule{Within: "100ms", Between: []string{is("a"), is("b")}}, "a b c a b", "", nil},
		{"late", Rule{Within: "100ms", Between: []string{is("a"), is("b")}}, "a b a c b", "1 row not followed within 100ms", []int{3}},
		{"never", Rule{Within: "100ms", Between: []string{is("a"), is("b")}}, "a b a", "1 row not followed within 100ms", []int{3}},
		{"a row does not follow itself", Rule{Within: "1s", Between: []string{is("a"), is("a")}}, "a", "1 row not followed within 1s", []int{1}},
		{"nothing to follow", Rule{Within: "1s", Between: []string{is("a"), is("b")}}, "b", "there is no row for the first filter", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, places := judged(t, c.rule, rowsOf(c.kinds))
			if r.Text != c.text || (r.Status == verdict.Passed) != (c.text == "") {
				t.Errorf("%v %q, want %q", r.Status, r.Text, c.text)
			}
			if c.text != "" && !slices.Equal(places, c.places) {
				t.Errorf("rows %v, want %v", places, c.places)
			}
		})
	}
}

func TestFindings(t *testing.T) {
	kinds := analysis.Kinds() // the gravest first
	set, err := New([]Rule{{NoFindings: "error"}, {NoFindings: "note"}})
	if err != nil {
		t.Fatal(err)
	}
	last := kinds[len(kinds)-1]
	for _, k := range kinds {
		if k.Severity == dissect.Remark {
			last = k
		}
	}
	for _, e := range rowsOf("a b a") {
		if err := set.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	set.Found(analysis.Finding{Kind: last, Row: 3, Frame: 7})
	results := set.Results("x.pcap", nil)
	if results[0].Status != verdict.Passed || results[1].Status != verdict.Failed || results[1].Places[0] != (verdict.Place{Row: 3, Frame: 7}) {
		t.Errorf("got %+v", results)
	}
}

// Of many rows the first are told of, and all are counted.
func TestMany(t *testing.T) {
	set, err := New([]Rule{{Forbid: is("a")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range rowsOf(strings.Repeat("a ", 1000)) {
		if err := set.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	r := set.Results("x.pcap", nil)[0]
	if len(r.Places) != 10 || r.Text != "1000 rows that must not be there" || !strings.HasSuffix(r.Detail, "and 990 more\n") {
		t.Errorf("%d places, %q, %q", len(r.Places), r.Text, r.Detail)
	}
}

func TestWrongRules(t *testing.T) {
	for _, r := range []Rule{
		{},
		{Expect: is("a"), Forbid: is("a")},
		{Expect: `kind == `},
		{Count: is("a")},
		{Count: is("a"), Times: "5..3"},
		{Count: is("a"), Times: "-1"},
		{Count: is("a"), Times: ".."},
		{Order: []string{is("a")}},
		{Order: []string{is("a"), "("}},
		{Order: []string{is("a"), " "}},
		{Expect: is("a"), Given: "("},
		{Expect: is("a"), After: "("},
		{Expect: is("a"), Level: "fatal"},
		{Expect: is("a"), Per: "stream"},
		{Expect: is("a"), Times: "3"},
		{Expect: is("a"), Between: []string{is("a"), is("b")}},
		{NoFindings: "error", Per: "connection"},
		{Within: "1s", Between: []string{is("a")}},
		{Within: "-1s", Between: []string{is("a"), is("b")}},
		{NoFindings: "grave"},
	} {
		if _, err := New([]Rule{r}); err == nil {
			t.Errorf("%+v is taken for a rule", r)
		}
	}
}

// The built-in rules are rules, each with a name of its own, a sentence and a source.
func TestProfiles(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range Profiles() {
		rules, err := Profile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(rules); err != nil || len(rules) == 0 {
			t.Errorf("%s: %v", name, err)
		}
		for _, r := range rules {
			if r.Name == "" || r.Says == "" || r.Source == "" || seen[r.Name] {
				t.Errorf("%s: %+v", name, r)
			}
			seen[r.Name] = true
		}
	}
}
