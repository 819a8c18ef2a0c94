package assert

import (
	"slices"
	"testing"

	"talktrace/cmd/internal/verdict"
	"talktrace/dissect"
)

// A rule can be about what the capture does not show.
func TestConditions(t *testing.T) {
	for _, c := range []struct {
		name   string
		rule   Rule
		kinds  string // with the number of the connection, where it is not 0
		status verdict.Status
		text   string
		places []int
	}{
		{"shown", Rule{Show: is("a")}, "b a", verdict.Passed, "", []int{2}},
		{"not shown", Rule{Show: is("a")}, "b", verdict.Unseen, "", nil},
		{"forbidden, and could have been", Rule{Forbid: is("a"), Given: is("b")}, "b", verdict.Passed, "", nil},
		{"forbidden, and could not have been", Rule{Forbid: is("a"), Given: is("b")}, "c", verdict.Unseen, "", nil},
		{"forbidden, and there all the same", Rule{Forbid: is("a"), Given: is("b")}, "a", verdict.Failed, "1 row that must not be there", []int{1}},
		{"missing", Rule{Expect: is("a"), Given: is("b")}, "b c b", verdict.Failed, "missing, as 2 rows show", []int{1, 3}},
		{"missing, and not asked for", Rule{Expect: is("a"), Given: is("b")}, "c", verdict.Unseen, "", nil},
		{"there, and not asked for", Rule{Expect: is("a"), Given: is("b")}, "a", verdict.Passed, "", []int{1}},
		{"an order without its beginning", Rule{Order: []string{is("a"), is("b")}, Given: is("c")}, "b", verdict.Unseen, "", nil},
		{"nothing to follow", Rule{Within: "1s", Between: []string{is("a"), is("b")}, Given: is("a")}, "b", verdict.Unseen, "", nil},
		{"behind", Rule{Forbid: is("a"), After: is("b")}, "a b a", verdict.Failed, "1 row that must not be there", []int{3}},
		{"only before", Rule{Forbid: is("a"), After: is("b")}, "a b c", verdict.Passed, "", nil},
		{"behind what is not there", Rule{Forbid: is("a"), After: is("b")}, "a", verdict.Unseen, "", nil},
		{"behind what need not be there", Rule{Forbid: is("a"), After: is("b"), Given: is("a")}, "a", verdict.Passed, "", nil},
		{"expected behind what is not there", Rule{Expect: is("a"), After: is("b"), Given: is("a")}, "a", verdict.Unseen, "", nil},
		{"in front", Rule{Forbid: is("a"), Before: is("b")}, "a b a", verdict.Failed, "1 row that must not be there", []int{1}},
		{"not in front", Rule{Forbid: is("a"), Before: is("b"), Given: is("a")}, "b a", verdict.Passed, "", nil},
		{"forbidden in several", Rule{Forbid: is("a"), Per: "connection"}, "a b a1 c1 a1 c2", verdict.Failed, "in 2 of 3 connections: 3 rows that must not be there", []int{1, 3, 5}},
		{"forbidden in turns", Rule{Forbid: is("a"), Per: "connection"}, "a1 a a1 a", verdict.Failed, "in 2 of 2 connections: 4 rows that must not be there", []int{1, 2, 3, 4}},
		{"a warning", Rule{Forbid: is("a"), Level: "warning"}, "a", verdict.Warned, "1 row that must not be there", []int{1}},
		{"in each connection", Rule{Expect: is("a"), Per: "connection"}, "a a1 b2 b1", verdict.Failed, "in 1 of 3 connections: there is no row for " + is("a"), nil},
		{"in those that are asked", Rule{Expect: is("a"), Given: is("b"), Per: "connection"}, "a b c1 b2 c b2", verdict.Failed, "in 1 of 2 connections: missing, as 2 rows show", []int{4, 6}},
		{"in all that are asked", Rule{Expect: is("a"), Given: is("b"), Per: "connection"}, "a b c1", verdict.Passed, "", []int{1}},
		{"in none", Rule{Forbid: is("a"), Given: is("b"), Per: "connection"}, "c c1", verdict.Unseen, "", nil},
		{"not across connections", Rule{Order: []string{is("a"), is("b")}, Per: "connection"}, "a b1", verdict.Failed, "in 2 of 2 connections, in the first: behind the row for " + is("a") + " there is none for " + is("b"), []int{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := rowsOf(c.kinds)
			for _, e := range rows {
				e.Conn = &dissect.Conn{Number: int(e.Kind[len(e.Kind)-1] - '0')}
				if len(e.Kind) == 1 {
					e.Conn.Number = 0
				}
				e.Kind = e.Kind[:1]
			}
			r, places := judged(t, c.rule, rows)
			if r.Status != c.status || r.Text != c.text || !slices.Equal(places, c.places) {
				t.Errorf("%v %q, rows %v; want %v %q, rows %v", r.Status, r.Text, places, c.status, c.text, c.places)
			}
		})
	}
}

// The connections of a BOSH session are one; and there is a bound to those that
// are kept apart.
func TestConnections(t *testing.T) {
	set, err := New([]Rule{{Order: []string{is("a"), is("b")}, Per: "connection"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range rowsOf("a b") {
		e.Conn, e.Layers = &dissect.Conn{Number: i}, "tcp:http:bosh:xmpp"
		if err := set.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if r := set.Results("x.pcap", nil)[0]; r.Status != verdict.Passed {
		t.Errorf("got %+v", r)
	}
	for i := range maxScopes {
		if err := set.Write(&dissect.Event{No: i, Conn: &dissect.Conn{Number: i}}); err != nil {
			t.Fatal(err)
		}
	}
	if r := set.Results("x.pcap", nil)[0]; r.Status != verdict.Broken {
		t.Errorf("got %+v", r)
	}
}

// It is the client's fault only if it goes on behind a certificate that does not
// fit.
func TestCertificateFits(t *testing.T) {
	rules, err := Profile("secure-client")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Name == "certificate-fits" })
	for _, c := range []struct {
		name    string
		finding string
		on      *dissect.Event
		want    verdict.Status
	}{
		{"it fits", "certificate-self-signed", &dissect.Event{Kind: "auth", Protocol: "XMPP", Layers: "tcp:tls:xmpp"}, verdict.Passed},
		{"the client goes on", "certificate-name-mismatch", &dissect.Event{Kind: "auth", Protocol: "XMPP", Layers: "tcp:tls:xmpp"}, verdict.Failed},
		{"the client goes on, unopened", "tls-certificate-expired", &dissect.Event{Kind: "tls", Layers: "tcp:tls", Info: []byte("application data, 123 bytes")}, verdict.Failed},
		{"the client gives up", "certificate-name-mismatch", &dissect.Event{Kind: "tls", Layers: "tcp:tls", Info: []byte("alert: fatal bad_certificate")}, verdict.Passed},
	} {
		set, err := New(rules[i : i+1])
		if err != nil {
			t.Fatal(err)
		}
		conn := &dissect.Conn{}
		shown := &dissect.Event{
			No: 1, Conn: conn, Sender: dissect.Server, Kind: "tls", Layers: "tcp:tls",
			TLS:   &dissect.TLSFacts{Certificates: []dissect.Certificate{{Subject: "capulet.example"}}},
			Notes: []dissect.Note{{ID: c.finding}},
		}
		c.on.No, c.on.Conn = 2, conn
		for _, e := range []*dissect.Event{shown, c.on} {
			if err := set.Write(e); err != nil {
				t.Fatal(err)
			}
		}
		if r := set.Results("x.pcap", nil)[0]; r.Status != c.want {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
}

// A log does not tell what its rows travelled in.
func TestLogged(t *testing.T) {
	set, err := New([]Rule{{Forbid: is("a") + " and not tls"}, {Forbid: is("a")}, {Expect: is("a"), Given: "x509.subject"}})
	if err != nil {
		t.Fatal(err)
	}
	set.Logged()
	if err := set.Write(rowsOf("a")[0]); err != nil {
		t.Fatal(err)
	}
	for i, want := range []verdict.Status{verdict.Unseen, verdict.Failed, verdict.Unseen} {
		if r := set.Results("x.log", nil)[i]; r.Status != want {
			t.Errorf("%d: %+v", i, r)
		}
	}
}
