package proxy

import (
	"slices"
	"testing"

	"talktrace/dissect"
)

// What a SOCKS server refuses is told in words wherever it was meant to go, and
// nothing of what follows is looked at.
func TestRefusals(t *testing.T) {
	words := map[string]string{
		"\x01": "general SOCKS server failure (1)", "\x02": "connection not allowed by ruleset (2)", "\x03": "network unreachable (3)",
		"\x04": "host unreachable (4)", "\x05": "connection refused (5)", "\x06": "TTL expired (6)",
		"\x07": "command not supported (7)", "\x08": "address type not supported (8)", "\xff": "unassigned reply (255)",
	}
	for code, text := range words {
		check(t, socks5, []string{
			"client proxy offers no authentication", "server proxy chooses no authentication", "client proxy CONNECT h:5222",
			"server proxy refused: " + text,
		}, client("\x05\x01\x00"), server("\x05\x00"), client(request), server("\x05"+code+"\x00\x01\x00\x00\x00\x00\x00\x00<stream>"), client("x"))
	}
	for code, text := range replies4 {
		if code == granted4 {
			continue
		}
		check(t, socks4, []string{"client proxy CONNECT 192.0.2.2:80", "server proxy " + text},
			client("\x04\x01\x00\x50\xc0\x00\x02\x02\x00"), server("\x00"+string([]byte{code})+"\x00\x00\x00\x00\x00\x00x"), client("x"))
	}
	check(t, socks5, []string{"client proxy offers GSSAPI, private method 200", "server proxy refused: no acceptable method"},
		client("\x05\x02\x01\xc8"), server("\x05\xff\x05\x00"), client(request))
	check(t, socks5, []string{
		"client proxy offers username/password", "server proxy chooses username/password",
		"client proxy login as u, password [redacted]", "server proxy login refused (1)",
	}, client("\x05\x01\x02"), server("\x05\x02"), client("\x01\x01u\x01p"), server("\x01\x01"))
}

// Secrets are shown to those who ask for them.
func TestSecrets(t *testing.T) {
	for _, test := range []struct {
		build func(o Options) dissect.Layer
		said  string
		want  string
	}{
		{shown(socks5), "\x05\x01\x02\x01\x01u\x06sesame", "login as u, password sesame"},
		{shown(socks4), "\x04\x01\x00\x50\xc0\x00\x02\x02romeo\x00", "CONNECT 192.0.2.2:80, user id romeo"},
	} {
		p := newPlayer(test.build)
		p.c.ShowSecrets = true
		p.play(client(test.said))
		if got := string(p.c.Events[len(p.c.Events)-1].Info); got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}

// A port that speaks for XMPP lets the rows come before there is anything inside,
// and what is lost in the handshake and behind it is told in its place.
func TestConnectLayer(t *testing.T) {
	in := new(inside)
	l := NewConnect(Options{
		Via: "tcp:http", Inner: func(string, uint16, bool) dissect.Layer { return in },
		Speaks: func(port uint16) bool { return port == 5222 },
	})
	c := dissect.NewContext(dissect.Options{})
	c.Conn = new(dissect.Conn)
	l.Request(c, "h:443", "", dissect.Bytes{}, 1)
	l.Answer(c, 503, "Busy", dissect.Bytes{}, 1)
	if len(c.Events) > 0 {
		t.Errorf("%d rows for any port", len(c.Events))
	}
	l.Request(c, "h:5222", "", dissect.Bytes{}, 1)
	l.Lost(c, dissect.Server, 7)
	l.Data(c, dissect.Client, dissect.Bytes{Data: []byte("x")})
	l.Gap(c, dissect.Client, 3)
	l.End(c, dissect.Client, dissect.EndFIN)
	var kinds []string
	for _, e := range c.Events {
		kinds = append(kinds, e.Kind)
	}
	if !slices.Equal(kinds, []string{"proxy", "proxy", "proxy", "gap", "inside"}) || c.Events[3].Missing != 7 || c.Events[3].Layers != "tcp:http" {
		t.Errorf("%s, %+v", kinds, c.Events[3])
	}
	if got := in.text[dissect.Client].String(); got != "x(3 lost)(end)" {
		t.Error(got)
	}
}

// Behind a loss the handshake is told by its form.
func TestLossInHandshake(t *testing.T) {
	lost := func(from dissect.Sender, n int64) part { return part{From: from, Lost: n} }
	greeting := client("\x05\x01\x00")
	tests := []struct {
		name  string
		build func(o Options) dissect.Layer
		parts []part
		want  []string
	}{
		{"the choice", shown(socks5), []part{greeting, lost(1, 2), client(request), server(granted + "y")}, []string{
			"client proxy offers no authentication", "server gap 2 bytes of the server lost", "client proxy CONNECT h:5222",
			"server proxy succeeded, from 192.0.2.2:5222", "server inside", "client: (end)", "server: y(end)",
		}},
		{"of the choice, one byte", shown(socks5), []part{greeting, server("\x05"), lost(1, 1), client(request), server(granted + "y")}, []string{
			"client proxy offers no authentication", "server gap 1 byte of the server lost", "client proxy CONNECT h:5222",
			"server proxy succeeded, from 192.0.2.2:5222", "server inside", "client: (end)", "server: y(end)",
		}},
		{"the reply", shown(socks5), []part{greeting, server("\x05\x00"), client(request), lost(1, 10), server("y"), client("x")}, []string{
			"client proxy offers no authentication", "server proxy chooses no authentication", "client proxy CONNECT h:5222",
			"server gap 10 bytes of the server lost", "server inside", "client: x(end)", "server: y(end)",
		}},
		{"the end of the reply, and more", shown(socks5), []part{greeting, server("\x05\x00"), client(request), server(granted[:5]), lost(1, 50), server("y")}, []string{
			"client proxy offers no authentication", "server proxy chooses no authentication", "client proxy CONNECT h:5222",
			"server gap 50 bytes of the server lost", "server inside", "client: (end)", "server: y(end)",
		}},
		{"the middle of the reply", shown(socks5), []part{greeting, server("\x05\x00"), client(request), server(granted[:5]), lost(1, 2), server(granted[7:] + "y")}, []string{
			"client proxy offers no authentication", "server proxy chooses no authentication", "client proxy CONNECT h:5222",
			"server gap 2 bytes of the server lost", "server inside", "client: (end)", "server: y(end)",
		}},
		{"the greeting was not captured", shown(socks5), []part{client(request), server("\x05"), server(granted[1:] + "y")}, []string{
			"client proxy CONNECT h:5222", "server proxy succeeded, from 192.0.2.2:5222", "server inside", "client: (end)", "server: y(end)",
		}},
		{"no reply but its first byte", shown(socks5), []part{client(request), server("\x05"), server("yyy")}, []string{
			"client proxy CONNECT h:5222", "server inside", "client: (end)", "server: \x05yyy(end)",
		}},
		{"the reply of SOCKS 4", shown(socks4), []part{client("\x04\x01\x00\x50\xc0\x00\x02\x02\x00"), lost(1, 8), server("y")}, []string{
			"client proxy CONNECT 192.0.2.2:80", "server gap 8 bytes of the server lost", "server inside", "client: (end)", "server: y(end)",
		}},
		{"within", socks5, []part{greeting, server("\x05\x00"), client(request), server(granted), client("x"), lost(0, 4), client("x")}, []string{
			"client proxy offers no authentication", "server proxy chooses no authentication", "client proxy CONNECT h:5222",
			"server proxy succeeded, from 192.0.2.2:5222", "client inside", "client: x(4 lost)x(end)", "server: (end)",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := play(test.build, test.parts...).end()
			if a, b := len(got), len(test.want); a != b {
				t.Fatalf("%d rows, want %d: %q", a, b, got)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("%q, want %q", got[i], test.want[i])
				}
			}
		})
	}
}

// The rows that wait come before the first one from inside, whoever takes the
// rows meanwhile, and with one proxy behind another.
func TestRowsComeFirst(t *testing.T) {
	in := new(inside)
	c := dissect.NewContext(dissect.Options{})
	c.Conn = new(dissect.Conn)
	var kinds []string
	take := func() {
		for _, e := range c.Events {
			kinds = append(kinds, e.Kind+string(e.Info))
		}
		c.Events = c.Events[:0]
	}
	c.HandOver = take
	inner := func(via string, _ uint16, _ bool) dissect.Layer {
		return NewSOCKS(Options{Via: via, Inner: func(string, uint16, bool) dissect.Layer { return in }}, 5)
	}
	l := NewConnect(Options{Via: "tcp:http", Inner: inner})
	for range dissect.MaxEvents - 1 {
		c.Emit(dissect.Client, "other")
	}
	l.Request(c, "h:1080", "", dissect.Bytes{}, 1)
	c.Remarks = []dissect.Note{noteVector}
	for _, part := range []string{"\x05\x01\x00", request, "x", "x"} {
		l.Data(c, dissect.Client, dissect.Bytes{Data: []byte(part)})
	}
	if n := len(c.Events); n == 0 || c.Prelude != nil || len(c.Events[n-1].Notes) != 1 {
		t.Error("a remark for the row from inside is not on it")
	}
	take()
	want := []string{"other", "proxyCONNECT h:1080", "proxyoffers no authentication", "proxyCONNECT h:5222", "inside"}
	if got := kinds[dissect.MaxEvents-2:]; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
