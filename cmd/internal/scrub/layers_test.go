package scrub

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"talktrace/capture/capturetest"
)

// squeezed returns text compressed by zlib, flushed but not ended.
func squeezed(text string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Flush()
	return b.String()
}

// compressor compresses messages of WebSocket that refer to each other.
type compressor struct {
	b bytes.Buffer
	w *flate.Writer
}

func newCompressor() *compressor {
	c := &compressor{}
	c.w, _ = flate.NewWriter(&c.b, 9)
	return c
}

func (c *compressor) message(text string) string {
	c.b.Reset()
	_, _ = c.w.Write([]byte(text))
	_ = c.w.Flush()
	return strings.TrimSuffix(c.b.String(), "\x00\x00\xff\xff")
}

// wsFrame returns a frame; a mask of the client's is "abcd".
func wsFrame(first byte, client bool, payload string) string {
	out := []byte{first}
	if n := len(payload); n < 126 {
		out = append(out, byte(n))
	} else {
		out = append(out, 126, byte(n>>8), byte(n))
	}
	b := []byte(payload)
	if client {
		out[1] |= 0x80
		out = append(out, "abcd"...)
		for i := range b {
			b[i] ^= "abcd"[i&3]
		}
	}
	return string(append(out, b...))
}

const (
	said  = "<message to='nurse@capulet.example' id='m1'><body>meet me at the orchard wall</body></message>"
	login = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
	open5 = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='capulet.example' version='1.0'/>"
)

func upgrade(extensions string) (request, answer string) {
	request = "GET /ws?token=v3rys3cr3tt0ken HTTP/1.1\r\nHost: capulet.example:5280\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Cookie: session=c00kiem0nster\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n" + extensions + "\r\n"
	answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: xmpp\r\n" + extensions + "\r\n"
	return request, answer
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

// TestLayers scrubs what travels inside of something.
func TestLayers(t *testing.T) {
	const client, server = capturetest.Client, capturetest.Server
	plain := base64.StdEncoding.EncodeToString([]byte("\x00juliet\x00" + secret))
	stream := func(conn *capturetest.Conn) {
		conn.Send(client, header)
		conn.Send(server, answer)
		conn.Send(client, opening+secret+closing)
		conn.Send(client, said)
		conn.Send(server, said)
	}
	talks := map[string]func(conn *capturetest.Conn){
		"WebSocket": func(conn *capturetest.Conn) {
			request, answer := upgrade("")
			conn.Send(client, request)
			conn.Send(server, answer)
			conn.Send(client, wsFrame(0x81, true, open5))
			conn.Send(client, wsFrame(0x81, true, login+plain+"</auth>"))
			conn.Send(server, wsFrame(0x81, false, said))
			conn.Send(client, wsFrame(0x01, true, said[:40])+wsFrame(0x89, true, "ping")+wsFrame(0x80, true, said[40:]))
			conn.Send(server, wsFrame(0x88, false, "\x03\xe8capulet.example"))
		},
		"compressed WebSocket": func(conn *capturetest.Conn) {
			request, answer := upgrade("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n")
			conn.Send(client, request)
			conn.Send(server, answer)
			c, s := newCompressor(), newCompressor()
			conn.Send(client, wsFrame(0xc1, true, c.message(open5)))
			conn.Send(client, wsFrame(0xc1, true, c.message(login+plain+"</auth>")))
			for range 3 {
				conn.Send(server, wsFrame(0xc1, false, s.message(said)))
			}
			m := c.message(strings.Repeat(said, 1))
			conn.Send(client, wsFrame(0x41, true, m[:9])+wsFrame(0x80, true, m[9:]))
			conn.Send(server, wsFrame(0x81, false, said)+wsFrame(0xc1, false, s.message("<message><body>"+strings.Repeat("meet me at the orchard wall, ", 99)+"</body></message>")))
		},
		"BOSH": func(conn *capturetest.Conn) {
			post := func(text string) string {
				return fmt.Sprintf("POST /http-bind HTTP/1.1\r\nHost: capulet.example\r\nAuthorization: Basic %s\r\nContent-Length: %d\r\n\r\n%s",
					base64.StdEncoding.EncodeToString([]byte("juliet:"+secret)), len(text), text)
			}
			const ok = "HTTP/1.1 200 OK\r\nSet-Cookie: id=c00kiem0nster; path=/\r\n"
			conn.Send(client, post("<body xmlns='http://jabber.org/protocol/httpbind' rid='99' to='capulet.example' wait='60' hold='1'/>"))
			conn.Send(server, ok+"Transfer-Encoding: chunked\r\n\r\n1e\r\n<body xmlns='http://jabber.org\r\n29;x=y\r\n/protocol/httpbind' sid='s3ss10n1d2345'/>\r\n0\r\nServer-Timing: x\r\n\r\n")
			conn.Send(client, post("<body xmlns='http://jabber.org/protocol/httpbind' rid='100' sid='s3ss10n1d2345'>"+login+plain+"</auth></body>"))
			text := gzipped("<body xmlns='http://jabber.org/protocol/httpbind'>" + said + "</body>")
			conn.Send(server, ok+fmt.Sprintf("Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(text), text))
			conn.Send(client, post("<body xmlns='http://jabber.org/protocol/httpbind' rid='101' sid='s3ss10n1d2345'>"+said+"</body>"))
			conn.Send(server, ok+fmt.Sprintf("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", 20, text[:20], len(text)-20, text[20:]))
			conn.Send(client, post("password="+secret))
		},
		"zlib": func(conn *capturetest.Conn) {
			conn.Send(client, header)
			conn.Send(server, answer)
			conn.Send(client, "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
			conn.Send(server, "<compressed xmlns='http://jabber.org/protocol/compress'/>")
			conn.Send(client, squeezed(header+opening+secret+closing+strings.Repeat(said, 20)))
			conn.Send(server, squeezed(answer+said))
			conn.Back(client, 30, squeezed(header + opening + secret + closing + strings.Repeat(said, 20))[len(squeezed(header+opening+secret+closing+strings.Repeat(said, 20)))-30:])
		},
		"SOCKS 5": func(conn *capturetest.Conn) {
			conn.Send(client, "\x05\x02\x00\x02")
			conn.Send(server, "\x05\x02")
			conn.Send(client, "\x01\x06juliet\x0d"+secret)
			conn.Send(server, "\x01\x00")
			conn.Send(client, "\x05\x01\x00\x03\x0fcapulet.example\x14\x66")
			conn.Send(server, "\x05\x00\x00\x01\xcb\x00\x71\x05\x14\x66")
			stream(conn)
		},
		"SOCKS 4a": func(conn *capturetest.Conn) {
			conn.Send(client, "\x04\x01\x14\x66\x00\x00\x00\x01"+secret+"\x00capulet.example\x00")
			conn.Send(server, "\x00\x5a\x00\x00\x00\x00\x00\x00")
			stream(conn)
		},
		"CONNECT": func(conn *capturetest.Conn) {
			conn.Send(client, "CONNECT capulet.example:5222 HTTP/1.1\r\nHost: capulet.example:5222\r\n\r\n")
			conn.Send(server, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 5\r\n\r\nsorry")
			conn.Send(client, "CONNECT capulet.example:5222 HTTP/1.1\r\nProxy-Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte("juliet:"+secret))+"\r\n\r\n")
			conn.Send(server, "HTTP/1.1 200 Connection established\r\n\r\n")
			stream(conn)
		},
		"PROXY 1": func(conn *capturetest.Conn) {
			conn.Send(client, "PROXY TCP4 203.0.113.77 198.51.100.9 40001 5222\r\n")
			stream(conn)
		},
		"PROXY 2": func(conn *capturetest.Conn) {
			conn.Send(client, signature2+"\x21\x11\x00\x1e\xcb\x00\x71\x4d\xc6\x33\x64\x09\x9c\x41\x14\x66\x02\x00\x0fcapulet.example")
			stream(conn)
		},
	}
	for name, talk := range talks {
		for _, mss := range []int{1460, 11, 1} {
			t.Run(fmt.Sprintf("%s by %d", name, mss), func(t *testing.T) {
				in := captured(t, func(c *capturetest.Capture) {
					conn := c.Connect("192.0.2.77:40001", "198.51.100.9:5222")
					conn.Open()
					conn.MSS = mss
					talk(conn)
				})
				sameRows(t, in, scrubbed(t, in, Options{}))
				out := scrubbed(t, in, all())
				absent(t, out, []string{
					secret, plain, "c00kiem0nster", "v3rys3cr3tt0ken", "s3ss10n1d2345", "capulet.example", "nurse@capulet",
					"meet me at the orchard", "203.0.113.77", "198.51.100.9",
				})
				sumsOf(t, out)
			})
		}
	}
}

// TestLossInLayers expects what is behind a loss never to be left as it was.
func TestLossInLayers(t *testing.T) {
	const client = capturetest.Client
	request, reply := upgrade("")
	for name, talk := range map[string]func(conn *capturetest.Conn){
		"WebSocket": func(conn *capturetest.Conn) {
			conn.Send(client, request)
			conn.Send(capturetest.Server, reply)
			conn.Send(client, wsFrame(0x81, true, open5))
			conn.Lose(client, wsFrame(0x81, true, "<presence/>"))
			conn.Send(client, wsFrame(0x81, true, opening+secret+closing))
			conn.Send(capturetest.Server, wsFrame(0x81, false, said)[:50])
			conn.Lose(capturetest.Server, wsFrame(0x81, false, said)[50:60])
			conn.Send(capturetest.Server, wsFrame(0x81, false, said)[60:]+wsFrame(0x81, false, said))
			conn.Send(capturetest.Server, wsFrame(0x81, false, said))
			conn.Ack(client)
		},
		"zlib": func(conn *capturetest.Conn) {
			conn.Send(client, header)
			conn.Send(client, "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
			conn.Send(capturetest.Server, answer+"<compressed xmlns='http://jabber.org/protocol/compress'/>")
			all := squeezed(header + opening + secret + closing + said)
			conn.Send(client, all[:50])
			conn.Lose(client, all[50:60])
			conn.Send(client, all[60:])
		},
		"HTTP": func(conn *capturetest.Conn) {
			conn.Send(client, "POST /http-bind HTTP/1.1\r\nContent-Length: 99\r\n\r\n<body xmlns='http://jabber.org/protocol/httpbind' rid='1'>")
			conn.Lose(client, opening)
			conn.Send(client, secret+closing)
			conn.Send(client, "POST /http-bind HTTP/1.1\r\nContent-Length: 86\r\n\r\n<body xmlns='http://jabber.org/protocol/httpbind' rid='2' sid='s3ss10n1d2345'></body>\r\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := captured(t, func(c *capturetest.Capture) {
				conn := c.Connect("192.0.2.77:40001", "198.51.100.9:5222")
				conn.Open()
				talk(conn)
			})
			sameRows(t, in, scrubbed(t, in, Options{}))
			absent(t, scrubbed(t, in, all()), []string{secret, "capulet.example", "orchard wall"})
		})
	}
}
