package http

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/internal/layertest"
)

func TestMessages(t *testing.T) {
	tests := []struct {
		name  string
		parts []part
		want  []string
	}{
		{"keep-alive", []part{
			client(post("<body 1/>")), server(ok("<body a/>")), client(post("<body 2/>")), server(ok("<body b/>")),
		}, []string{
			"request <body 1/>", "answer 200 <body a/> to <body 1/>", "request <body 2/>", "answer 200 <body b/> to <body 2/>",
		}},
		{"pipelined", []part{
			client(post("<body 1/>") + post("<body 2/>")), server(ok("<body a/>") + ok("<body b/>")),
		}, []string{
			"request <body 1/>", "request <body 2/>", "answer 200 <body a/> to <body 1/>", "answer 200 <body b/> to <body 2/>",
		}},
		{"chunked, with extensions and a trailer", []part{
			client("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\n<body\r\n4;c=\"d\"\r\n x/>\r\n0\r\nT: v\r\n\r\n" + post("<body 2/>")),
			server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n<b\r\n7\r\nody a/>\r\n0\r\n\r\n" + ok("<body b/>")),
		}, []string{
			"request <body x/>", "request <body 2/>", "answer 200 <body a/> to <body x/>", "answer 200 <body b/> to <body 2/>",
		}},
		{"until the end", []part{
			client("POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n<body 1/>"), server("HTTP/1.0 200 OK\r\n\r\n<body a/>"),
		}, []string{"request <body 1/>", "answer 200 <body a/> to <body 1/>"}},
		{"continue, and line ends between messages", []part{
			client("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"),
			server("HTTP/1.1 100 Continue\r\n\r\n"), client("<body 1/>\r\n" + post("<body 2/>")),
			server("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n\r\n\r\n" + ok("<body b/>")),
		}, []string{
			"request <body 1/>", "request <body 2/>", "answer 403  to <body 1/>", "answer 200 <body b/> to <body 2/>",
		}},
		{"what is not XMPP", []part{
			client("GET /x HTTP/1.1\r\nHost: h\r\n\r\n"), server(ok("<body of='a page'/>")),
			client("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n"), server("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
			client(post("name=value")), server("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"),
			client(post("<html><body>other</body></html>")), server(ok("<html/>")),
			client(post("<?xml version='1.0'?> <soap:body other/>")), server(ok("<body a/>")),
			client(post("\ufeff\r\n<body 1/>")), server(ok("nothing")),
		}, []string{
			"request <?xml version='1.0'?> <soap:body other/>", "request \ufeff\r\n<body 1/>", "answer 200  to \ufeff\r\n<body 1/>",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { cuts(t, test.want, test.parts...) })
	}
}

func TestEncodings(t *testing.T) {
	text := "<body>" + strings.Repeat("wherefore art thou ", 20) + "</body>"
	packed := func(pack func(io.Writer) io.WriteCloser) string {
		var b bytes.Buffer
		w := pack(&b)
		io.WriteString(w, text) //nolint:errcheck // a buffer takes all
		w.Close()               //nolint:errcheck // likewise
		return b.String()
	}
	tests := []struct{ coding, body string }{
		{"gzip", packed(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })},
		{"x-gzip", packed(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })},
		{"deflate", packed(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })},
		{"Deflate", packed(func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 9); return z })},
	}
	for _, test := range tests {
		t.Run(test.coding, func(t *testing.T) {
			head := "Content-Encoding: " + test.coding + "\r\nContent-Length: " + fmt.Sprint(len(test.body)) + "\r\n\r\n"
			cuts(t, []string{"request " + text, "answer 200 " + text + " to " + text},
				client("POST / HTTP/1.1\r\nHost: h\r\n"+head+test.body), server("HTTP/1.1 200 OK\r\n"+head+test.body))
		})
	}
	bad := "POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone"
	cuts(t, []string{"request <body 1/>"}, client(bad+post("<body 1/>")))
}

// TestLimit holds that a body is cut at the limit, inflated ones too, and that
// the next message is found behind it.
func TestLimit(t *testing.T) {
	long := "<body>" + strings.Repeat("x", 5000) + "</body>"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, long) //nolint:errcheck // a buffer takes all
	z.Close()               //nolint:errcheck // likewise
	for _, first := range []string{
		post(long),
		"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1393\r\n" + long[:5011] + "\r\n2\r\ny>\r\n0\r\n\r\n",
		fmt.Sprintf("POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", packed.Len(), packed.String()),
	} {
		for n := range 300 {
			p := newPlayer(1000)
			p.play(layertest.Split(n+1, []part{client(first + post("<body 2/>"))})...)
			rows := p.end()
			if len(rows) != 2 || !strings.HasPrefix(rows[0], "request "+long[:1000]+" missing ") || rows[1] != "request <body 2/>" {
				t.Fatalf("in pieces of %d: %.60q", n+1, rows)
			}
		}
	}
}

func TestProvenance(t *testing.T) {
	p := newPlayer(0)
	p.r.frames = true
	p.play(client("POST / HTTP/1.1\r\nContent-Le"), client("ngth: 13\r\n\r\n<bo"), client("dy>"), client("</body"), client(">"))
	p.play(server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<bo"), server("\r\n2\r\ndy\r\n"), server("4\r\n a/>\r\n0"), server("\r\n\r\n"))
	layertest.Compare(t, "pieces", p.end(), []string{
		"request [2-2]<bo[3-3]dy>[4-4]</body[5-5]>",
		"answer 200 [6-6]<bo[7-7]dy[8-9] a/> to [2-2]<bo[3-3]dy>[4-4]</body[5-5]>",
	})
}

func TestGaps(t *testing.T) {
	p := post("<body 1></body>")
	lost := part{From: dissect.Client, Lost: 40}
	tests := []struct {
		name  string
		parts []part
		want  []string
	}{
		{
			"in a body",
			[]part{client(p[:len(p)-9]), lost, client("dy>"), client(post("<body 2/>"))},
			[]string{"request <body  missing 40", "request <body 2/>", "gap tcp:http: 40 bytes of the client lost"},
		},
		{
			"in a head",
			[]part{client(p), client(p[:20]), lost, client("garbage"), client(post("<body 2/>"))},
			[]string{"request <body 1></body>", "request <body 2/>", "gap tcp:http: 40 bytes of the client lost"},
		},
		{
			"between messages",
			[]part{client(p), lost, client(post("<body 2/>"))},
			[]string{"request <body 1></body>", "request <body 2/>", "gap tcp:http: 40 bytes of the client lost"},
		},
		{"where nothing is XMPP", []part{client("GET / HTTP/1.1\r\n"), lost, client("GET / HTTP/1.1\r\n\r\n")}, nil},
		{"at the server", []part{
			client(p), server(ok("<body a/>")[:30]),
			{From: dissect.Server, Lost: 5},
			server("<body "),
			client(post("<body 2/>")), server(ok("<body b/>")),
		}, []string{
			"request <body 1></body>", "request <body 2/>", "answer 200 <body b/> to <body 2/>", "gap tcp:http: 5 bytes of the server lost",
		}},
		{"an answer whose request was lost", []part{client(p[:30]), lost, server(ok("<body a/>"))}, []string{"orphan 200 <body a/>"}},
		{
			"behind an answer whose request was lost",
			[]part{server(ok("<body a/>")), {From: dissect.Server, Lost: 5}},
			[]string{"orphan 200 <body a/>", "gap tcp:http: 5 bytes of the server lost"},
		},
		{
			"a start in mid-stream",
			[]part{server("ne</body>"), client("dy>"), client(post("<body 2/>")), server(ok("<body b/>"))},
			[]string{"request <body 2/>", "answer 200 <body b/> to <body 2/>"},
		},
		{"an end in a body", []part{client(p[:len(p)-3])}, []string{"request <body 1></bo"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { layertest.Compare(t, "rows", trace(test.parts...), test.want) })
	}
}

// TestHostile plays what no honest end sends. What is behind it, at the
// beginning of a chunk, is read again.
func TestHostile(t *testing.T) {
	for _, head := range []string{
		"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n<body",
		"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n<body",
		"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n<body>",
		"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n<body",
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n<body",
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n<body",
		"POST / HTTP/1.1\r\n: \x00\r\n\r\n<body",
		"POST /\x00 HTTP/9.9\r\n\r\n<body",
		"POST / HTTP/1.1\r\nX: " + strings.Repeat("a", 2*maxHead),
		"POST / HTTP/1.1\r\n" + strings.Repeat("X: a\r\n", maxHead),
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + strings.Repeat("a", maxHead),
	} {
		rows := trace(client(head), client(post("<body 2/>")))
		if len(rows) == 0 || rows[len(rows)-1] != "request <body 2/>" || len(rows) > 2 {
			t.Errorf("%.80q: %q", head, rows)
		}
	}
	p := newPlayer(0)
	for range 3 * maxExchanges {
		p.play(client(post("<body 1/>")))
	}
	if n := len(p.l.exchanges); n > maxExchanges {
		t.Errorf("%d requests are kept", n)
	}
}

const (
	upgrade = "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: other, XMPP\r\n\r\n"
	granted = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
)

func TestUpgrade(t *testing.T) {
	tests := []struct {
		name  string
		parts []part
		want  []string
	}{
		{"agreed", []part{
			client(upgrade), server(granted + "Sec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Extensions: permessage-deflate; a\r\n\r\n\x81\x01"),
			client("\x81\x82GET /"), server("x"),
		}, []string{
			"upgrade in tcp:http: {Answered:true Protocol:xmpp Extensions:permessage-deflate; a}",
			`client sent "\x81\x82GET /(end)"`, `server sent "\x81\x01x(end)"`,
		}},
		{"with no protocol chosen", []part{client(upgrade), server(granted + "\r\n"), client("\x01"), server("\x81")}, []string{
			"upgrade in tcp:http: {Answered:true Protocol: Extensions:}", `client sent "\x01(end)"`, `server sent "\x81(end)"`,
		}},
		{"to another protocol", []part{
			client(upgrade), server(granted + "Sec-WebSocket-Protocol: other\r\n\r\n\x81"), client(post("<body 1/>")),
		}, nil},
		{"without asking for XMPP", []part{
			client(strings.Replace(upgrade, ", XMPP", "", 1)), server(granted + "\r\n\x81"), client("\x81"),
		}, nil},
		{"to HTTP/2", []part{client(upgrade), server(strings.Replace(granted, "WebSocket", "h2c", 1) + "\r\nPRI"), client("PRI")}, nil},
		{"refused", []part{
			client(upgrade), server("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno"), client(post("<body 1/>")), server(ok("<body a/>")),
		}, []string{"request <body 1/>", "answer 200 <body a/> to <body 1/>"}},
		{"of which the client alone was captured", []part{client(upgrade), client("\x81\x82"), client("abcd")}, []string{
			"upgrade in tcp:http: {Answered:false Protocol: Extensions:}", `client sent "\x81\x82abcd(end)"`,
		}},
		{"whose answer was captured late", []part{
			client(upgrade), client("\x81\x82"), server(granted + "Sec-WebSocket-Protocol: xmpp\r\n\r\n\x81"), client("abcd"),
		}, []string{
			"upgrade in tcp:http: {Answered:false Protocol: Extensions:}", `client sent "\x81\x82abcd(end)"`, `server sent "\x81(end)"`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { cuts(t, test.want, test.parts...) })
	}
	layertest.Compare(t, "an answer that was lost", trace(client(upgrade), part{From: dissect.Server, Lost: 100}, server("\x81\x01x"), client("\x81\x81abcde")), []string{
		"upgrade in tcp:http: {Answered:false Protocol: Extensions:}", `client sent "\x81\x81abcde(end)"`, `server sent "\x81\x01x(end)"`,
	})
}

// TestServer traces what Go's own client and server say to each other.
func TestServer(t *testing.T) {
	ours, theirs := net.Pipe()
	listener := &oneConn{conn: theirs, done: make(chan struct{})}
	srv := &nethttp.Server{Handler: nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		body, _ := io.ReadAll(r.Body)
		for _, b := range []string{"<body>", string(body[6:7]), "</body>"} {
			io.WriteString(w, b)        //nolint:errcheck // the client reads all
			w.(nethttp.Flusher).Flush() // which makes a chunk of it
		}
	})}
	go srv.Serve(listener) //nolint:errcheck // it ends with the listener
	var parts []part
	var want []string
	for _, text := range []string{"<body>1</body>", "<body>2</body>"} {
		r, _ := nethttp.NewRequest(nethttp.MethodPost, "http://h/http-bind", io.MultiReader(strings.NewReader(text)))
		var said, heard bytes.Buffer
		if err := r.Write(io.MultiWriter(&said, ours)); err != nil {
			t.Fatal(err)
		}
		answer, err := nethttp.ReadResponse(bufio.NewReader(io.TeeReader(ours, &heard)), r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(answer.Body); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, client(said.String()), server(heard.String()))
		want = append(want, "request "+text, "answer 200 "+text+" to "+text)
	}
	srv.Close() //nolint:errcheck // nothing is left
	cuts(t, want, parts...)
}

// oneConn is a listener to which one connection comes.
type oneConn struct {
	conn net.Conn
	done chan struct{}
}

func (l *oneConn) Accept() (net.Conn, error) {
	if c := l.conn; c != nil {
		l.conn = nil
		return c, nil
	}
	<-l.done
	return nil, net.ErrClosed
}

func (l *oneConn) Close() error   { close(l.done); return nil }
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }
