package bosh

import (
	"fmt"
	"strings"
	"testing"

	"talktrace/dissect"
)

// TestSession plays a session over two connections from its beginning to its
// end.
func TestSession(t *testing.T) {
	p := newPlayer()
	const xmpp = " xmlns:xmpp='urn:xmpp:xbosh'"
	p.ask("1", 0, "<?xml version='1.0'?><body rid='100' to='capulet.example' wait='60' hold='1' ver='1.6' xml:lang='en' xmpp:version='1.0'"+ns+xmpp+"/>")
	p.answer("1", 0, "<body sid='s' requests='2' wait='30' hold='1' inactivity='20' from='capulet.example'"+ns+
		" xmlns:stream='http://etherx.jabber.org/streams'><stream:features/></body>")
	p.ask("2", 1, "<body rid='101' sid='s'"+ns+"><auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AA==</auth></body>")
	p.answer("2", 1, "<body"+ns+"><success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></body>")
	p.ask("3", 0, "<body rid='102' sid='s' to='capulet.example' xmpp:restart='true'"+ns+xmpp+"></body>")
	p.answer("3", 0, "<body"+ns+"><stream:features/></body >\r\n")
	p.ask("4", 0, "<b:body rid='103' sid='s' xmlns:b='http://jabber.org/protocol/httpbind'><presence xmlns='jabber:client'/> \n<iq/></b:body>")
	p.ask("5", 1, "<body rid='104' sid='s' key='k' newkey='n' ack='103'"+ns+"><message/></body>")
	p.answer("4", 0, "<body sid='s'"+ns+"/>")
	p.ask("6", 0, "<body rid='105' sid='s' pause='120'"+ns+"/>")
	p.answer("5", 1, "<body report='103' time='850'"+ns+"/>")
	p.ask("7", 1, "<body rid='106' sid='s' type='terminate'"+ns+"><presence/></body>")
	p.answer("6", 0, "<body type='error'"+ns+"/>")
	p.answer("7", 1, "<body type='terminate' condition='policy-violation'"+ns+"/>")
	bind := "http://jabber.org/protocol/httpbind"
	compare(t, p.rows(), []string{
		"0 client body: session request to capulet.example, wait 60, hold 1, version 1.6",
		"0 server body: session granted by capulet.example, wait 30, hold 1, requests 2, inactivity 20",
		"0 server features http://etherx.jabber.org/streams",
		"1 client auth urn:ietf:params:xml:ns:xmpp-sasl",
		"1 server success urn:ietf:params:xml:ns:xmpp-sasl",
		"0 client body: restart to capulet.example",
		"0 server features http://etherx.jabber.org/streams",
		"0 client presence jabber:client",
		"0 client iq ",
		"1 client message " + bind,
		"0 server body: empty answer",
		"0 client body: pause of 120 seconds",
		"1 server body: report of a lost answer to 103",
		"1 client presence " + bind,
		"1 client body: terminate",
		"0 server body: error that can be recovered from by sending again",
		"1 server body: terminate policy-violation",
	})
	for _, e := range p.c.Events {
		want := "tcp:http:bosh"
		if e.Kind != kindBody {
			want += ":xmpp"
		}
		if e.Layers != want {
			t.Errorf("%s in %s", e.Kind, e.Layers)
		}
	}
}

func TestOrder(t *testing.T) {
	tests := []struct {
		name string
		play func(p *player)
		want []string
	}{
		{"requests that overtake each other", func(p *player) {
			p.ask("1", 0, request(1, "a"))
			p.ask("3", 1, request(3, "c"))
			p.ask("2", 0, request(2, "b"))
		}, []string{"0 client a ", "0 client b ", "1 client c "}},
		{"answers that overtake each other", func(p *player) {
			p.ask("1", 0, request(1, "a"))
			p.answer("1", 0, reply("x"))
			p.ask("2", 0, request(2, "b"))
			p.ask("3", 1, request(3, "c"))
			p.answer("3", 1, reply("z"))
			p.answer("2", 0, reply("y"))
		}, []string{"0 client a ", "0 server x ", "0 client b ", "1 client c ", "0 server y ", "1 server z "}},
		{"repeats", func(p *player) {
			p.ask("1", 0, request(1, "a"))
			p.ask("1 again", 1, request(1, "a"))
			p.answer("1", 0, reply("x"))
			p.answer("1 again", 1, reply("x"))
			p.ask("2", 0, request(2, "b"))
			p.ask("1 once more", 1, request(1, "a"))
		}, []string{"0 client a ", "0 server x ", "0 client b "}},
		{"a repeat of what waits", func(p *player) {
			p.ask("1", 0, request(1, "a"))
			p.ask("3", 0, request(3, "c"))
			p.ask("3 again", 1, request(3, "c"))
			p.ask("2", 1, request(2, "b"))
		}, []string{"0 client a ", "1 client b ", "0 client c "}},
		{"a request that was lost, as the answer shows", func(p *player) {
			p.ask("1", 0, request(1, "a"))
			p.ask("3", 0, request(3, "c"))
			p.answer("3", 0, reply("z"))
			p.ask("4", 0, request(4, "d"))
		}, []string{"0 client a ", "0 client c ", "0 server z ", "0 client d "}},
		{"an answer that was lost, as the requests show", func(p *player) {
			p.ask("1", 0, request(1, "a"))
			p.answer("1", 0, reply("x"))
			p.ask("2", 0, request(2, "b"))
			p.ask("3", 1, request(3, "c"))
			p.answer("3", 1, reply("z"))
			p.ask("4", 1, request(4, "d"))
			p.ask("5", 1, request(5, "e"))
		}, []string{"0 client a ", "0 server x ", "0 client b ", "1 client c ", "1 server z ", "1 client d ", "1 client e "}},
		{"a late one", func(p *player) {
			p.ask("2", 0, request(2, "b"))
			p.ask("1", 1, request(1, "a"))
			p.ask("1 again", 1, request(1, "a"))
		}, []string{"0 client b ", "1 client a "}},
		{"the end of a connection", func(p *player) {
			p.ask("1", 0, request(1, "a"))
			p.ask("4", 1, request(4, "d"))
			p.ask("3", 1, request(3, "c"))
			p.conn(0).End(p.c)
			p.ask("x", 0, strings.ReplaceAll(request(9, "x"), "sid='s'", "sid='other'"))
			p.conn(1).End(p.c)
		}, []string{"0 client a ", "0 client x ", "1 client c ", "1 client d "}},
		{"too many that wait", func(p *player) {
			p.ask("1", 0, request(1))
			for i := range maxWaiting + 1 {
				p.ask("", 0, request(3+i, fmt.Sprintf("e%d", i)))
			}
		}, func() []string {
			rows := []string{"0 client body: empty request"}
			for i := range maxWaiting + 1 {
				rows = append(rows, fmt.Sprintf("0 client e%d ", i))
			}
			return rows
		}()},
		{"too much that waits", func(p *player) {
			p.ask("1", 0, request(1))
			for i := range 5 {
				p.ask("", 0, request(3+2*i, "e"+strings.Repeat("x", maxWaitingBytes/5)))
			}
		}, []string{"0 client body: empty request", "0 client e" + strings.Repeat("x", maxWaitingBytes/5) + " "}},
		{"two sessions on a connection", func(p *player) {
			p.ask("1", 0, request(7, "a"))
			p.ask("2", 0, strings.ReplaceAll(request(3, "b"), "sid='s'", "sid='other'"))
			p.ask("3", 0, request(8, "c"))
		}, []string{"0 client a ", "0 client b ", "0 client c "}},
		{"from the first request on", func(p *player) {
			p.ask("1", 0, "<body rid='1' wait='1'"+ns+"/>")
			p.answer("1", 0, "<body sid='s' requests='3'"+ns+"/>")
			p.ask("3", 1, request(3, "c"))
			p.ask("2", 0, request(2, "b"))
			p.answer("3", 1, "<body"+ns+"><z xmlns=''/></body>")
			p.ask("4", 1, request(4, "d"))
			p.answer("2", 0, "<body"+ns+"><y xmlns=''/></body>")
		}, []string{
			"0 client body: session request, wait 1", "0 server body: session granted, requests 3", "0 client b ", "1 client c ", "1 client d ",
			"0 server y ", "1 server z ",
		}},
		{"an answer of another session, after a loss", func(p *player) {
			p.ask("1", 0, request(1, "a"))
			p.answer("1", 0, strings.ReplaceAll(reply("x"), "sid='s'", "sid='other'"))
			p.ask("2", 0, request(2, "b"))
			p.answer("2", 0, reply("y"))
			p.answer("1", 0, reply("z"))
		}, []string{"0 client a ", "0 server x ", "0 client b ", "0 server y ", "0 server z "}},
		{"no rids", func(p *player) {
			p.ask("1", 0, "<body sid='s' rid='99999999999999999999'"+ns+"><a/></body>")
			p.ask("2", 0, "<body sid='s' rid='-1'"+ns+"><b xmlns=''/></body>")
			p.answer("2", 0, reply("x"))
		}, []string{"0 client a http://jabber.org/protocol/httpbind", "0 client b ", "0 server x "}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPlayer()
			p.c.MaxStanza = 1 << 20
			test.play(p)
			compare(t, p.rows(), test.want)
		})
	}
}

// TestAttributes holds which attributes make a row, and what it says.
func TestAttributes(t *testing.T) {
	long := strings.Repeat("x", 99) + "é" + "y"
	for attributes, want := range map[string][]string{
		"key='k' newkey='n' ack='1' to='a' from='b' stream='c' xml:lang='en'": {"0 client a "},
		"to='a>b' from=\"c>d\"":                            {"0 client a "},
		"xmpp:restart='1' xmlns:xmpp='urn:xmpp:xbosh'":     {"0 client body: restart", "0 client a "},
		"xmpp:restart='false' xmlns:xmpp='urn:xmpp:xbosh'": {"0 client body: session attributes", "0 client a "},
		"type='" + long + "'":                              {"0 client body: " + long[:99] + "…", "0 client a "},
		"type='" + long[:99] + "y'":                        {"0 client body: " + long[:99] + "y", "0 client a "},
	} {
		p := newPlayer()
		p.ask("", 0, "<body sid='s' rid='1' "+attributes+ns+"><a xmlns=''/></body>")
		compare(t, p.rows(), want)
	}
}

// TestFrames holds that a message that waited keeps its own frames and
// connection, and that every element knows the frame of its first byte.
func TestFrames(t *testing.T) {
	p := newPlayer()
	p.ask("1", 0, request(1, "a"))                                               // frame 1
	p.ask("3", 1, "<body rid='3' |sid='s'"+ns+"><c/><|d/><|e></e>|<f/></|body>") // frames 2 to 6
	p.ask("2", 0, request(2, "b"))                                               // frame 7
	var got []string
	for _, e := range p.c.Events {
		got = append(got, fmt.Sprintf("%d %s %d-%d %d", e.Conn.Number, e.Kind, e.FirstFrame, e.Frame, e.Time))
	}
	compare(t, got, []string{
		"0 a 1-1 1000", "0 b 8-8 8000", "1 c 3-7 7000", "1 d 3-7 7000", "1 e 4-7 7000", "1 f 6-7 7000",
	})
}

func TestSecrets(t *testing.T) {
	texts := []string{
		"<body rid='1' sid='secret-sid' key='secret-key' newkey='secret-new'" + ns + "/>",
		"<body rid='2' sid='secret-sid' authid='secret-sid' pause='5'" + ns + "></body>",
		"<body rid='3' sid='secret-sid' type='terminate'" + ns + "><presence/></body>\n",
		"<body rid='4' sid='secret-sid'" + ns + "><presence",
	}
	for _, show := range []bool{false, true} {
		p := newPlayer()
		p.c.ShowSecrets = show
		for _, text := range texts {
			p.ask("", 0, text)
		}
		var got []string
		for _, e := range p.c.Events {
			if e.Kind != "presence" {
				got = append(got, fmt.Sprintf("%d %s", e.Length, e.XML))
			}
		}
		want := []string{
			fmt.Sprint(len(texts[0]), " ", texts[0]), fmt.Sprint(len(texts[1]), " ", texts[1]),
			fmt.Sprint(len(texts[2])-19, " ", texts[2][:len(texts[2])-19]), fmt.Sprint(len(texts[3]), " ", texts[3]),
		}
		for i := range want {
			for _, s := range []string{"secret-sid", "secret-key", "secret-new"} {
				if !show {
					want[i] = strings.ReplaceAll(want[i], s, dissect.Redacted)
				}
			}
		}
		compare(t, got, want)
	}
}

// TestDamage holds what becomes of bodies of which a part is missing.
func TestDamage(t *testing.T) {
	p := newPlayer()
	n := p.conn(0)
	whole := request(2, "a", "b", "c")
	p.ask("broke off", 0, whole[:len(whole)-20])
	p.ask("sent again", 0, whole)
	p.answer("sent again", 0, reply("x")[:60])
	p.answer("sent again", 0, reply("x"))
	until := func(text, end string) string { return text[:strings.Index(text, end)+len(end)] }
	empty := until(request(4), "httpbind'>")
	n.Request(p.c, p.pieces(until(request(3, "d", "e"), "<e xml")), 7)
	n.Request(p.c, p.pieces(empty), 7)
	p.ask("malformed", 0, request(5, "f", "g' <h", "presence"))
	got := p.rows()
	compare(t, got[:8], []string{
		"0 client unfinished " + strings.Replace(whole[:len(whole)-20], "'s'", "'[redacted]'", 1) + " missing 0",
		"0 client a ", "0 client b ", "0 client c ",
		"0 server unfinished " + strings.Replace(reply("x")[:60], "'s'", "'[redacted]'", 1) + " missing 0",
		"0 server x ",
		"0 client d ",
		"0 client unfinished <e xml missing 7",
	})
	compare(t, got[8:10], []string{"0 client unfinished " + strings.Replace(empty, "'s'", "'[redacted]'", 1) + " missing 7", "0 client f "})
	p.ask("trailing", 0, "<body rid='6' sid='s'"+ns+"/>sid='s'")
	p.ask("white", 0, "<body rid='7' sid='s'"+ns+"> \n </body> ")
	compare(t, p.rows()[len(got):], []string{"0 client unit4 ", "0 client body: empty request"})
	if last := got[len(got)-1]; last != "0 client presence " {
		t.Errorf("behind what is malformed: %s", last)
	}
}

// TestForeign holds that nothing is taken for BOSH that is not, and what an
// answer without a body says.
func TestForeign(t *testing.T) {
	p := newPlayer()
	n := p.conn(0)
	for _, text := range []string{
		"", "text", "<body>", "<body/>", "<body xmlns='http://www.w3.org/1999/xhtml'></body>", "<bodies" + ns + "/>",
		"<body sid='s' sid='t'" + ns + "/>", "<body rid='1", "<?xml version='1.0'", "<!DOCTYPE x><body" + ns + "/>",
		"<body a='<'" + ns + "/>", "<!-- --><body" + ns + "/>", "</body" + ns + ">", "<body x:y='z'" + ns + "/",
	} {
		if n.Request(p.c, p.pieces(text), 0) != nil || n.Answer(p.c, 200, p.pieces(text), 0) {
			t.Errorf("%s: taken for a body", text)
		}
	}
	p.ask("1", 0, request(1))
	p.owed["1"](p.c, 404, p.pieces("<html>gone</html>"), 0)
	p.ask("2", 0, request(2))
	p.answer("2", 0, "")
	p.ask("3", 0, request(3))
	p.owed["3"](p.c, 400, p.pieces(""), 0)
	if !n.Answer(p.c, 200, p.pieces(reply("x")), 0) {
		t.Error("an answer without a request is not taken")
	}
	compare(t, p.rows(), []string{
		"0 client body: empty request", "0 server body: HTTP 404 Not Found", "0 client body: empty request",
		"0 client body: empty request", "0 server body: HTTP 400 Bad Request", "0 server x ",
	})
}
