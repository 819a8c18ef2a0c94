package scrub

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talktrace/capture/capturetest"
)

// wirePromise is what travels, and which pieces of that are gone from the output.
type wirePromise struct {
	name string
	o    Options
	talk func(c *capturetest.Capture, conn *capturetest.Conn)
	gone []string
}

// TestWirePromises does the same for what XMPP travels in.
func TestWirePromises(t *testing.T) {
	const C, S = capturetest.Client, capturetest.Server
	post := func(extra, text string) string {
		return fmt.Sprintf("POST /http-bind HTTP/1.1\r\nHost: capulet.example\r\n%sContent-Length: %d\r\n\r\n%s", extra, len(text), text)
	}
	const bosh = "<body xmlns='http://jabber.org/protocol/httpbind' rid='99' to='capulet.example' wait='60' hold='1'/>"
	const boshOK = "<body xmlns='http://jabber.org/protocol/httpbind' sid='s3ss10n1d2345'/>"
	const ok = "HTTP/1.1 200 OK\r\n"
	okay := func(extra, text string) string {
		return fmt.Sprintf(ok+"%sContent-Length: %d\r\n\r\n%s", extra, len(text), text)
	}
	ws := func(conn *capturetest.Conn, extra string) {
		req, ans := upgrade(extra)
		conn.Send(C, req)
		conn.Send(S, ans)
		conn.Send(C, wsFrame(0x81, true, open5))
		conn.Send(S, wsFrame(0x81, false, open5))
	}
	for _, w := range []wirePromise{
		{"obs-fold", Options{}, func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, post("Authorization: Basic\r\n c3VwZXJzZWNyZXQ=\r\n", bosh))
			conn.Send(S, okay("", boshOK))
		}, []string{"c3VwZXJzZWNyZXQ"}},
		{"bare LF header", Options{}, func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, post("Accept: x\nAuthorization: Basic c3VwZXJzZWNyZXQ=\r\n", bosh))
			conn.Send(S, okay("", boshOK))
		}, []string{"c3VwZXJzZWNyZXQ"}},
		{"space before colon", Options{}, func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, post("Authorization : Basic c3VwZXJzZWNyZXQ=\r\n", bosh))
			conn.Send(S, okay("", boshOK))
		}, []string{"c3VwZXJzZWNyZXQ"}},
		{"no colon line", Options{}, func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, post("c3VwZXJzZWNyZXQ=\r\n", bosh))
			conn.Send(S, okay("", boshOK))
		}, []string{"c3VwZXJzZWNyZXQ"}},
		{"basic double space", Options{}, func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, post("Authorization: Basic  c3VwZXJzZWNyZXQ=\r\n", bosh))
			conn.Send(S, okay("", boshOK))
		}, []string{"c3VwZXJzZWNyZXQ"}},
		{"trailer", Options{}, func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, post("", bosh))
			conn.Send(S, ok+fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x;tok=exts3cret\r\n%s\r\n0\r\nSet-Cookie: id=c00kiem0nster\r\n\r\n", len(boshOK), boshOK))
			conn.Send(C, post("", bosh))
		}, []string{"c00kiem0nster", "exts3cret"}},
		{"path token all", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, strings.Replace(post("", bosh), "/http-bind", "/http-bind/juliet-tok3n", 1))
			conn.Send(S, okay("", boshOK))
		}, []string{"juliet-tok3n"}},
		{"userinfo in absolute URL", Options{}, func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, strings.Replace(post("Origin: https://juliet:s3cr3tpw@web.capulet.example\r\nReferer: https://web.capulet.example/login?token=t0ps3cret#x\r\n", bosh), "/http-bind", "http://juliet:s3cr3tpw@capulet.example/http-bind", 1))
			conn.Send(S, okay("", boshOK))
		}, []string{"s3cr3tpw", "t0ps3cret"}},
		{"location token", Options{}, func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, post("", bosh))
			conn.Send(S, "HTTP/1.1 302 Found\r\nLocation: https://capulet.example/x?token=t0ps3cret\r\nContent-Length: 0\r\n\r\n")
			conn.Send(C, post("", bosh))
			conn.Send(S, okay("", boshOK))
		}, []string{"t0ps3cret"}},
		{"ws protocol token", Options{}, func(c *capturetest.Capture, conn *capturetest.Conn) {
			req, ans := upgrade("")
			conn.Send(C, strings.Replace(req, "Protocol: xmpp", "Protocol: xmpp, t0ps3cret", 1))
			conn.Send(S, ans)
			conn.Send(C, wsFrame(0x81, true, open5))
		}, []string{"t0ps3cret"}},
		{"ws path", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			req, ans := upgrade("")
			conn.Send(C, strings.Replace(req, "/ws?", "/ws/juliet-tok3n?", 1))
			conn.Send(S, ans)
			conn.Send(C, wsFrame(0x81, true, open5))
		}, []string{"juliet-tok3n"}},
		{"ws ping and close", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			ws(conn, "")
			conn.Send(S, wsFrame(0x89, false, "Mercutio's ping"))
			conn.Send(S, wsFrame(0x88, false, "\x03\xe8Mercutio has gone"))
		}, []string{"Mercutio"}},
		{"ws text not xml", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			ws(conn, "")
			conn.Send(S, wsFrame(0x81, false, "Mercutio was here"))
			conn.Send(S, wsFrame(0x82, false, "Mercutio was there"))
		}, []string{"Mercutio"}},
		{"ws masked zero", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			ws(conn, "")
			f := []byte(wsFrame(0x81, false, said))
			f[1] |= 0x80
			head := 2
			if len(said) >= 126 {
				head = 4
			}
			conn.Send(C, string(f[:head])+"\x00\x00\x00\x00"+string(f[head:]))
		}, []string{"orchard"}},
		{"ws reserved bits", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			ws(conn, "")
			conn.Send(S, wsFrame(0xb1, false, "Mercutio was here"))
		}, []string{"Mercutio"}},
		{"ws frame partial at end", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			ws(conn, "")
			conn.Send(S, wsFrame(0x81, false, said)[:60])
		}, []string{"orchard"}},
		{"bosh partial body at end", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, post("", bosh))
			conn.Send(S, okay("", boshOK))
			b := "<body xmlns='http://jabber.org/protocol/httpbind' rid='100' sid='s3ss10n1d2345'>" + said + opening + secret + closing + "</body>"
			conn.Send(C, post("", b)[:len(post("", b))-30])
		}, []string{"orchard", secret}},
		{"bosh partial gzip at end", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, post("", bosh))
			conn.Send(S, okay("", boshOK))
			conn.Send(C, post("", bosh))
			b := gzipped("<body xmlns='http://jabber.org/protocol/httpbind'>" + said + "</body>")
			conn.Send(S, okay("Content-Encoding: gzip\r\n", b)[:120])
		}, nil},
		{"bosh BOM + UTF-16", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, post("", bosh))
			conn.Send(S, okay("", "\xef\xbb\xbf<?xml version='1.0'?><!-- juliet comment -->"+boshOK))
		}, []string{"juliet comment"}},
		{"stream BOM", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, "\xef\xbb\xbf"+header)
			conn.Send(S, answer)
			conn.Send(C, said)
		}, []string{"orchard"}},
		{"UTF-16", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, header)
			conn.Send(S, answer)
			var u strings.Builder
			for _, r := range said {
				u.WriteByte(byte(r))
				u.WriteByte(0)
			}
			conn.Send(C, u.String())
		}, []string{"o\x00r\x00c\x00h"}},
		{"unclosed CDATA", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, "<message><body><![CDATA[meet me at the orchard wall")
			conn.Send(C, "</body></message><presence/> my s3cr3t")
		}, []string{"orchard", "s3cr3t"}},
		{"doctype", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y 'meet me at the orchard'>]>"+header[21:])
			conn.Send(S, answer)
			conn.Send(C, "<message><body>&y;</body></message>")
		}, []string{"orchard"}},
		{"pi", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, "<?orchard wall?><presence/><iq id='1'><?orchard wall?><x/></iq>")
		}, []string{"orchard"}},
		{"NUL in element", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, "<message><body>meet\x00 me at the orchard wall</body></message>")
			conn.Send(C, said)
		}, []string{"orchard"}},
		{"seq wrap", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Sequence(C, 0xffffff00)
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, said+said+said)
		}, []string{"orchard"}},
		{"keepalive with byte", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, said)
			conn.Back(C, 1, ">")
			conn.Back(C, 1, "X")
			conn.Send(C, said)
		}, []string{"orchard"}},
		{"port reuse", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, said)
			conn.Close(C)
			conn.Close(S)
			conn.Ack(C)
			n := c.Connect("192.0.2.77:40001", "198.51.100.9:5222")
			n.Sequence(C, 900000)
			n.Sequence(S, 100)
			n.Open()
			n.Send(C, header)
			n.Send(S, answer)
			n.Send(C, said+opening+secret+closing)
		}, []string{"orchard", secret}},
		{"port reuse without handshake", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, said)
			conn.Reset(C)
			n := c.Connect("192.0.2.77:40001", "198.51.100.9:5222")
			n.Sequence(C, 0x90000000)
			n.Sequence(S, 100)
			n.Send(C, header)
			n.Send(S, answer)
			n.Send(C, said+opening+secret+closing)
		}, []string{"orchard", secret}},
		{"data after RST", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Reset(S)
			conn.Send(C, said)
		}, []string{"orchard"}},
		{"midstream zlib-like", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Lose(C, header)
			conn.Send(C, said)
			conn.Send(S, said)
		}, []string{"orchard"}},
		{"zlib 1 byte", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
			conn.Send(S, "<compressed xmlns='http://jabber.org/protocol/compress'/>")
			conn.MSS = 1
			conn.Send(C, squeezed(header+said))
		}, nil},
		{"zlib refused then plain", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
			conn.Send(S, "<failure xmlns='http://jabber.org/protocol/compress'><setup-failed/></failure>")
			conn.Send(C, "xorchard "+said)
		}, []string{"orchard"}},
		{"proxy2 tlv", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			// PP2 with SSL TLV CN, unique id 0x05 , custom 0xE0, netns 0x30
			tl := func(k byte, v string) string { return string([]byte{k, 0, byte(len(v))}) + v }
			body := "\xcb\x00\x71\x4d\xc6\x33\x64\x09\x9c\x41\x14\x66" + tl(0x02, "capulet.example") + tl(0x05, "uniq-juliet-id") + tl(0x30, "netns-verona") + tl(0xe0, "Mercutio") + tl(0x20, "\x07\x00\x00\x00\x00"+tl(0x22, "CN-Mercutio")+tl(0x21, "TLSv1.3")) + tl(0x04, "Mercutio")
			conn.Send(C, signature2+"\x21\x11"+string([]byte{0, byte(len(body))})+body)
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, said)
		}, []string{"Mercutio", "verona", "juliet"}},
		{"proxy1 unknown", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, "PROXY UNKNOWN 203.0.113.77 x y z\r\n")
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, said)
		}, []string{"203.0.113.77"}},
		{"proxy1 loopback v6", all(), func(c *capturetest.Capture, conn *capturetest.Conn) {
			conn.Send(C, "PROXY TCP6 2a02:8109:1234::77 2001:470:1:2::9 40001 5222\r\n")
			conn.Send(C, header)
			conn.Send(S, answer)
			conn.Send(C, said)
		}, []string{"2a02:8109:1234::77", "2001:470"}},
	} {
		t.Run(w.name, func(t *testing.T) {
			in := captured(t, func(c *capturetest.Capture) {
				conn := c.Connect("192.0.2.77:40001", "198.51.100.9:5222")
				conn.Open()
				w.talk(c, conn)
			})
			name := filepath.Join(t.TempDir(), "out")
			if err := File(t.Context(), open(in), name, w.o); err != nil {
				t.Fatal(err)
			}
			out, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range w.gone {
				if strings.Contains(string(out), text) {
					t.Errorf("%q is still there", text)
				}
			}
		})
	}
}
