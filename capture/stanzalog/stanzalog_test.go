package stanzalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"talktrace/capture"
)

// conversation reads a log and returns what its frames say, a line for each one
// with data. The headers of the frames are read by gopacket.
func conversation(t *testing.T, text, name string) (said []string, err error) {
	t.Helper()
	log := New(strings.NewReader(text), Options{Name: name, Written: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
	if log == nil {
		t.Fatalf("%s is not recognized", name)
	}
	next := map[string]uint32{}
	for {
		var f capture.Frame
		if err := log.Next(&f); err != nil {
			if again := log.Next(&f); !errors.Is(again, err) {
				t.Error("after an error comes another one")
			}
			return said, err
		}
		first := layers.LayerTypeIPv4
		if f.Data[0]>>4 == 6 {
			first = layers.LayerTypeIPv6
		}
		p := gopacket.NewPacket(f.Data, first, gopacket.Default)
		tcp, ok := p.TransportLayer().(*layers.TCP)
		if !ok || p.ErrorLayer() != nil {
			t.Fatalf("frame %d is no TCP: %v", f.Number, p)
		}
		src := p.NetworkLayer().NetworkFlow().Src().String() + ":" + p.TransportLayer().TransportFlow().Src().String()
		flow := p.NetworkLayer().NetworkFlow().String() + p.TransportLayer().TransportFlow().String()
		switch n, known := next[flow]; {
		case known && n+1 == tcp.Seq:
			said = append(said, "a hole")
		case known && n != tcp.Seq:
			t.Errorf("frame %d: sequence number %d, want %d", f.Number, tcp.Seq, n)
		}
		if next[flow] = tcp.Seq + uint32(len(tcp.Payload)); tcp.SYN {
			next[flow]++
		}
		if len(tcp.Payload) > 0 {
			at := time.Unix(0, f.Time).UTC().Format("15:04:05.000000")
			said = append(said, fmt.Sprintf("%s %s %s", at, src, tcp.Payload))
		}
	}
}

func TestKinds(t *testing.T) {
	const message = "<message to='b'>\n<body>\u2764</body></message>"
	for _, c := range []struct{ name, log, want string }{
		{
			"prosody",
			"Nov 22 23:57:10 c2s5a general\tinfo\tnothing\nNov 22 23:57:10 c2s5a\tdebug\tRECV: <message to='b'>\n\t<body>\u2764</body></message>\n" +
				"Nov 22 23:57:11 s2sout5b\tdebug\tSEND: <iq/>\n",
			"23:57:10.000000 192.0.2.1:49152 " + message + "|23:57:11.000000 192.0.2.2:49152 <iq/>",
		},
		{
			"prosody on a terminal",
			"Nov 22 23:57:10 c2s5a               \x1b[36mdebug\x1b[0m\tSEND: <iq/>\n",
			"23:57:10.000000 198.51.100.1:5222 <iq/>",
		},
		{
			"ejabberd",
			"2026-11-22 23:57:18.683760+01:00 [info] <0.331.0>@ejabberd_listener:accept/7:273 (<0.475.0>) Accepted connection [::1]:4 -> [::1]:5222\n" +
				"2026-11-22 23:57:18.736149+01:00 [notice] <0.475.0> (tcp|<0.475.0>) Received XML on stream = <<\"<a b=\\\"\\n\\x{2764}\\101\\\"/>\">>\n" +
				"2026-11-22 23:57:18.8+01:00 [notice] <0.475.0> (tls|<0.475.0>) Send XML on stream = <<60,\n   97,47,62>>\n",
			"22:57:18.736149 ::1:4 <a b=\"\n\u2764A\"/>|22:57:18.800000 ::1:5222 <a/>",
		},
		{
			"slixmpp",
			"DEBUG:slixmpp.xmlstream:nothing\nDEBUG:slixmpp.xmlstream.xmlstream:SEND: " + message + "\n" +
				"DEBUG:slixmpp.xmlstream.xmlstream:RECV: <stream:stream id=\"a\">\n",
			"00:00:00.000000 192.0.2.1:49152 " + message +
				"|00:00:00.000000 198.51.100.1:5222 <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id=\"a\">",
		},
		{
			"Gajim",
			"22.11.2026 23:57:15 (I) nbxmpp.connection        |          (romeo) Connected to x (192.0.2.9:5222)\n" +
				"22.11.2026 23:57:15 (I) nbxmpp.connection        |          (romeo) ::::: DATA RECEIVED ::::\n\n" + message + "\n\n",
			"23:57:15.000000 192.0.2.9:5222 " + message,
		},
		{
			"talktrace",
			"<?xml version='1.0'?>\n<t:log xmlns:t='urn:talktrace:log:1'>\n" +
				"<t:unit time='2026-11-22T23:57:15.5Z' stream='3' sender='client' client='192.0.2.7:9' server='192.0.2.8:5222'>" + message + "</t:unit>\n" +
				"<t:unit time='2026-11-22T23:57:16Z' stream='3' sender='server' as='text'>&lt;a&amp;&#10;</t:unit>\n" +
				"<t:unit time='2026-11-22T23:57:16Z' stream='3' sender='server' as='base64'>/w==</t:unit>\n</t:log>\n",
			"23:57:15.500000 192.0.2.7:9 " + message + "|23:57:16.000000 192.0.2.8:5222 <a&\n|23:57:16.000000 192.0.2.8:5222 \xff",
		},
	} {
		said, err := conversation(t, c.log, c.name)
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := strings.ReplaceAll(strings.Join(said, "|"), "198.51.100.1:5269", "198.51.100.1:5222"); got != c.want {
			t.Errorf("%s:\n%q\nwant\n%q", c.name, got, c.want)
		}
	}
}

// A log of a known kind without stanzas says so, and how to get them.
func TestWithoutStanzas(t *testing.T) {
	_, err := conversation(t, "Nov 22 23:57:10 general\tinfo\tHello and welcome to Prosody\n", "x.log")
	if e, ok := errors.AsType[*capture.Error](err); !ok || !errors.Is(err, ErrNoStanzas) || !strings.Contains(e.Hint, "stanza_debug") {
		t.Errorf("%v", err)
	}
}

func TestOthers(t *testing.T) {
	for _, text := range []string{"", "\xd4\xc3\xb2\xa1\x02\x00", "hello\n", "<?xml version='1.0'?><html/>", "2026-11-22 a line of some other log\n"} {
		if New(strings.NewReader(text), Options{Name: "x"}) != nil {
			t.Errorf("%q is taken for a log", text)
		}
	}
}

// What is too long is cut, and what comes after it is read.
func TestBounds(t *testing.T) {
	long := strings.Repeat("x", maxRecord/2)
	text := "DEBUG:slixmpp:SEND: <a>" + long + "\n" + long + "\n" + long + "</a>\nDEBUG:slixmpp:SEND: <b/>\n"
	said, err := conversation(t, text, "x.log")
	if !errors.Is(err, io.EOF) || !strings.HasSuffix(said[len(said)-1], "<b/>") {
		t.Errorf("%v, %d segments", err, len(said))
	}
	total := 0
	for _, s := range said {
		total += len(s)
	}
	if total > maxRecord+maxRecord/100 {
		t.Errorf("%d bytes of a record", total)
	}
}

func FuzzLog(f *testing.F) {
	for _, name := range logs {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text[:min(len(text), 4096)])
	}
	f.Add([]byte("<t:log xmlns:t='urn:talktrace:log:1'>\n<t:unit time='2026-11-22T23:57:15.5Z' stream='3' sender='client' as='text'>&lt;&#10;</t:unit>\n"))
	f.Add([]byte("<t:log xmlns:t='urn:talktrace:log:1'>\n<t:lost stream='3' sender='server' bytes='7'/>\n"))
	f.Add([]byte("\xff\xfe(\x001\x00:\x00"))
	f.Add([]byte("Nov 22 23:57:10 h prosody[1]: c2s5: RECV: <a>#012#011<b/></a>\n{\"log\":\"c2s5: SEND: <a/>\\n\"}\n"))
	f.Add([]byte("x-1  | 2026-11-23T01:37:16.123456789Z stdout P c2s5\tdebug\tRECV: <a>b\n"))
	f.Add([]byte("2016-06-24 18:11:16.085 [debug] <0.472.0>@x:y:2 Received XML on stream = <<\"<a/>\">>\n=INFO REPORT==== 2-Jan-2011::12:00:01 ===\nD(<0.473.0>:e:1) : Send XML on stream = \"<b\"\n"))
	f.Add([]byte("05:12:13 PM SENT (0): <a/>\n(17:59:21) jabber: Recv (ssl)(71): <iq>\n<!-- Incoming Sun 22 Nov 2026 01:45:08 AM UTC (r) -->\n<c/>\nXMPP IN [a@b]\n<b/>\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		log := New(bytes.NewReader(text), Options{Name: "x"})
		if log == nil {
			return
		}
		var frame capture.Frame
		size := 0
		for log.Next(&frame) == nil {
			if frame.Time < 0 || frame.Length != len(frame.Data) || len(frame.Data) > 65535 {
				t.Fatalf("frame %+v", frame)
			}
			size += len(frame.Data)
		}
		// At most six frames for some twenty bytes, and each byte once.
		if size > 20*len(text)+1000 {
			t.Fatalf("%d bytes of frames from %d", size, len(text))
		}
	})
}
