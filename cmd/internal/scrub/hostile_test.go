package scrub

import (
	"bytes"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"talktrace/capture/capturetest"
)

// TestHostile scrubs what nobody says by accident: it is scrubbed or refused.
func TestHostile(t *testing.T) {
	const client, server, token = capturetest.Client, capturetest.Server, "v3rys3cr3tt0ken"
	const body = "<body rid='1' to='capulet.example' xmlns='http://jabber.org/protocol/httpbind'>" + said + "</body>"
	request, granted := upgrade("")
	chunk := strconv.FormatInt(int64(len(body)), 16) + "\r\n" + body + "\r\n"
	packed := gzipped(body)
	for name, talk := range map[string]func(conn *capturetest.Conn){
		"a domain too short to look for": func(conn *capturetest.Conn) {
			conn.Send(client, header+"<message to='juliet@q.x'/>")
		},
		"letters whose small ones are shorter": func(conn *capturetest.Conn) {
			conn.Send(client, header+"<message to='İsmail@capulet.example'/>")
		},
		"a message in frames without bytes": func(conn *capturetest.Conn) {
			conn.Send(client, request)
			conn.Send(server, granted)
			conn.Send(client, wsFrame(0x81, true, open5)+wsFrame(0x01, true, "")+wsFrame(0x80, true, "")+wsFrame(0x81, true, said))
		},
		"a head that is no UTF-8": func(conn *capturetest.Conn) {
			conn.Send(client, "POST /http-bind HTTP/1.1\r\nX-A: "+strings.Repeat("\xff", 300)+"\r\nContent-Encoding: gzip\r\nContent-Length: "+
				strconv.Itoa(len(packed))+"\r\n\r\n"+packed)
		},
		"a trailer without its end": func(conn *capturetest.Conn) {
			conn.Send(client, "POST /http-bind HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"+chunk+"0\r\nX-Auth-Token: "+token+"\r\n")
		},
		"a chunk without its end": func(conn *capturetest.Conn) {
			conn.Send(client, "POST /http-bind HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"+chunk+"5;t="+token)
		},
		"a request behind an empty line": func(conn *capturetest.Conn) {
			conn.Send(client, "\r\nPOST /http-bind?"+token+"&a=b:c HTTP/1.1\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+body)
		},
		"half a login at a proxy": func(conn *capturetest.Conn) {
			conn.Send(client, "\x05\x01\x02")
			conn.Send(server, "\x05\x02")
			conn.Send(client, "\x01\x04user")
			conn.Lose(client, "\x04pass")
			conn.Send(server, "\x01\x00\x05\x00\x00\x01\x01\x02\x03\x04\x14\x66"+answer)
			conn.Send(client, header+said)
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := captured(t, func(c *capturetest.Capture) {
				conn := c.Connect("192.0.2.77:40001", "198.51.100.9:5280")
				conn.Open()
				talk(conn)
			})
			out := filepath.Join(t.TempDir(), "out.pcapng")
			err := File(t.Context(), open(in), out, all())
			if refused := (*RefusedError)(nil); errors.As(err, &refused) {
				t.Log(err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range []string{token, "orchard", "smail"} {
				if bytes.Contains(bytesOf(t, out), []byte(word)) {
					t.Errorf("%q is left", word)
				}
			}
		})
	}
}

// TestBegunByServer scrubs addresses where the first frame is the server's: the check
// has to see again which side is which.
func TestBegunByServer(t *testing.T) {
	in := captured(t, func(c *capturetest.Capture) {
		conn := c.Connect("192.0.2.77:40001", "198.51.100.9:1080")
		conn.Ack(capturetest.Server)
		conn.Send(capturetest.Client, "\x04\x01\x14\x66\x00\x00\x00\x01user\x00a.example\x00")
		conn.Send(capturetest.Server, "\x00\x5a\x00\x00\x00\x00\x00\x00")
		conn.Send(capturetest.Client, header)
		conn.Send(capturetest.Server, answer)
		conn.Send(capturetest.Client, said)
	})
	scrubbed(t, in, Options{Addresses: true})
}
