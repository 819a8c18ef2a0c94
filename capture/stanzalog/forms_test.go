package stanzalog

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

// shorten leaves of a time what tests tell apart, and of the made-up addresses
// who it is.
func shorten(said []string) string {
	all := strings.Join(said, "|")
	all = strings.NewReplacer("192.0.2.1:49152 ", "> ", "198.51.100.1:5222 ", "< ", ".000000 ", " ").Replace(all)
	return all
}

// Forms of the logs of many programs and versions, as these write them.
func TestForms(t *testing.T) {
	for _, c := range []struct{ name, log, want string }{
		{
			"Pidgin",
			"(17:59:21) plugins: probing x.so\n(17:59:21) jabber: Sending (ssl) (a@b/c): <iq id='1'/>\n(17:59:21) jabber: Recv (ssl)(71): <iq>\n\n</iq>\n" +
				"(17:59:21) oscar: <x>\n(17:59:22) jabber: Recv (1):  \n(17:59:23) jabber: Sending: <a/>\n",
			"17:59:21 > <iq id='1'/>|17:59:21 < <iq>\n\n</iq>|17:59:22 <  |17:59:23 > <a/>",
		},
		{
			"Gaim",
			"proxy: Connected.\njabber: Sending: <?xml version='1.0' ?>\njabber: Sending: <stream:stream to='b'>\naccounts: Writing accounts.\n" +
				"jabber: Recv (9): <a/><b/>\nsound: off\n",
			"00:00:00 > <?xml version='1.0' ?>|00:00:00 > <stream:stream to='b'>|00:00:00 < <a/><b/>",
		},
		{
			"libstrophe",
			"xmpp DEBUG sock_connect() to b:5222 returned 3\nconn DEBUG QUEUED: <a/>\nconn DEBUG SENT: <a/>\nxmpp DEBUG RECV: <b x='>'>\n</b>\nxmpp DEBUG done\n",
			"00:00:00 > <a/>|00:00:00 < <b x='>'>\n</b>",
		},
		{
			"profanity",
			"2026-11-22T01:37:25.105352Z: xmpp: DBG: Connecting via altdomain.\n2026-11-22T01:37:25.105674Z: conn: DBG: SENT: <a/>\n" +
				"2026-11-22T01:37:25.107046Z: xmpp: DBG: RECV: <stream:stream id='1'>\n",
			"01:37:25.105674 > <a/>|01:37:25.107046 < <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1'>",
		},
		{
			"Openfire",
			"C2S - RECV (1134): <a/>\nC2S - SENT (1134): <b/>\n2026.01.01 x\nC2S - RECV (1134): <c>\n</c>\n",
			"00:00:00 > <a/>|00:00:00 < <b/>|00:00:00 > <c>\n</c>",
		},
		{
			"Smack",
			"05:12:13 PM SENT (0): <a/>\n05:12:13 PM RECV (0): <b>\n05:12:14 PM RECV (0): </b>\n05:12:14 PM connected\n",
			"17:12:13 > <a/>|17:12:13 < <b>|17:12:14 < </b>",
		},
		{
			"Smack on Android",
			"--------- beginning of main\n11-22 23:57:10.123  1234  1250 D SMACK   : SENT (0): <a>\n11-22 23:57:10.123  1234  1250 D SMACK   : </a>\n" +
				"D/SMACK   ( 1234): RECV (0): <b/>\n",
			"23:57:10.123000 > <a>\n</a>|23:57:10.123000 < <b/>",
		},
		{
			"slixmpp in Home Assistant",
			"2026-11-07 17:20:54 DEBUG (MainThread) [slixmpp.xmlstream.xmlstream] SEND: <a/>\n2026-11-07 17:20:55,330 DEBUG (MainThread) [x] y\n",
			"17:20:54 > <a/>",
		},
		{
			"slixmpp without any form",
			"Event triggered: connected\nSEND: <a>SEND: &lt;b\nSEND: x</a>\nEvent triggered: <x>\nRECV: <b/>\n",
			"00:00:00 > <a>SEND: &lt;b\nSEND: x</a>|00:00:00 < <b/>",
		},
		{
			"Gajim's XML console",
			"<!-- Outgoing Sun Nov 22 01:45:07 2026 (r) -->\n<a>\n  <b/>\n</a>\n\n\n<!-- Incoming Sun 22 Nov 2026 01:45:08 AM UTC (r) -->\n<c/>\n\n\n",
			"01:45:07 > <a>\n  <b/>\n</a>|01:45:08 < <c/>",
		},
		{
			"Dino",
			"(dino:1): libdino-DEBUG: x\n\x1b[37;1mXMPP OUT [a@b stream:0x55 thread:0x66 2026-11-22T23:57:10+0100]\x1b[0m\n\x1b[34m<a>\x1b[0m\n</a>\n\n" +
				"\x1b[37;1mXMPP IN [a@b stream:0x55 thread:0x66 2026-11-22T23:57:11+0100]\x1b[0m\n<b/>\n(dino:1): x\n",
			"22:57:10 > <a>\n</a>|22:57:11 < <b/>",
		},
		{
			"mcabber",
			"[2026-11-22 01:37:31] LM-NET: SEND:\n[2026-11-22 01:37:31] LM-NET: ------\n[2026-11-22 01:37:31] LM-NET: <a>\n[x] LM\n</a>\n" +
				"[2026-11-22 01:37:31] LM-NET: -----------------------------------\n[2026-11-22 01:37:32] LM-NET: RECV [4]:\n" +
				"[2026-11-22 01:37:32] LM-NET: -----------------------------------\n[2026-11-22 01:37:32] LM-NET: '<b/>'\n" +
				"[2026-11-22 01:37:32] LM-NET: -----------------------------------\n[2026-11-22 01:37:32] LM-NET: not said\n",
			"01:37:31 > <a>\n[x] LM\n</a>|01:37:32 < <b/>",
		},
		{
			"ejabberd before 16.12",
			"2016-06-24 18:11:16.001 [info] <0.3.0>@ejabberd_listener:accept:333 (#Port<0.5>) Accepted connection 192.0.2.1:49152 -> 198.51.100.1:5222\n" +
				"2016-06-24 18:11:16.085 [debug] <0.472.0>@ejabberd_receiver:process_data:284 Received XML on stream = <<\"<a/>\">>\n" +
				"2016-06-24 18:11:16.086 [debug] <0.473.0>@ejabberd_c2s:send_text:1822 Send XML on stream = <<\"<b/>\">>\n",
			"18:11:16.085000 > <a/>|18:11:16.086000 < <b/>",
		},
		{
			"ejabberd 2",
			"\n=INFO REPORT==== 2011-01-01 12:00:00 ===\nD(<0.472.0>:ejabberd_receiver:320) : Received XML on stream = \"<a b=\\\"c\\\"/>\"\n" +
				"\n=INFO REPORT==== 2-Jan-2011::12:00:01 ===\nD(<0.473.0>:ejabberd_c2s:1500) : Send XML on stream = <<\"<b\"\n  \"/>\">>\n",
			"12:00:00 > <a b=\"c\"/>|12:00:01 < <b/>",
		},
		{
			"MongooseIM",
			"2017-06-24 18:11:16.085 [debug] <0.472.0>@ejabberd_receiver:process_data:284 Received XML on stream = \"<a b=\"c\">it's</a>\"\n",
			"18:11:16.085000 > <a b=\"c\">it's</a>",
		},
		{
			"ejabberd in Elixir",
			"21:18:29.738 [info]  (tls|<0.9.0>) Send XML on stream = \"<a b=\\\"c\\\"/>\"\n21:18:29.739 [debug] Running hook :x\n",
			"21:18:29.738000 < <a b=\"c\"/>",
		},
		{
			"prosody by syslog",
			"Nov 22 23:57:10 host prosody[1234]: c2s5: Client connected\nNov 22 23:57:10 host prosody[1234]: c2s5: RECV: <a>#012#011<b/></a>\n" +
				"<30>Nov 22 23:57:11 host prosody[1234]: general: x\n",
			"23:57:10 > <a>\n<b/></a>",
		},
		{
			"prosody without times",
			"c2s5                info\tClient connected\nc2s5                debug\tSEND: <a/>\n",
			"00:00:00 < <a/>",
		},
		{
			"prosody with addresses",
			"Nov 22 23:57:10 connR5\tdebug\tConnected (FD 14 (192.0.2.1, 49152, 198.51.100.1, 5222))\nNov 22 23:57:10 c2s5\tinfo\tClient connected\n" +
				"Nov 22 23:57:11 c2s5\tdebug\tRECV: <a/>\n",
			"23:57:11 > <a/>",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			said, err := conversation(t, c.log, c.name)
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			if got := shorten(said); got != c.want {
				t.Errorf("%q\nwant %q", got, c.want)
			}
		})
	}
}

// logs are those in testdata.
var logs = []string{
	"prosody.log", "prosody-console.log", "ejabberd.log", "ejabberd-console.log", "slixmpp.log", "slixmpp-bare.log", "gajim.log", "mcabber.log",
	"profanity.log", "finch.log",
}

// words returns what was said in a log, without when.
func words(t *testing.T, text, name string) string {
	t.Helper()
	said, err := conversation(t, text, name)
	if !errors.Is(err, io.EOF) {
		t.Errorf("%s: %v", name, err)
	}
	for i, s := range said {
		_, said[i], _ = strings.Cut(s, " ")
	}
	return strings.Join(said, "\n")
}

// Whatever a log is carried by, and however its text is encoded, it says the same.
func TestCarriers(t *testing.T) {
	each := func(head string) func(string) string {
		return func(text string) string {
			return head + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+head) + "\n"
		}
	}
	wide := func(mark string, low, high int) func(string) string {
		return func(text string) string {
			b := []byte(mark)
			for _, u := range utf16.Encode([]rune(text)) {
				unit := [2]byte{}
				unit[low], unit[high] = byte(u), byte(u>>8)
				b = append(b, unit[:]...)
			}
			return string(b)
		}
	}
	json := func(before, after string) func(string) string {
		return func(text string) string {
			quoted := strings.NewReplacer("\\", "\\\\", "\"", "\\\"", "\t", "\\t", "\r", "\\r", "\x1b", "\\u001b")
			out := ""
			for line := range strings.Lines(text) {
				out += before + quoted.Replace(strings.TrimSuffix(line, "\n")) + after + "\n"
			}
			return out
		}
	}
	forms := map[string]func(string) string{
		"CRLF":              func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"byte order mark":   func(s string) string { return "\ufeff" + s },
		"UTF-16LE":          wide("\xff\xfe", 0, 1),
		"UTF-16BE":          wide("\xfe\xff", 1, 0),
		"UTF-16LE, no mark": wide("", 0, 1),
		"journal":           each("Nov 23 01:37:16 host some-unit[123]: "),
		"rsyslog": func(s string) string {
			return each("2026-11-23T01:37:16.123456+00:00 host unit[123]: ")(strings.ReplaceAll(s, "\t", "#011"))
		},
		"RFC 5424":                  each("<30>1 2026-11-23T01:37:16.123456Z host unit 123 - - "),
		"docker compose":            each("xmpp-1  | "),
		"docker compose, in colour": each("\x1b[36mxmpp-1  | \x1b[0m"),
		"docker logs -t":            each("2026-11-23T01:37:16.123456789Z "),
		"both":                      each("xmpp-1  | 2026-11-23T01:37:16.123456789Z "),
		"Kubernetes":                each("2026-11-23T01:37:16.123456789Z stdout F "),
		"docker's JSON":             json(`{"log":"`, `\n","stream":"stderr","time":"2026-11-23T01:37:16.1Z"}`),
		"the journal's JSON":        json(`{"__CURSOR":"x","MESSAGE":"`, `","__REALTIME_TIMESTAMP":"1795000000000000"}`),
	}
	for _, name := range logs {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		want := words(t, string(text), name)
		if strings.Count(want, "<iq") < 2 {
			t.Errorf("%s says no more than %q", name, want)
		}
		for form, write := range forms {
			got := words(t, write(string(text)), name+", "+form)
			if form == "CRLF" {
				got = strings.ReplaceAll(got, "\r\n", "\n") // it has become part of what was said
			}
			if got != want {
				t.Errorf("%s, %s: it says\n%s\nwant\n%s", name, form, got, want)
			}
		}
	}
}

// Kubernetes cuts long lines into parts.
func TestParts(t *testing.T) {
	const head = "2026-11-23T01:37:16.123456789Z stdout "
	got := words(t, head+"P c2s5\tdebug\tRECV: <a>b\n"+head+"F c</a>\n"+head+"F c2s5\tdebug\tRECV: <b/>\n", "x")
	if want := "192.0.2.1:49152 <a>bc</a>\n192.0.2.1:49152 <b/>"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
