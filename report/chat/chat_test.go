package chat

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"talktrace/dissect"
	"talktrace/dissect/xmlstream"
	"talktrace/report/escape"
)

const me = "romeo@montague.example/orchard"

// row makes the row of an element from the other side of one connection.
func row(no int, sender dissect.Sender, xml string) *dissect.Event {
	return &dissect.Event{
		No: no, Frame: no, Time: int64(no) * 1e9, Sender: sender, XMLNS: xmlstream.NSClient,
		Kind: strings.FieldsFunc(xml, func(r rune) bool { return strings.ContainsRune("< />", r) })[0],
		Conn: &dissect.Conn{Text: [2]string{"192.0.2.1:40000", "192.0.2.2:5222"}}, XML: []byte(xml),
	}
}

func write(t *testing.T, o Options, rows ...*dissect.Event) string {
	t.Helper()
	var out bytes.Buffer
	o.Zone, o.Width = time.UTC, max(o.Width, 80)
	o.Account = func(int) string { return me }
	w := New(&out, o)
	for _, e := range rows {
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestLateTick checks that a receipt for a message that has been written already
// is told by itself.
func TestLateTick(t *testing.T) {
	rows := []*dissect.Event{row(1, dissect.Client, "<message to='juliet@capulet.example' type='chat' id='first'><body>Lady</body></message>")}
	for i := range 2 * maxHeld {
		rows = append(rows, row(i+2, dissect.Client, fmt.Sprintf("<message to='juliet@capulet.example' type='chat' id='m%d'><body>%[1]d</body></message>", i)))
	}
	n := len(rows) + 1
	rows = append(rows,
		row(n, dissect.Server, fmt.Sprintf("<message from='juliet@capulet.example/b'><received xmlns='urn:xmpp:receipts' id='m%d'/></message>", 2*maxHeld-1)),
		row(n+1, dissect.Server, "<message from='juliet@capulet.example/b'><received xmlns='urn:xmpp:receipts' id='first'/></message>"),
		row(n+2, dissect.Server, "<message from='juliet@capulet.example/b'><received xmlns='urn:xmpp:receipts' id='first'/></message>"))
	got := write(t, Options{}, rows...)
	if want := fmt.Sprintf("romeo: %d  ✓✓\n", 2*maxHeld-1); !strings.Contains(got, want) {
		t.Errorf("no tick on the message that was held: %q", got[len(got)-200:])
	}
	if n := strings.Count(got, "juliet has received “Lady”"); n != 1 {
		t.Errorf("the late receipt is told %d times", n)
	}
}

// TestBounded checks that nothing grows without end.
func TestBounded(t *testing.T) {
	var out bytes.Buffer
	w := New(&out, Options{Width: 80, Zone: time.UTC})
	for i := range 3 * maxSaid {
		e := row(i+1, dissect.Server, fmt.Sprintf("<message from='p%d@x/r' to='q@y/z' type='chat' id='m%[1]d'><body>b</body></message>", i))
		e.Conn.Number = i
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.held); n > 2*maxHeld {
		t.Errorf("%d lines are held", n)
	}
	if n := len(w.byRow); n > 2*maxHeld {
		t.Errorf("%d rows are known", n)
	}
	if n := len(w.said.young) + len(w.said.old); n > maxSaid {
		t.Errorf("%d messages are known", n)
	}
	if n := len(w.seen.young) + len(w.seen.old); n > maxSaid {
		t.Errorf("%d sightings are known", n)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "p1@x"); n == 0 {
		t.Error("the first lines are not there")
	}
}

// TestFold checks where lines turn.
func TestFold(t *testing.T) {
	got := write(t, Options{Width: 80},
		row(1, dissect.Client, "<message to='j@x' type='chat'><body>"+strings.Repeat("word ", 30)+strings.Repeat("x", 100)+"</body></message>"))
	for line := range strings.SplitSeq(got, "\n") {
		if escape.Width([]byte(line)) > 80 && !strings.Contains(line, "xxx") {
			t.Errorf("longer than 80 cells: %q", line)
		}
	}
	if !strings.Contains(got, "\n          "+strings.Repeat("x", 100)+"\n") {
		t.Errorf("a long word does not stand by itself:\n%s", got)
	}
}

// FuzzChat checks that no stanza breaks the log, or reaches the terminal as it is.
func FuzzChat(f *testing.F) {
	for _, xml := range []string{
		"<message from='a@b/c' type='chat' id='1'><body>x\x9b</body><replace xmlns='urn:xmpp:message-correct:0' id='1'/></message>",
		"<message from='r@m/n' type='groupchat'><subject>\n</subject></message>",
		"<presence from='r@m/n'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><item nick='q'/></x></presence>",
		"<presence from='r@m/n' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><destroy/></x></presence>",
		"<iq type='set'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='1'><content><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/></content></jingle></iq>",
		"<message from='romeo@montague.example'><result xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'><message/></forwarded></result></message>",
	} {
		f.Add(xml, xml, true)
	}
	f.Fuzz(func(t *testing.T, one, two string, client bool) {
		sender := dissect.Server
		if client {
			sender = dissect.Client
		}
		var rows []*dissect.Event
		for i, xml := range []string{one, two, one} {
			for _, kind := range []string{"message", "presence", "iq"} {
				if strings.HasPrefix(xml, "<"+kind) {
					e := row(i+1, sender, "<"+kind+" ")
					e.XML, e.Type = []byte(xml), "set"
					rows = append(rows, e)
				}
			}
			sender = sender.Other()
		}
		for _, r := range write(t, Options{}, rows...) {
			if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x202e {
				t.Fatalf("%U is in the log of %q and %q", r, one, two)
			}
		}
	})
}
