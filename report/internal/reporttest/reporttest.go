// Package reporttest holds what the tests of the writers have in common: rows
// to write, the goldens they are held against, and a benchmark.
package reporttest

import (
	"bytes"
	"flag"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"talktrace/dissect"
	"talktrace/report"
)

// Start is the time of the first frame of the input that Events comes from.
const Start int64 = 1795335294_222621000

// Events returns rows as a session gives them, and rows as a stranger would
// have them who wants to harm the reader.
func Events() []*dissect.Event {
	c := conn(0, "127.0.0.1:43977", "127.0.0.1:5222")
	six := conn(1, "[2001:db8:1234:5678:9abc:def0:1234:5678]:49152", "[2001:db8::1]:5222")
	rows := []*dissect.Event{
		{
			Conn: c, Frame: 4, FirstFrame: 4, Kind: dissect.KindStream, To: []byte("capulet.example"),
			XMLNS: "http://etherx.jabber.org/streams", Info: []byte("to capulet.example"), Length: 122,
		},
		{
			Conn: c, Frame: 6, FirstFrame: 6, Sender: dissect.Server, Kind: dissect.KindStream,
			Info: []byte("from capulet.example, id a93d87b0…, version 1.0"), Length: 190,
		},
		{
			Conn: c, Frame: 6, FirstFrame: 6, Sender: dissect.Server, Kind: "features",
			Info: []byte("starttls (required)"), Length: 98, XML: []byte(`<features a="b"/>`),
		},
		{
			Conn: c, Frame: 8, FirstFrame: 7, Kind: "message", Type: "chat", XMLNS: "jabber:client",
			ID: []byte("m1"), From: []byte(""), To: []byte("juliet@capulet.example"),
			Info:   []byte(`chat to juliet@capulet.example: "日本語 и é 👍"`),
			XML:    []byte("<message>日本語 \\ \"q\" 👍</message>"),
			Length: 212,
		},
		{
			Conn: c, Frame: 9, FirstFrame: 9, Sender: dissect.Server, Kind: dissect.KindGap, Missing: 1460,
			Info: []byte("1460 bytes of the server were not captured"),
		},
		{
			Conn: six, Frame: 11, FirstFrame: 10, Kind: "iq", Type: "get", Info: []byte("get roster"), Length: 77,
			Names: []dissect.Name{{Addr: netip.MustParseAddr("2001:db8::1"), Name: "xmpp.capulet.example"}},
		},
		{
			Conn: six, Frame: 12, FirstFrame: 12, Sender: dissect.Server, Kind: "iq", Type: "result", Length: 99,
			Info: []byte("result roster, 3 items"),
			Notes: []dissect.Note{
				{Severity: dissect.Warning, ID: "tcp.conflict", Text: "3 bytes were sent again with other content"},
				{Severity: dissect.Chat, ID: "iq.slow", Text: "answered after 2 s"},
			},
		},
	}
	rows = append(rows, hostile(c)...)
	rows = append(rows,
		&dissect.Event{Frame: 40, Kind: "frame", Protocol: "ARP", Info: []byte("who has 10.0.0.1?"), Length: 42})
	for i, e := range rows {
		e.No = i + 1
		e.Time = Start + int64(i)*10_588_000
		if e.Protocol == "" {
			e.Protocol, e.Layers = "XMPP", "tcp:xmpp"
		}
	}
	return rows
}

// hostile returns rows that try to reach the terminal, the line or the
// spreadsheet they are shown in.
func hostile(c *dissect.Conn) []*dissect.Event {
	return []*dissect.Event{
		{
			Conn: c, Frame: 20, FirstFrame: 20, Kind: "message\x1b[31m", Type: "\x9b2J", ID: []byte("=1+1"),
			From: []byte("+cmd|' /C calc'!A0"), To: []byte("@SUM(1,2)"), Length: 1,
			Info: []byte("\x1b]0;owned\a\x1b[2J\r\n    9  9.999999  forged row\x00\x7f\t\u0085"),
		},
		{
			Conn: c, Frame: 21, FirstFrame: 21, Sender: dissect.Server, Kind: "element-with-a-name-that-never-ends", Length: 1,
			Info: []byte("a\u202eb\u2066c\u200bd\ufeffe\u2028f\u061cg\U000e0041h\xff\xc3(\xe2\x82 -1,\"x\""),
			XML:  []byte("<a>\xff\x00\u202e\U000e0041</a>"), ID: []byte("-1"), From: []byte(" lead"), To: []byte("\t=x"),
		},
	}
}

func conn(number int, client, server string) *dissect.Conn {
	return &dissect.Conn{
		Number: number,
		Addr:   [2]netip.AddrPort{netip.MustParseAddrPort(client), netip.MustParseAddrPort(server)},
		Text:   [2]string{client, server},
	}
}

// Begin is a Start function for writers.
func Begin() (first int64, precision int) { return Start, 6 }

// Write writes the rows of Events and closes the writer.
func Write(t *testing.T, w report.Writer) {
	t.Helper()
	for _, e := range Events() {
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

var update = flag.Bool("update", false, "write the goldens anew")

// Golden holds got against testdata/name.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("differs from %s:\n%s", path, got)
	}
}

// Controls returns the control characters in the output but for line feeds.
func Controls(out []byte) []byte {
	var found []byte
	for _, b := range out {
		if b < ' ' && b != '\n' || b == 0x7f {
			found = append(found, b)
		}
	}
	return found
}

// Benchmark measures the writing of one row that most sessions are made of.
func Benchmark(b *testing.B, make func(io.Writer) report.Writer) {
	w := make(io.Discard)
	e := Events()[3]
	e.Info = []byte(`chat to juliet@capulet.example: "Art thou not Romeo, and a Montague?"`)
	e.XML = []byte(`<message to="juliet@capulet.example" type="chat" id="m1"><body>Art thou not Romeo, and a Montague?</body></message>`)
	b.ReportAllocs()
	for b.Loop() {
		e.No++
		e.Time += 17_000
		if err := w.Write(e); err != nil {
			b.Fatal(err)
		}
	}
}

// Allocations fails the test where writing a row allocates once it is under way.
func Allocations(t *testing.T, w report.Writer) {
	t.Helper()
	e := Events()[3]
	e.Notes = Events()[6].Notes
	for range 300 { // past the sampling of widths
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	n := testing.AllocsPerRun(1000, func() {
		e.No++
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations for each row", n)
	}
}
