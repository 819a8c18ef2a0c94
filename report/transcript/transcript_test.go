package transcript

import (
	"bytes"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	_ "talktrace/dissect/engine" // registers the extensions
)

// Each field whose meaning is told by its name is one that is declared.
func TestMeaningsAreOfFields(t *testing.T) {
	for name, meaning := range meanings {
		if len(dissect.LookupField(name)) == 0 {
			t.Errorf("there is no field %s", name)
		}
		if meaning != "" && !slices.Contains(Meanings(), meaning) {
			t.Errorf("%s means %q, which is not among the meanings", name, meaning)
		}
	}
	for name := range sets {
		if len(dissect.LookupField(name)) == 0 {
			t.Errorf("there is no field %s", name)
		}
	}
}

// made returns a connection, and what makes rows of it.
func made(number int, port uint16) (*dissect.Conn, func(sender dissect.Sender, info string, fields ...string) *dissect.Event) {
	c := &dissect.Conn{Number: number, Addr: [2]netip.AddrPort{
		netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), port), netip.MustParseAddrPort("192.0.2.2:5222"),
	}}
	frame := 0
	return c, func(sender dissect.Sender, info string, fields ...string) *dissect.Event {
		frame++
		e := &dissect.Event{
			No: frame, Frame: 10 * frame, Conn: c, Sender: sender, Kind: "iq", Protocol: "XMPP", Layers: "tcp:xmpp", Info: []byte(info),
		}
		for i := 0; i < len(fields); i += 2 {
			e.Fields = append(e.Fields, dissect.Field{Def: dissect.LookupField(fields[i])[0], Text: []byte(fields[i+1])})
		}
		return e
	}
}

func written(t *testing.T, o Options, rows ...*dissect.Event) *Writer {
	t.Helper()
	w := New(o)
	for _, e := range rows {
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestNames(t *testing.T) {
	_, row := made(0, 40000)
	bind := row(dissect.Server, "result bind romeo@capulet.example/9f2e", "xmpp.id", "2", "xmpp.iq.bind.jid", "romeo@capulet.example/9f2e")
	for _, c := range []struct {
		name, info string
		fields     []string
		want       string
	}{
		{"an id that the column shortens", "result for 6024baf2…", []string{"xmpp.id", "6024baf2-aaaa"}, "result for id:1"},
		{"an id of one digit is not any digit", `result for 3, "3"`, []string{"xmpp.id", "3"}, `result for id:1, "3"`},
		{"an address", "get ping to romeo@capulet.example/9f2e:", nil, "get ping to romeo@capulet.example/resource:1:"},
		{"an address in a sentence", "romeo@capulet.example/9f2e.", nil, "romeo@capulet.example/resource:1."},
		{"the address of somebody in a room", "to room@chat.example/9f2e", nil, "to room@chat.example/9f2e"},
		{"a stamp", "sent 2026-11-05 12:00:00 UTC", []string{"xmpp.delay.stamp", "2026-11-05T12:00:00Z"}, "sent stamp"},
		{"a date in words", "\"on 2026-11-05\"", nil, "\"on 2026-11-05\""},
		{"an upload", "slot https://up.example/ab/c.png", []string{"xmpp.upload.get", "https://up.example/ab/c.png"}, "slot https://up.example/url:1"},
		{"an address for an item", "item room@chat.example", []string{"xmpp.pubsub.item.id", "room@chat.example"}, "item room@chat.example"},
		{"a word for an item", "item current", []string{"xmpp.pubsub.item.id", "current"}, "item current"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := written(t, Options{Brief: true}, bind, row(dissect.Client, c.info, c.fields...))
			lines := w.Lines()
			if got, want := lines[len(lines)-1].Text, "> iq "+c.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// The same value has the same name wherever it is met, and connections follow
// each other by who talks, whichever came first.
func TestConnections(t *testing.T) {
	_, romeo := made(0, 40000)
	_, juliet := made(1, 40001)
	bindRomeo := romeo(dissect.Server, "result", "xmpp.iq.bind.jid", "romeo@capulet.example/a")
	bindJuliet := juliet(dissect.Server, "result", "xmpp.iq.bind.jid", "juliet@capulet.example/b")
	sent := romeo(dissect.Client, "message", "xmpp.id", "9f8e7d6c5b4a")
	got := juliet(dissect.Server, "message", "xmpp.id", "9f8e7d6c5b4a")
	one := written(t, Options{}, bindRomeo, bindJuliet, sent, got)
	other := written(t, Options{}, bindJuliet, bindRomeo, sent, got)
	if !bytes.Equal(one.Text(), other.Text()) {
		t.Errorf("the order between connections shows:\n%s\n%s", one.Text(), other.Text())
	}
	if n := strings.Count(string(one.Text()), "xmpp.id: id:1\n"); n != 2 {
		t.Errorf("id:1 is there %d times:\n%s", n, one.Text())
	}
	if !strings.HasPrefix(string(one.Text()), "== juliet@capulet.example, port:a to 5222\n") {
		t.Errorf("juliet does not come first:\n%s", one.Text())
	}
}

func TestOrders(t *testing.T) {
	_, row := made(0, 40000)
	a := row(dissect.Client, "one", "xmpp.to", "one.example")
	b := row(dissect.Server, "two", "xmpp.to", "two.example")
	c := row(dissect.Client, "three", "xmpp.to", "a.example")
	for order, want := range []string{"> one < two > three", "> one < two > three", "> one > three < two", "> three > one < two"} {
		var got []string
		for _, l := range written(t, Options{Brief: true, Order: Order(order)}, a, b, c).Lines() {
			if head, info, ok := strings.Cut(l.Text, " iq "); ok {
				got = append(got, head+" "+info)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("order %d: %s, want %s", order, strings.Join(got, " "), want)
		}
	}
}

func TestDamage(t *testing.T) {
	_, row := made(0, 40000)
	w := written(t, Options{}, row(dissect.Client, "get"))
	w.Damage(errors.New("cut \x1b off"))
	if !bytes.HasSuffix(w.Text(), []byte("\nthe capture ends early: cut \\x1b off\n")) {
		t.Errorf("%s", w.Text())
	}
}

// A row more gives other names to those behind it. That is no difference of
// theirs.
func TestCompareNames(t *testing.T) {
	_, row := made(0, 40000)
	a := row(dissect.Client, "get roster", "xmpp.id", "aaaaaaaaaa")
	b := row(dissect.Client, "get version", "xmpp.id", "bbbbbbbbbb")
	c := row(dissect.Client, "get time", "xmpp.id", "cccccccccc")
	want := written(t, Options{}, a, c)
	if d := Compare("x", want.Text(), want.Lines()); d != nil {
		t.Errorf("it differs from itself: %s", d.Diff)
	}
	d := Compare("x", want.Text(), written(t, Options{}, a, b, c).Lines())
	if d == nil {
		t.Fatal("a row more is no difference")
	}
	if strings.Contains(d.Diff, "\n-") && strings.Contains(strings.SplitN(d.Diff, "@@", 2)[1], "\n-") {
		t.Errorf("rows are gone:\n%s", d.Diff)
	}
	if !strings.Contains(d.Diff, "+> iq get version\n+    xmpp.id: id:2'\n") || !strings.Contains(d.Diff, " frames 10 to 30 (rows 1 to 3)\n") {
		t.Errorf("got\n%s", d.Diff)
	}
	changes := Diff(want, written(t, Options{}, a, b, c))
	if len(changes) != 1 || changes[0].Old != nil || changes[0].New.Frame != 20 {
		t.Errorf("Diff finds %+v", changes)
	}
}

// Connections of one account follow each other by the resources that are asked
// for, where there are any, and not by which came first.
func TestResources(t *testing.T) {
	one, two := []string{"xmpp.to", "capulet.example"}, []string{"xmpp.iq.bind.resource"}
	var texts [2]string
	for i, order := range [][2]string{{"balcony", "orchard"}, {"orchard", "balcony"}} {
		var rows []*dissect.Event
		for number, resource := range order {
			_, row := made(number, uint16(40000+number))
			header := row(dissect.Client, "header", one...)
			header.Kind, header.To = dissect.KindStream, []byte("capulet.example")
			rows = append(rows, header, row(dissect.Client, "set bind", append(two, resource)...), row(dissect.Client, "i am "+resource))
		}
		texts[i] = string(written(t, Options{}, rows...).Text())
	}
	if texts[0] != texts[1] {
		t.Errorf("got\n%s\nand\n%s", texts[0], texts[1])
	}
}

// Sections of other people are compared, where the same happens in them.
func TestDiffOfOthers(t *testing.T) {
	session := func(user string) *Writer {
		_, row := made(0, 40000)
		bind := row(dissect.Server, "result", "xmpp.iq.bind.jid", user+"@capulet.example/r")
		return written(t, Options{}, bind, row(dissect.Client, "get roster"), row(dissect.Client, "get version"))
	}
	changes := Diff(session("romeo"), session("juliet"))
	if len(changes) != 1 || changes[0].Who != "romeo@capulet.example, now juliet@capulet.example" || changes[0].Old == nil || changes[0].New == nil {
		t.Errorf("got %+v", changes)
	}
}

func TestTooLong(t *testing.T) {
	_, row := made(0, 40000)
	w := New(Options{})
	w.limit = 10 << 10
	for range 20 {
		if err := w.Write(row(dissect.Client, strings.Repeat("x", 1<<10))); err != nil {
			if !errors.Is(err, ErrTooLong) {
				t.Fatal(err)
			}
			return
		}
	}
	t.Error("there is no end to what is kept")
}

// Whatever stands in an expectation, it can be compared.
func FuzzCompare(f *testing.F) {
	f.Add([]byte("> iq get, id:1\n    xmpp.id: id:1\n"), []byte("> iq get, id:2\n+\n-- in tcp\n@@ -1,2 +3,4 @@\n"))
	f.Add([]byte("id:1"), []byte("id:2\n\n"))
	f.Fuzz(func(t *testing.T, want, have []byte) {
		var lines []Line
		for i, text := range bytes.Split(have, []byte("\n")) {
			lines = append(lines, Line{Text: string(text), Row: i, Frame: i})
		}
		d := Compare("x", want, lines)
		if bytes.Equal(want, textOf(lines)) != (d == nil) && d != nil {
			t.Errorf("what is the same differs: %s", d.Diff)
		}
		if d := Compare("x", textOf(lines), lines); d != nil {
			t.Errorf("a text differs from itself: %s", d.Diff)
		}
	})
}
