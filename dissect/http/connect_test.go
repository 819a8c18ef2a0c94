package http

import (
	"strings"
	"testing"

	"talktrace/dissect"
	"talktrace/dissect/internal/layertest"
)

// tunnel is the recorder as what takes over behind CONNECT.
type tunnel struct {
	webSocket
}

func (t tunnel) Request(_ *dissect.Context, target, credentials string, _ dissect.Bytes, size int) {
	t.r.note("asks for %s %q in %d bytes", target, credentials, size)
}

func (t tunnel) Answer(_ *dissect.Context, status int, reason string, _ dissect.Bytes, size int) {
	t.r.note("is told %d %q in %d bytes", status, reason, size)
}

func (t tunnel) Lost(_ *dissect.Context, from dissect.Sender, n int64) {
	t.r.note("%d of %s lost", n, from)
}

const (
	connectTo = "CONNECT h:5222 HTTP/1.1\r\nHost: h\r\n\r\n"
	stands    = "HTTP/1.1 200 Connection established\r\n\r\n"
)

func TestConnect(t *testing.T) {
	asks, told := `asks for h:5222 "" in 36 bytes`, `is told 200 "Connection established" in 39 bytes`
	tests := []struct {
		name  string
		parts []part
		want  []string
	}{
		{"a tunnel", []part{client(connectTo), server(stands + "\x00y"), client("POST ")}, []string{
			asks, told, `client sent "POST (end)"`, `server sent "\x00y(end)"`,
		}},
		{"a body that is none", []part{client(connectTo), server("HTTP/1.1 204 No\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\ny"), client("x")}, []string{
			asks, `is told 204 "No" in 66 bytes`, `client sent "x(end)"`, `server sent "y(end)"`,
		}},
		{"a client that does not wait", []part{client(connectTo + "\r\nx"), server("HTTP/1.1 100 Continue\r\n\r\n" + stands), client("z"), server("y")}, []string{
			asks, told, `client sent "\r\nxz(end)"`, `server sent "y(end)"`,
		}},
		{"a refusal and a second try", []part{
			client(connectTo), server("HTTP/1.1 407 Auth\r\nContent-Length: 2\r\n\r\nno"),
			client("CONNECT h:5222 HTTP/1.1\r\nProxy-Authorization: Basic c2VjcmV0\r\n\r\n"), server(stands), client("x"),
		}, []string{
			asks, `is told 407 "Auth" in 40 bytes`, `asks for h:5222 "Basic credentials [redacted]" in 64 bytes`, told, `client sent "x(end)"`, `server sent "(end)"`,
		}},
		{"a client that took a refusal for granted", []part{client(connectTo + post("<body 1/>")), server("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n" + ok("<body a/>"))}, []string{
			asks, `is told 403 "No" in 38 bytes`, "request <body 1/>", "answer 200 <body a/> to <body 1/>",
		}},
		{"behind another exchange", []part{client(post("<body 1/>") + connectTo), server(ok("<body a/>") + stands + "y")}, []string{
			"request <body 1/>", asks, "answer 200 <body a/> to <body 1/>", told, `client sent "(end)"`, `server sent "y(end)"`,
		}},
		{"an answer that was captured alone", []part{server(stands + "y"), client("x")}, []string{told, `client sent "x(end)"`, `server sent "y(end)"`}},
		{"an answer to something else", []part{server(ok("<body a/>")), client("x")}, []string{"orphan 200 <body a/>"}},
		{"a client that was captured alone", []part{client(connectTo + "x")}, []string{asks, `client sent "x(end)"`, `server sent "(end)"`}},
		{"no answer at all", []part{client(connectTo)}, []string{asks}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { cuts(t, test.want, test.parts...) })
	}
}

func TestConnectGaps(t *testing.T) {
	asks := `asks for h:5222 "" in 36 bytes`
	lost := func(from dissect.Sender) part { return part{From: from, Lost: 9} }
	tests := []struct {
		name  string
		parts []part
		want  []string
	}{
		{"the answer, and the server goes on", []part{client(connectTo), lost(dissect.Server), server("y"), client("x")}, []string{
			asks, "9 of server lost", `client sent "x(end)"`, `server sent "y(end)"`,
		}},
		{"the answer, and the client goes on", []part{client(connectTo), lost(dissect.Server), client("x"), server("y")}, []string{
			asks, "9 of server lost", `client sent "x(end)"`, `server sent "y(end)"`,
		}},
		{"the answer, and the client has gone on", []part{client(connectTo), client("x"), lost(dissect.Server), server("y")}, []string{
			asks, "9 of server lost", `client sent "x(end)"`, `server sent "y(end)"`,
		}},
		{"the first half of the answer", []part{client(connectTo), lost(dissect.Server), server("lished\r\nVia: x\r\n\r\ny")}, []string{
			asks, "9 of server lost", `client sent "(end)"`, `server sent "y(end)"`,
		}},
		{"the second half of the answer", []part{client(connectTo), server(stands[:20]), lost(dissect.Server), server("<y>\r\n\r\n")}, []string{
			asks, "9 of server lost", `client sent "(end)"`, `server sent "<y>\r\n\r\n(end)"`,
		}},
		{"a refusal", []part{client(connectTo), lost(dissect.Server), client(connectTo), server(stands), client("x")}, []string{
			asks, "9 of server lost", asks, `is told 200 "Connection established" in 39 bytes`, `client sent "x(end)"`, `server sent "(end)"`,
		}},
		{"of the client, while it waits", []part{client(connectTo), lost(dissect.Client), client("x"), server(stands)}, []string{
			asks, `is told 200 "Connection established" in 39 bytes`, `client sent "(9 lost)x(end)"`, `server sent "(end)"`,
		}},
		{"the request", []part{lost(dissect.Client), server(stands), client("x")}, []string{
			"9 of client lost", `is told 200 "Connection established" in 39 bytes`, `client sent "x(end)"`, `server sent "(end)"`,
		}},
		{"within the tunnel", []part{client(connectTo), server(stands), client("x"), lost(dissect.Client), client("x")}, []string{
			asks, `is told 200 "Connection established" in 39 bytes`, `client sent "x(9 lost)x(end)"`, `server sent "(end)"`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { layertest.Compare(t, "rows", trace(test.parts...), test.want) })
	}
}

// A client that never gets an answer is not waited for without end.
func TestConnectIsBounded(t *testing.T) {
	p := newPlayer(0)
	p.play(client(connectTo))
	for range 100 {
		p.play(client(strings.Repeat("x", 1000)))
		if p.l.connect.size > maxHeld+1000 {
			t.Fatalf("%d bytes are held", p.l.connect.size)
		}
	}
	if len(p.r.stream[dissect.Client]) != 100*1000 {
		t.Errorf("%d bytes are handed on", len(p.r.stream[dissect.Client]))
	}
}
