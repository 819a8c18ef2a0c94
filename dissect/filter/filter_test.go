package filter

import (
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"talktrace/dissect"
)

var update = flag.Bool("update", false, "write the goldens anew")

func init() {
	dissect.Register(dissect.Extension{
		Spec: "test", Title: "Test", Spaces: []string{"test"},
		Elements: []dissect.Element{{Name: "play", Field: "play", Fields: []dissect.FieldDef{
			{Name: "play.act", Type: dissect.Number, Path: "@act", Doc: "number of the act"},
			{Name: "play.line", Type: dissect.Text, Path: "line", Doc: "what is said"},
			{Name: "play.speaker", Type: dissect.JID, Path: "line@by", Doc: "who says it"},
			{Name: "play.tragic", Type: dissect.Boolean, Path: "@tragic", Doc: "whether it ends badly"},
			{Name: "play.begins", Type: dissect.Time, Path: "@begins", Doc: "when the curtain rises"},
			{Name: "play.length", Type: dissect.Duration, Path: "@length", Doc: "how long it takes"},
			{Name: "play.stage", Type: dissect.Address, Path: "@stage", Doc: "where it is played"},
			{Name: "play.genre", Type: dissect.Text, Path: "@genre", Doc: "what it is", OneOf: "tragedy comedy"},
		}}},
	})
}

// put gives a row a field.
func put(e *dissect.Event, name, text string, number int64) {
	e.Fields = append(e.Fields, dissect.Field{Def: dissect.LookupField(name)[0], Text: []byte(text), Number: number})
}

// row is the row that filters are tried on.
func row() *dissect.Event {
	begun := time.Date(2026, 11, 22, 7, 22, 33, 5e8, time.UTC).UnixNano()
	e := &dissect.Event{
		No: 12, Frame: 40, FirstFrame: 38, Time: begun, Elapsed: 1_500_000_000,
		Conn: &dissect.Conn{
			Number: 3,
			Addr:   [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.7:40000"), netip.MustParseAddrPort("198.51.100.1:5222")},
			Text:   [2]string{"192.0.2.7:40000", "198.51.100.1:5222"},
		},
		Protocol: "XMPP", Layers: "tcp:tls:xmpp", Kind: "message", Type: "chat", XMLNS: "jabber:client",
		ID: []byte("ab-12"), From: []byte("juliet@capulet.example/balcony"), To: []byte("romeo@montague.example"),
		Info: []byte("chat: \"Wherefore art thou\""), Length: 120, XML: []byte("<message><body>Wherefore</body></message>"),
		Notes: []dissect.Note{{Severity: dissect.Warning, ID: "slow"}},
	}
	put(e, "play", "", 0)
	put(e, "play.act", "2", 2)
	put(e, "play.line", "O Romeo", 0)
	put(e, "play.line", "Deny thy father", 0)
	put(e, "play.speaker", "juliet@capulet.example/balcony", 0)
	put(e, "play.speaker", "capulet.example", 0)
	put(e, "play.tragic", "true", 1)
	put(e, "play.begins", "2026-11-22T20:00:00Z", time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC).UnixNano())
	put(e, "play.length", "7200", 7200e9)
	put(e, "play.stage", "2001:db8::7", 0)
	e.Fields = append(e.Fields, dissect.Field{Def: dissect.LookupField("play.act")[0], Text: []byte("last"), Odd: true})
	return e
}

func TestMatch(t *testing.T) {
	t.Setenv("TZ", "UTC")
	for _, c := range []struct {
		expression string
		want       bool
	}{
		// Fields alone.
		{`play`, true},
		{`play.genre`, false},
		{`!play.genre`, true},
		{`xmpp and tcp and ip and not ipv6`, true},
		{`finding`, true},
		{`play.line[0]`, true},
		{`play.genre[0]`, false},
		{`xml`, true},
		// Text.
		{`kind == "message"`, true},
		{`kind == message`, true},
		{`kind eq "iq"`, false},
		{`kind != "iq"`, true},
		{`kind ne "message"`, false},
		{`id == "ab-12" && type == "chat"`, true},
		{`play.line == "O Romeo"`, true},
		{`play.line == "o romeo"`, false},
		{`play.line != "O Romeo"`, false},
		{`play.line !== "O Romeo"`, true},
		{`play.line ~= "O Romeo"`, true},
		{`play.line any_ne "O Romeo"`, true},
		{`any play.line != "O Romeo"`, true},
		{`play.line all_ne "Good night"`, true},
		{`play.line === "O Romeo"`, false},
		{`all play.line contains "e"`, true},
		{`all play.line contains "f"`, false},
		{`play.line contains "f"`, true},
		{`play.line < "E"`, true},
		{`all play.line < "E"`, false},
		{`play.genre == ""`, false},
		{`play.genre != "comedy"`, false},
		{`not play.genre == "comedy"`, true},
		{`play.line matches "^o r"`, true},
		{`play.line ~ r"thy\s+FATHER"`, true},
		{`play.line matches "(?-i)^o r"`, false},
		{`all play.line matches "o"`, false},
		{`"message" == kind`, true},
		{`xmpp contains "<body>Wher"`, true},
		{`xmpp matches "<BODY>"`, true},
		// JIDs.
		{`from == "juliet@capulet.example/balcony"`, true},
		{`from.bare == juliet@capulet.example`, true},
		{`play.speaker.local == "juliet" and play.speaker.resource == "balcony"`, true},
		{`all play.speaker.domain == "capulet.example"`, true},
		{`count(play.speaker.local) == 1`, true},
		{`from == to`, false},
		{`from.domain != to.domain`, true},
		{`from == play.speaker`, true},
		{`from === play.speaker`, false},
		{`from contains play.speaker`, true},
		// Numbers.
		{`tcp.port == 5222`, true},
		{`tcp.port != 5222`, false},
		{`tcp.port > 1024`, true},
		{`tcp.port < 6000`, true},
		{`all tcp.port < 6000`, false},
		{`tcp.srcport == 0x9c40`, true},
		{`stream == 03`, true},
		{`play.act == 2`, true},
		{`play.act == 0`, false},
		{`count(play.act) == 1`, true},
		{`no ge 12 and no le 12 and no gt 11 and no lt 13`, true},
		{`10 < no < 13`, true},
		{`10 < no < 12`, false},
		{`12 >= no`, true},
		{`no == -12`, false},
		{`frame == frame.number`, true},
		{`first_frame < frame`, true},
		// Truth.
		{`play.tragic == true`, true},
		{`play.tragic == 0`, false},
		{`play.tragic != False`, true},
		// Addresses.
		{`ip.src == 192.0.2.7`, true},
		{`ip.addr == 198.51.100.0/24`, true},
		{`ip.addr != 198.51.100.0/24`, false},
		{`ip.dst in {192.0.2.0/24, 198.51.100.1}`, true},
		{`ip.src in {192.0.2.1..192.0.2.9}`, true},
		{`ip.src > 192.0.2.1`, true},
		{`ipv6.addr == 2001:db8::/32`, false},
		{`play.stage == 2001:db8::/32`, true},
		{`play.stage == "2001:db8::7"`, true},
		// Times.
		{`frame.time == "2026-11-22 07:22:33.5"`, true},
		{`frame.time > 2026-11-22T07:22:33Z`, true},
		{`frame.time < "Nov 22, 2026 07:22:34"`, true},
		{`frame.time == "2026-11-22T08:22:33.5+01:00"`, true},
		{`frame.time >= 1795332153.5`, true},
		{`play.begins == "2026-11-22 20:00:00 UTC"`, true},
		{`elapsed == 1.5`, true},
		{`frame.time_relative > 1.500000001`, false},
		{`play.length == 7200`, true},
		{`frame.time_relative > -1`, true},
		// Sets.
		{`kind in {"iq", "message"}`, true},
		{`kind in {"iq" "presence"}`, false},
		{`tcp.port in {443, 5220..5230}`, true},
		{`all tcp.port in {443, 5220..5230}`, false},
		{`tcp.port not in {443, 80}`, true},
		{`play.genre not in {"comedy"}`, true},
		{`elapsed in {1..2}`, true},
		{`id in {"aa".."ac"}`, true},
		// Slices.
		{`id[0:2] == "ab"`, true},
		{`id[0] == 'a'`, true},
		{`id[1] == 0x62`, true},
		{`id[0:2] == 61:62`, true},
		{`id[0-1] == 6162`, true},
		{`id[-2:] == "12"`, true},
		{`id[-2--1] == "12"`, true},
		{`id[1--2] == "b-1"`, true},
		{`id[:2] == "ab"`, true},
		{`id[2:] == "-12"`, true},
		{`id[0,3-4] == "a12"`, true},
		{`id[3:100] == "12"`, true},
		{`id[100] == "x"`, false},
		{`id[0:2] == "\x61\142"`, true},
		{`lower(play.line)[0:3] == "o r"`, true},
		// Functions.
		{`lower(play.line) == "o romeo"`, true},
		{`upper(play.line) contains "FATHER"`, true},
		{`len(id) == 5`, true},
		{`len(play.line) > 10`, true},
		{`all len(play.line) > 10`, false},
		{`count(tcp.port) == 2`, true},
		{`count(play.genre) == 0`, false},
		{`string(tcp.port) matches "^52"`, true},
		{`string(ip.src) contains "0.2"`, true},
		{`string(frame.time) contains "T07:22:33.500000000Z"`, true},
		{`string(elapsed) == "1.500000000"`, true},
		{`string(play.tragic) == "true"`, true},
		{`string(play.stage) contains "db8"`, true},
		{`len(string(no)) == 2`, true},
		// Logic: and binds more than xor, and xor more than or.
		{`play or play.genre and play.genre`, true},
		{`(play or play.genre) and play.genre`, false},
		{`play or play xor play`, true},
		{`play xor play`, false},
		{`play ^^ play.genre`, true},
		{`play xor play xor play`, true},
		{`not play or play`, true},
		{`!(play or play)`, false},
		{`not (not play)`, true},
		{`finding == "slow" and finding.severity == "warning"`, true},
	} {
		f, err := Compile(c.expression)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		if f.Match(row()) != c.want {
			t.Errorf("%s: got %v", c.expression, !c.want)
		}
		again, err := Compile(f.String())
		if err != nil || again.String() != f.String() || again.Match(row()) != c.want {
			t.Errorf("%s: printed as %s: %v", c.expression, f, err)
		}
	}
}

// TestNothing tries filters on a row that has next to nothing.
func TestNothing(t *testing.T) {
	e := &dissect.Event{}
	for expression, want := range map[string]bool{
		`tcp`: false, `tcp.port == 5222`: false, `tcp.port != 5222`: false, `kind == ""`: false, `kind != "iq"`: false, `not tcp.port == 5222`: true,
		`id[0] == 61`: false, `len(id) == 0`: false, `ip.src == 0.0.0.0/0`: false, `rtt < 5`: false, `length == 0`: true,
	} {
		f, err := Compile(expression)
		if err != nil {
			t.Fatal(err)
		}
		if f.Match(e) != want {
			t.Errorf("%s: got %v", expression, !want)
		}
	}
}

func TestNeeds(t *testing.T) {
	f, err := Compile(`play.line contains "x" or rtt > 1 and play.speaker.bare == "a" or xmpp contains "b"`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range f.Fields() {
		names = append(names, d.Name)
	}
	if got := strings.Join(names, " "); got != "play.line rtt play.speaker xml" {
		t.Errorf("fields: %s", got)
	}
	if !f.UsesXML() || !f.Uses(func(name string) bool { return name == "rtt" }) || f.Uses(func(name string) bool { return name == "play" }) {
		t.Error("it does not know what it uses")
	}
	if f, err = Compile("xmpp and play"); err != nil || f.UsesXML() {
		t.Error("the XML is not needed", err)
	}
}

// TestErrors holds what is said of mistakes against testdata/errors.txt, which
// has each with the place and what to do about it.
func TestErrors(t *testing.T) {
	const golden = "testdata/errors.txt"
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(kept)) {
		expression, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-Y ")
		if !ok {
			continue
		}
		_, err := Compile(expression)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: compiled", expression)
			continue
		}
		text, before := e.Excerpt()
		fmt.Fprintf(&b, "-Y %s\n   %*s\n%v\n%s\n\n", text, len([]rune(text[:before]))+1, "^", e, e.Hint)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if b.String() != string(kept) {
		t.Errorf("got:\n%s", b.String())
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		expression string
		problem    string
	}{
		{strings.Repeat("(", MaxDepth+1) + "play" + strings.Repeat(")", MaxDepth+1), "nested too deeply"},
		{strings.Repeat("not ", MaxDepth+1) + "play", "nested too deeply"},
		{strings.Repeat("lower(", MaxDepth+1) + "id", "nested too deeply"},
		{strings.Repeat("(", MaxLength), "nested too deeply"},
		{"play" + strings.Repeat(" ", MaxLength), "too long"},
		{`id matches "` + strings.Repeat("(a{1000}){1000}", 3) + `"`, "invalid repeat count"},
		{"id[" + strings.Repeat("0,", 100) + "0] == 1", "no run of bytes"},
	} {
		_, err := Compile(c.expression)
		if err == nil || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%.20s…: %v", c.expression, err)
		}
	}
	f, err := Compile(strings.Repeat("(", MaxDepth-1) + "play" + strings.Repeat(")", MaxDepth-1))
	if err != nil || f.String() != "play" {
		t.Error(f, err)
	}
	if f, err = Compile("play" + strings.Repeat(" and play", 7000)); err != nil || !f.Match(row()) {
		t.Error("many parts", err)
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("é", 200)
	e := &Error{Expression: long, Offset: 200}
	text, before := e.Excerpt()
	if n := len([]rune(text)); n != 1+shownBefore+shownAfter+1 || len([]rune(text[:before])) != 1+shownBefore || e.Column() != 101 {
		t.Errorf("%d characters, %d bytes before, column %d", n, before, e.Column())
	}
}

// TestAllocations leaves regular expressions out, whose machines are pooled: under
// the race detector a pool forgets at random.
func TestAllocations(t *testing.T) {
	e := row()
	for _, expression := range []string{
		`kind == "message"`, `tcp.port == 5222 and ip.src == 192.0.2.0/24`, `play.speaker.bare == "juliet@capulet.example"`,
		`lower(play.line)[0,2-4] == "orom" or len(id) in {1..9}`, `string(frame.time) contains "x"`, `play.stage == 2001:db8::/32`,
	} {
		f, err := Compile(expression)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(100, func() { f.Match(e) }); n != 0 {
			t.Errorf("%s: %v allocations", expression, n)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, expression := range []string{
		`kind == "message"`, `kind in {"message", "iq"}`, `stream == 3`, `tcp.port == 5222`, `ip.addr == 198.51.100.0/24`,
		`from.domain == "capulet.example"`, `play.line contains "father"`, `play.line matches "father|mother"`,
		`kind == "message" and stream == 3 and not play.genre`,
	} {
		b.Run(expression, func(b *testing.B) {
			f, err := Compile(expression)
			if err != nil {
				b.Fatal(err)
			}
			e := row()
			b.ReportAllocs()
			for b.Loop() {
				f.Match(e)
			}
		})
	}
}
