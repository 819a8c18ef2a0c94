package proxy

import (
	"strings"
	"testing"

	"talktrace/dissect"
)

const (
	request = "\x05\x01\x00\x03\x01h\x14\x66"
	granted = "\x05\x00\x00\x01\xc0\x00\x02\x02\x14\x66"
)

func TestSOCKS(t *testing.T) {
	long := strings.Repeat("n", 255)
	tests := []struct {
		name  string
		build func(o Options) dissect.Layer
		parts []part
		want  []string
	}{
		{"nothing behind it", socks5, []part{client("\x05\x01\x00"), server("\x05\x00"), client(request), server(granted)}, nil},
		{"nothing behind it, on a port that speaks", shown(socks5), []part{client("\x05\x01\x00"), server("\x05\x00"), client("\x05\x01")}, []string{
			"client proxy offers no authentication", "server proxy chooses no authentication", "client unfinished beginning of a message, 2 bytes",
		}},
		{"the longest fields", socks5, []part{
			client("\x05\x02\x02\x80"), server("\x05\x02"), client("\x01\xff" + long + "\xff" + strings.Repeat("p", 255)), server("\x01\x00"),
			client("\x05\x01\x00\x03\xff" + long + "\x00\x50"), server("\x05\x00\x00\x03\xff" + long + "\x00\x50"), client("x"),
		}, []string{
			"client proxy offers username/password, private method 128", "server proxy chooses username/password",
			"client proxy login as " + long + ", password [redacted]", "server proxy login accepted",
			"client proxy CONNECT " + long + ":80", "server proxy succeeded, from " + long + ":80", "client inside", "client: x(end)", "server: (end)",
		}},
		{"empty fields", socks5, []part{
			client("\x05\x01\x02"), server("\x05\x02"), client("\x01\x00\x00"), server("\x05\x00"),
			client("\x05\x01\x00\x03\x00\x00\x00"), server(granted + "y"),
		}, []string{
			"client proxy offers username/password", "server proxy chooses username/password",
			"client proxy login as , password [redacted]", "server proxy login accepted",
			"client proxy CONNECT :0", "server proxy succeeded, from 192.0.2.2:5222", "server inside", "client: (end)", "server: y(end)",
		}},
		{"a client that does not wait", socks5, []part{client("\x05\x01\x00" + request + "x"), server("\x05\x00" + granted + "y")}, []string{
			"client proxy offers no authentication", "client proxy CONNECT h:5222", "client inside",
			"server proxy chooses no authentication", "server proxy succeeded, from 192.0.2.2:5222", "client: x(end)", "server: y(end)",
		}},
		{"a method that is not known", shown(socks5), []part{client("\x05\x01\x04"), server("\x05\x04\x05\x00"), client("\x01\x02")}, []string{
			"client proxy offers method 4", "server proxy chooses method 4",
		}},
		{"BIND", socks5, []part{client("\x05\x01\x00"), server("\x05\x00"), client("\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00"), server(granted + granted + "y")}, []string{
			"client proxy offers no authentication", "server proxy chooses no authentication", "client proxy BIND 0.0.0.0:0",
			"server proxy succeeded, from 192.0.2.2:5222", "server proxy succeeded, from 192.0.2.2:5222", "server inside", "client: (end)", "server: y(end)",
		}},
		{"datagrams", shown(socks5), []part{client("\x05\x01\x00"), server("\x05\x00"), client("\x05\x03\x00\x01\x00\x00\x00\x00\x00\x00"), server(granted + "y")}, []string{
			"client proxy offers no authentication", "server proxy chooses no authentication", "client proxy UDP ASSOCIATE 0.0.0.0:0",
			"server proxy succeeded, from 192.0.2.2:5222",
		}},
		{"no SOCKS after all", socks5, []part{client("\x05\x01\x00"), server("<stream:stream>"), client("x")}, nil},
		{"no SOCKS after all, on a port that speaks", shown(socks5), []part{client("\x05\x01\x00"), server("\x06")}, []string{
			"client proxy offers no authentication", "server malformed no message of the handshake",
		}},
		{"SOCKS 4 to BIND", socks4, []part{client("\x04\x02\x00\x50\xc0\x00\x02\x02\x00"), server("\x00\x5a\x00\x00\x00\x00\x00\x00\x00\x5a\x00\x00\x00\x00\x00\x00y")}, []string{
			"client proxy BIND 192.0.2.2:80", "server proxy request granted", "server proxy request granted", "server inside", "client: (end)", "server: y(end)",
		}},
		{"a user id without an end", shown(socks4), []part{client("\x04\x01\x00\x50\xc0\x00\x02\x02" + strings.Repeat("u", 3000))}, []string{
			"client malformed no message of the handshake",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { check(t, test.build, test.want, test.parts...) })
	}
}

// Of a login in pieces with losses between them, nothing is taken for anything
// else.
func TestLossInLogin(t *testing.T) {
	const login = "\x01\x05romeo\x06sesame"
	for at := 1; at < len(login)-1; at++ {
		for n := 1; at+n < len(login); n++ {
			p := play(shown(socks5), client("\x05\x01\x02"), server("\x05\x02"), client(login[:at]), part{From: dissect.Client, Lost: int64(n)},
				client(login[at+n:]), server("\x01\x00"), client(request), server(granted), client("x"), server("y"))
			all := strings.Join(p.end(), "\n")
			if !strings.HasSuffix(all, "CONNECT h:5222\nserver proxy succeeded, from 192.0.2.2:5222\nclient inside\nclient: x(end)\nserver: y(end)") {
				t.Errorf("%d bytes lost from %d on: %s", n, at, all)
			}
		}
	}
}

// A file is counted in each direction, and what is lost of it.
func TestBytestream(t *testing.T) {
	const hash = "972b7bf47291ca609517f67f86b5081086052dad"
	handshake := []part{
		client("\x05\x01\x00"), server("\x05\x00"), client("\x05\x01\x00\x03\x28" + hash + "\x00\x00"),
		server("\x05\x00\x00\x03\x28" + hash + "\x00\x00"),
	}
	want := []string{
		"client proxy offers no authentication", "server proxy chooses no authentication",
		"client proxy SOCKS5 bytestream (XEP-0065), CONNECT " + hash, "server proxy succeeded",
	}
	check(t, socks5, want, handshake...)
	check(t, socks5, append(want,
		"client proxy SOCKS5 bytestream (XEP-0065), 9 bytes of data, 5 bytes lost", "server proxy SOCKS5 bytestream (XEP-0065), 1 byte of data"),
		append(handshake, client("<mess"), part{From: dissect.Client, Lost: 5}, client("age/"), server("\x05"))...)
}

func TestIsBytestream(t *testing.T) {
	hash := strings.Repeat("0aF9", 10)
	for _, test := range []struct {
		target
		want bool
	}{
		{target{hash, true, 0}, true},
		{target{hash, true, 1080}, false},
		{target{hash, false, 0}, false},
		{target{hash[1:], true, 0}, false},
		{target{hash[1:] + "g", true, 0}, false},
	} {
		if got := test.isBytestream(); got != test.want {
			t.Errorf("%v: %v", test.target, got)
		}
	}
}

func TestLooksLikeSOCKS(t *testing.T) {
	for _, test := range []struct{ first, want string }{
		{"", "more"},
		{"\x05", "more"},
		{"\x05\x00", "no"},              // nobody offers nothing
		{"\x05\x02\x00", "more"},        //
		{"\x05\x02\x00\x00", "no"},      // twice the same
		{"\x05\x01\xff", "no"},          // no method at all
		{"\x05\x01\x00", "yes"},         //
		{"\x05\x02\x00\x02", "yes"},     //
		{"\x05\x03\x00\x01\x02", "yes"}, // not a request to associate
		{request[:7], "more"},           //
		{request, "yes"},                // the greeting was not captured
		{"\x04\x01\x00\x50", "more"},    //
		{"\x04\x03", "no"},              // no such command
		{"\x04\x01\x00\x50\x01\x02\x03\x04u", "more"},
		{"\x04\x01\x00\x50\x01\x02\x03\x04\x1b", "no"}, // a user id that steers terminals
		{"\x04\x01\x00\x50\x01\x02\x03\x04u\x00", "yes"},
		{"\x04\x01\x00\x50\x00\x00\x00\x01u\x00", "more"},
		{"\x04\x01\x00\x50\x00\x00\x00\x01u\x00\x00", "no"}, // 4a without a name
		{"\x04\x01\x00\x50\x00\x00\x00\x01u\x00h\x00", "yes"},
		{"<stream", "no"},
		{"\x16\x03\x01", "no"},
	} {
		match, enough := LooksLikeSOCKS([]byte(test.first))
		if got := verdict(match, enough); got != test.want {
			t.Errorf("%q: %s, want %s", test.first, got, test.want)
		}
	}
}

// verdict is what a recogniser says of a prefix: yes, no, or more.
func verdict(yes, enough bool) string {
	switch {
	case !enough:
		return "more"
	case yes:
		return "yes"
	}
	return "no"
}

func TestLooksLikeLogin(t *testing.T) {
	for login, want := range map[string]bool{
		"": false, "\x01": false, "\x01\x01u\x01p": true, "\x01\x01u\x01pq": false, "\x01\x00\x00": true, "\x02\x01u\x01p": false,
	} {
		if got := LooksLikeLogin([]byte(login)); got != want {
			t.Errorf("%q: %v", login, got)
		}
	}
}

// More rows than a proxy has for one connection do not wait for ever.
func TestWaitingIsBounded(t *testing.T) {
	l := NewConnect(Options{Via: "tcp:http", Inner: func(string, uint16, bool) dissect.Layer { return new(inside) }})
	c := dissect.NewContext(dissect.Options{})
	c.Conn = new(dissect.Conn)
	for range 1000 {
		l.Request(c, "h:443", "", dissect.Bytes{}, 1)
		l.Answer(c, 407, "", dissect.Bytes{}, 1)
	}
	if n := len(l.waiting); n != maxWaiting || len(c.Events) != 0 {
		t.Errorf("%d rows wait, %d are told", n, len(c.Events))
	}
	l.Data(c, dissect.Client, dissect.Bytes{Data: []byte("x")})
	if n := len(c.Events); n != maxWaiting+1 || c.Events[n-1].Kind != "inside" {
		t.Errorf("%d rows, the last one of kind %s", n, c.Events[n-1].Kind)
	}
}

func TestConnectInfo(t *testing.T) {
	for _, test := range []struct {
		to, credentials, want string
		port                  uint16
	}{
		{"capulet.example:5222", "", "CONNECT capulet.example:5222", 5222},
		{"[2001:db8::2]:443", "Basic credentials [redacted]", "CONNECT [2001:db8::2]:443, Basic credentials [redacted]", 443},
		{"capulet.example", "", "CONNECT capulet.example", 0},
		{"capulet.example:99999", "", "CONNECT capulet.example:99999", 0},
		{strings.Repeat("ü", 200) + ":5222", "", "CONNECT " + strings.Repeat("ü", 140) + "…", 5222},
	} {
		l := NewConnect(Options{Shown: true})
		c := dissect.NewContext(dissect.Options{})
		l.Request(c, test.to, test.credentials, dissect.Bytes{}, 1)
		if got := string(c.Events[0].Info); got != test.want || l.port != test.port {
			t.Errorf("%s, port %d", got, l.port)
		}
	}
}

// quiet is a layer inside that does nothing.
type quiet struct{}

func (quiet) Data(*dissect.Context, dissect.Sender, dissect.Bytes) {}
func (quiet) Gap(*dissect.Context, dissect.Sender, int64)          {}
func (quiet) End(*dissect.Context, dissect.Sender, dissect.End)    {}

// What goes through costs nothing more.
func TestThroughAllocatesNothing(t *testing.T) {
	o := Options{Via: "tcp", Inner: func(string, uint16, bool) dissect.Layer { return quiet{} }}
	for _, p := range []*player{
		{l: NewSOCKS(o, 5)}, {l: NewHeader(o)}, {l: NewConnect(o)},
	} {
		p.c = dissect.NewContext(dissect.Options{})
		p.c.Conn = new(dissect.Conn)
		switch p.l.(type) {
		case *SOCKS:
			p.play(client("\x05\x01\x00" + request))
		case *Header:
			p.play(client("PROXY UNKNOWN\r\n"))
		}
		b := dissect.Bytes{Data: []byte("<presence/>"), Frame: 9}
		if n := testing.AllocsPerRun(100, func() { p.l.Data(p.c, dissect.Client, b) }); n > 0 {
			t.Errorf("%T: %v allocations", p.l, n)
		}
	}
}
