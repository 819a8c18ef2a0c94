package websocket

import (
	"bytes"
	"compress/flate"
	"fmt"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/internal/layertest"
)

var sure = Config{Sure: true, Answered: true}

func TestFrames(t *testing.T) {
	long, longer := "<a>"+strings.Repeat("x", 300)+"</a>", "<a>"+strings.Repeat("y", 1<<16)+"</a>"
	tests := []struct {
		name  string
		parts []part
		want  []string
	}{
		{
			"both directions",
			[]part{client(fromClient("<open/>")), server(fromServer("<open/>"), fromServer("<b/>"))},
			[]string{"client element <open/>", "server element <open/>", "server element <b/>"},
		},
		{
			"lengths",
			[]part{client(fromClient(long)), server(fromServer(long), fromServer(longer))},
			[]string{"client element " + long, "server element " + long, "server element " + longer},
		},
		{"fragments, and control frames between them", []part{
			client(frame(dissect.Client, opText, "<a>"), frame(dissect.Client, fin|opPing, "1234567"), frame(dissect.Client, opContinuation, ""),
				frame(dissect.Client, opContinuation, "text"), frame(dissect.Client, fin|opPong, ""), frame(dissect.Client, fin|opContinuation, "</a>")),
			server(frame(dissect.Server, opText, ""), frame(dissect.Server, fin|opPong, "1"), frame(dissect.Server, fin|opContinuation, "<b/>")),
		}, []string{
			"client keepalive ping, 7 bytes", "client keepalive pong", "client element <a>text</a>", "server keepalive pong, 1 byte", "server element <b/>",
		}},
		{"an empty message", []part{client(fromClient(""), fromClient("<b/>"))}, []string{"client keepalive empty message", "client element <b/>"}},
		{"irregular ones", []part{
			client(frame(dissect.Client, fin|opBinary, "<a/>"), frame(dissect.Server, fin|opText, "<b/>")),
			server(frame(dissect.Client, opText, "<c"), frame(dissect.Server, fin|opContinuation, "/>"), fromServer("<d/>")),
		}, []string{
			"client element <a/> (ws-binary)", "client element <b/> (ws-mask)", "server element <c/> (ws-mask)", "server element <d/>",
		}},
		{"the draft", []part{
			client(fromClient("<?xml version='1.0'?> <stream:stream to='x'>"), fromClient("<a/>"), fromClient("</stream:stream>")), server(fromServer("<b/>")),
		}, []string{
			"client data <?xml version='1.0'?> <stream:stream to='x'>", "client data <a/>", "client data </stream:stream>", "server element <b/>",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { cuts(t, sure, test.want, test.parts...) })
	}
}

// TestProvenance holds that a message knows the frames of its header's first
// byte and of its last one.
func TestProvenance(t *testing.T) {
	p := newPlayer(sure, 0)
	p.play(client(fromClient("<a/>"), "\x01"), client("\x83abc"), client("dxyz\x80"), client("\x80abcd"), server(fromServer("<b/>")))
	var got []string
	for _, e := range p.c.Events {
		got = append(got, fmt.Sprintf("%s %d-%d %d %s", e.Sender, e.FirstFrame, e.Frame, e.Time, e.Layers))
	}
	layertest.Compare(t, "frames", got, []string{
		"client 1-1 1000 tcp:http:ws", "client 1-4 4000 tcp:http:ws", "server 5-5 5000 tcp:http:ws",
	})
}

func TestMalformed(t *testing.T) {
	next := client(fromClient("<message/>"))
	for _, test := range []struct{ frame, why string }{
		{"\xa1\x84abcd1234", "a reserved bit is set, 10 bytes"},
		{"\x83\x84abcd1234", "a reserved opcode, 10 bytes"},
		{"\x8b\x84abcd1234", "a reserved opcode, 10 bytes"},
		{"\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00abcd1234", "a length over 63 bits, 18 bytes"},
		{"\x09\x80abcd", "a control frame in fragments, 6 bytes"},
		{"\x89\xfe\x00\x7eabcd1234", "a control frame of more than 125 bytes, 12 bytes"},
		{"\xc9\x80abcd", "a compressed control frame, 6 bytes"},
		{"\xc0\x80abcd", "a continuation that is compressed by itself, 6 bytes"},
		{"\x80\x80abcd", "a continuation of no message, 6 bytes"},
		{"\xc1\x80abcd", "compressed, which was not agreed on, 6 bytes"},
		{"\x01\x80abcd\x81\x80abcd", "a message within another one's fragments, 6 bytes"},
	} {
		want := []string{"client malformed no WebSocket frame: " + test.why, "client element <message/>"}
		layertest.Compare(t, test.why, trace(sure, client(test.frame), next), want)
		layertest.Compare(t, test.why, trace(sure, append(layertest.Split(1, []part{client(test.frame)}), next)...), want)
		layertest.Compare(t, test.why+" at the end", trace(sure, client(test.frame)), want[:1])
	}
}

// TestLength holds that a length is not believed: nothing is kept beyond the
// limit, and nothing ahead of the bytes.
func TestLength(t *testing.T) {
	long := "<a>" + strings.Repeat("x", 5000) + "</a>"
	for _, text := range []string{
		fromClient(long),
		frame(dissect.Client, opText, long[:900]) + frame(dissect.Client, fin|opContinuation, long[900:]),
	} {
		p := newPlayer(sure, 1000)
		p.play(layertest.Split(100, []part{client(text, fromClient("<b/>"))})...)
		layertest.Compare(t, "over the limit", p.rows(), []string{"client malformed a message larger than the limit, 5007 bytes", "client element <b/>"})
	}
	p := newPlayer(sure, 0)
	p.play(client("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xffabcd"), client(strings.Repeat("x", 100)))
	if n := cap(p.l.dirs[0].message.bytes); n > 1000 {
		t.Errorf("%d bytes are kept of 100", n)
	}
	p.end(dissect.EndFIN)
	if rows := p.rows(); len(rows) != 2 || !strings.HasPrefix(rows[0], "client unfinished") {
		t.Errorf("got %q", rows)
	}
}

// TestJudge holds that without an agreement on XMPP the first message decides.
func TestJudge(t *testing.T) {
	unsure := Config{Answered: true}
	for text, want := range map[string]bool{
		"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>": true, "<message/>": true, "<stream:features/>": true,
		" <iq type='get'/>": true, "<?xml version='1.0'?><stream:stream>": true, "<r/>": true,
		"{\"a\": 1}": false, "<html/>": false, "<soap:Envelope/>": false, "<": false, "open": false, "<?xml version='1.0'?><html/>": false,
	} {
		ping := frame(dissect.Client, fin|opPing, "")
		rows := trace(unsure, client(ping, fromClient(" "), fromClient(text), ping), server(fromServer("<b/>")))
		if got := len(rows) == 3; got != want || !got && len(rows) > 0 {
			t.Errorf("%s: %q", text, rows)
		}
	}
}

func TestEnds(t *testing.T) {
	c := func(payload string) string { return frame(dissect.Client, fin|opClose, payload) }
	tests := []struct {
		name  string
		parts []part
		how   dissect.End
		want  []string
	}{
		{
			"a close frame alone",
			[]part{client(c("\x03\xe9bye")), server("\x88\x02\x03\xe9")},
			dissect.EndFIN,
			[]string{`client end WebSocket closed by the client: 1001 going away "bye", its stream still open`},
		},
		{"with no code", []part{client(c(""))}, dissect.EndFIN, []string{"client end WebSocket closed by the client: no code, its stream still open"}},
		{"with an own code", []part{client(c("\x0f\xa0"))}, dissect.EndFIN, []string{"client end WebSocket closed by the client: 4000, its stream still open"}},
		{
			"as it should be",
			[]part{client(fromClient("<close xmlns='f'/>"), c("\x03\xe8")), server("\x88\x00")},
			dissect.EndFIN,
			[]string{"client element <close xmlns='f'/>"},
		},
		{
			"with an error behind the close",
			[]part{client(fromClient("<close/>"), c("\x03\xea"))},
			dissect.EndFIN,
			[]string{"client element <close/>", "client end WebSocket closed by the client: 1002 protocol error"},
		},
		{"FIN", nil, dissect.EndFIN, []string{"client end connection closed by the client, its stream still open"}},
		{"RST", nil, dissect.EndRST, []string{"client end connection reset by the client, its stream still open"}},
		{"of the capture", nil, dissect.EndCapture, nil},
		{"within a message", []part{client(fromClient("<a/>")[:8])}, dissect.EndCapture, []string{"client unfinished <a"}},
		{
			"within a compressed one",
			[]part{client(frame(dissect.Client, opText|rsv1, "abc"))},
			dissect.EndCapture,
			[]string{"client unfinished a compressed message that is not whole, 3 bytes"},
		},
		{
			"behind a second opening",
			[]part{client(fromClient("<close/>"), fromClient("<open/>"))},
			dissect.EndFIN,
			[]string{"client element <close/>", "client element <open/>", "client end connection closed by the client, its stream still open"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPlayer(Config{Sure: true}, 0)
			p.play(test.parts...)
			p.end(test.how)
			p.end(test.how) // which changes nothing
			layertest.Compare(t, "rows", p.rows(), test.want)
		})
	}
}

func TestGaps(t *testing.T) {
	lost := func(n int64) part { return part{From: dissect.Client, Lost: n} }
	a := fromClient("<a>0123456789</a>")
	b := fromClient("<presence/>")
	tests := []struct {
		name  string
		parts []part
		want  []string
	}{
		{
			"within a payload",
			[]part{client(a[:10]), lost(5), client(a[15:], b)},
			[]string{"client unfinished <a>0 missing 5", "client gap 5 bytes of the client lost", "client element <presence/>"},
		},
		{
			"up to the end of a payload",
			[]part{client(a[:10]), lost(int64(len(a)) - 10), client(b)},
			[]string{"client unfinished <a>0 missing 13", "client gap 13 bytes of the client lost", "client element <presence/>"},
		},
		{"within a fragment that is not the last", []part{
			client(frame(dissect.Client, opText, "<a>01234")[:10]), lost(2), client("xx", frame(dissect.Client, fin|opContinuation, "</a>"), b),
		}, []string{"client unfinished <a>0 missing 2", "client gap 2 bytes of the client lost", "client element <presence/>"}},
		{"past the end of a payload", []part{client(a[:10]), lost(20), client(b[10:]), client(b)}, []string{
			"client unfinished <a>0 missing 20", "client gap 20 bytes of the client lost",
			"client malformed the rest of what was cut by lost bytes, 7 bytes", "client element <presence/>",
		}},
		{"between frames", []part{client(a), lost(20), client("junk"), client(frame(dissect.Client, fin|opPong, "12"), b)}, []string{
			"client element <a>0123456789</a>", "client gap 20 bytes of the client lost",
			"client malformed the rest of what was cut by lost bytes, 4 bytes", "client keepalive pong, 2 bytes", "client element <presence/>",
		}},
		{"before a frame that fills a chunk", []part{client(a), lost(20), client("junk"), client(frame(dissect.Client, fin|opPong, "12")), client(b)}, []string{
			"client element <a>0123456789</a>", "client gap 20 bytes of the client lost",
			"client malformed the rest of what was cut by lost bytes, 4 bytes", "client keepalive pong, 2 bytes", "client element <presence/>",
		}},
		{
			"within a control frame",
			[]part{client(frame(dissect.Client, fin|opPong, "12")[:7]), lost(1), client(b)},
			[]string{"client gap 1 byte of the client lost", "client element <presence/>"},
		},
		{"twice within a payload", []part{client(a[:10]), lost(2), client(a[12:14]), lost(1), client(a[15:], b)}, []string{
			"client unfinished <a>0 missing 2", "client gap 2 bytes of the client lost", "client gap 1 byte of the client lost", "client element <presence/>",
		}},
		{"up to the end of a fragment", []part{
			client(frame(dissect.Client, opText, "<a>01234")[:10]), lost(4), client(frame(dissect.Client, fin|opContinuation, "</a>"), b),
		}, []string{"client unfinished <a>0 missing 4", "client gap 4 bytes of the client lost", "client element <presence/>"}},
		{
			"behind a fragment",
			[]part{client(frame(dissect.Client, opText, "<a>t")), lost(4), client(b)},
			[]string{"client unfinished <a>t missing 4", "client gap 4 bytes of the client lost", "client element <presence/>"},
		},
		{
			"in the draft",
			[]part{client(fromClient("<stream:stream>"), a[:10]), lost(5), client(a[15:], b)},
			[]string{"client data <stream:stream>", "client data <a>0", "client gap 5 bytes of the client lost", "client data <presence/>"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			layertest.Compare(t, "rows", trace(sure, test.parts...), test.want)
		})
	}
}

func TestLate(t *testing.T) {
	b := fromClient("<presence/>")
	late := Config{Late: true}
	layertest.Compare(t, "in a frame", trace(late, client(b[9:]), client(fromClient("<foreign/>")), client(b, fromClient("<a/>")), server(fromServer("<b/>")), server(fromServer("<iq/>"))), []string{
		"client malformed the rest of what began before the capture, 24 bytes", "client element <presence/>", "client element <a/>", "server element <b/>", "server element <iq/>",
	})
	p := newPlayer(late, 0)
	p.play(client("junk"), client("junk"), client(b))
	if e := &p.c.Events[0]; e.FirstFrame != 1 || e.Frame != 2 || e.Length != 8 {
		t.Errorf("what was passed over: frames %d to %d, %d bytes", e.FirstFrame, e.Frame, e.Length)
	}
	for _, name := range strings.Fields("open close message presence iq auth challenge response success failure abort authenticate continue features error r a enable enabled resume resumed failed active inactive") {
		if yes, _ := LooksLike([]byte(fromServer("<"+name+" a='b'/>")), false); !yes {
			t.Errorf("<%s> is not taken for XMPP", name)
		}
	}
	for i, test := range []struct {
		frame       string
		fromClient  bool
		yes, enough bool
	}{
		{b, true, true, true},
		{b, false, false, true},
		{fromServer("<iq/>"), false, true, true},
		{fromServer("<iq/>"), true, false, true},
		{fromServer("<stream:error/>"), false, true, true},
		{fromServer("<query/>"), false, false, true},
		{fromServer("text"), false, false, true},
		{fromServer(""), false, false, true},
		{fromServer("<iq"), false, false, true},
		{"\x89\x00", false, false, true},
		{"<iq/>", false, false, true},
		{"", true, false, false},
		{b[:1], true, false, false},
		{b[:5], true, false, false},
		{b[:8], true, false, false},
		{fromServer("<" + strings.Repeat("m", 100)), false, false, true},
		{"\xc1\x05<iq/>", false, false, true},
		{"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff<iq/>", false, false, true},
		{fromServer("<a>" + strings.Repeat("x", 200)), false, true, true},
	} {
		if yes, enough := LooksLike([]byte(test.frame), test.fromClient); yes != test.yes || enough != test.enough {
			t.Errorf("%d: %v, %v", i, yes, enough)
		}
	}
}

// deflater compresses messages as RFC 7692 has it.
type deflater struct {
	b *bytes.Buffer
	w *flate.Writer
}

func newDeflater() *deflater {
	b := &bytes.Buffer{}
	w, _ := flate.NewWriter(b, flate.BestCompression)
	return &deflater{b, w}
}

func (d *deflater) message(text string) string {
	d.b.Reset()
	d.w.Write([]byte(text)) //nolint:errcheck // a buffer takes all
	d.w.Flush()             //nolint:errcheck // likewise
	return strings.TrimSuffix(d.b.String(), "\x00\x00\xff\xff")
}

func TestDeflate(t *testing.T) {
	texts := []string{
		"<message to='juliet@capulet.example'><body>wherefore</body></message>",
		"<message to='juliet@capulet.example'><body>therefore</body></message>",
		"<message to='juliet@capulet.example'><body>" + strings.Repeat("therefore ", 5000) + "</body></message>",
		"<message to='juliet@capulet.example'><body>at last</body></message>",
	}
	taken, fresh := newDeflater(), newDeflater()
	var want []string
	var one, two []part
	for i, text := range texts {
		packed := taken.message(text)
		one = append(one, client(frame(dissect.Client, fin|rsv1|opText, packed)))
		two = append(two, client(frame(dissect.Client, rsv1|opText, packed[:3]), frame(dissect.Client, fin|opPing, ""), frame(dissect.Client, fin|opContinuation, packed[3:])))
		want = append(want, "client element "+text)
		fresh.w.Reset(fresh.b)
		s := server(frame(dissect.Server, fin|rsv1|opText, fresh.message(text)))
		if i == 1 {
			s = server(fromServer(text)) // not every message has to be compressed
		}
		one = append(one, s)
		want = append(want, "server element "+text)
	}
	agreed := Config{Sure: true, Answered: true, Extensions: "foo, Permessage-Deflate; server_no_context_takeover; client_max_window_bits=15, bar"}
	cuts(t, agreed, want, one...)
	cuts(t, Config{Sure: true}, want, one...)
	rows := trace(agreed, two...)
	if rows = slices.DeleteFunc(rows, func(s string) bool { return s == "client keepalive ping" }); len(rows) != 4 || rows[3] != want[6] {
		t.Errorf("in fragments: %.200q", rows)
	}

	one[2], one[3] = part{From: dissect.Client, Lost: 50}, part{From: dissect.Server, Lost: 50}
	rows = trace(agreed, one...)
	cannot := "client malformed a compressed message that cannot be read: a reference to before the beginning, "
	if len(rows) != 8 || rows[5] != want[5] || rows[7] != want[7] || !strings.HasPrefix(rows[4], cannot) || !strings.HasPrefix(rows[6], cannot) {
		t.Errorf("behind a loss: %.200q", rows)
	}
}

// TestBomb holds that a message inflates to no more than the limit.
func TestBomb(t *testing.T) {
	packed := newDeflater().message("<a>" + strings.Repeat("x", 1<<20) + "</a>")
	for _, extensions := range []string{"permessage-deflate", "permessage-deflate; client_no_context_takeover"} {
		p := newPlayer(Config{Sure: true, Answered: true, Extensions: extensions}, 10000)
		p.play(client(frame(dissect.Client, fin|rsv1|opText, packed), fromClient("<b/>"), frame(dissect.Client, fin|rsv1|opText, newDeflater().message("<c/>"))))
		layertest.Compare(t, extensions, p.rows(), []string{
			fmt.Sprintf("client malformed a compressed message that cannot be read: it inflates to too many bytes at once, %d bytes", len(packed)),
			"client element <b/>", "client element <c/>",
		})
	}
	layertest.Compare(t, "garbage", trace(Config{Sure: true}, client(frame(dissect.Client, fin|rsv1|opText, "\xff\xff\xff"), fromClient("<b/>"))), []string{
		"client malformed a compressed message that cannot be read: a block of no known type, 3 bytes", "client element <b/>",
	})
}

// TestLastBlock reads a message whose last block says so (RFC 7692 section
// 7.2.3.4), and one behind it.
func TestLastBlock(t *testing.T) {
	hello := "\xf3\x48\xcd\xc9\xc9\x07\x00"
	layertest.Compare(t, "rows", trace(Config{Sure: true}, server(frame(dissect.Server, fin|rsv1|opText, hello+"\x00"), frame(dissect.Server, fin|rsv1|opText, "\xf2\x48\xcd\xc9\xc9\x07\x00"))), []string{
		"server unfinished Hello", "server unfinished Hello",
	})
}
