package engine_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	gotls "crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"talktrace/capture/capturetest"
	"talktrace/dissect"
	"talktrace/dissect/engine"
	"talktrace/dissect/tls"
)

const (
	client = capturetest.Client
	server = capturetest.Server

	secretPassword = "open sesame"
)

// proxies are the handshakes that may stand in front of a conversation, and what
// they add to the Layers column.
var proxies = []struct {
	name, layers string
	handshake    []said
}{
	{"connect", ":http", []said{
		{client, "CONNECT capulet.example:443 HTTP/1.1\r\nHost: capulet.example\r\nProxy-Authorization: Basic " + secretPassword + "\r\n\r\n"},
		{server, "HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n"},
	}},
	{"socks5", ":socks5", []said{
		{client, "\x05\x01\x00"},
		{server, "\x05\x00"},
		{client, "\x05\x01\x00\x03\x0fcapulet.example\x01\xbb"},
		{server, "\x05\x00\x00\x01\xc0\x00\x02\x02\x9c\x40"},
	}},
	{"socks5 with a login", ":socks5", []said{
		{client, "\x05\x03\x00\x01\x02"},
		{server, "\x05\x02"},
		{client, "\x01\x05romeo\x0b" + secretPassword},
		{server, "\x01\x00"},
		{client, "\x05\x01\x00\x04\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x01\xbb"},
		{server, "\x05\x00\x00\x04\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x09\x9c\x40"},
	}},
	{"socks4", ":socks4", []said{
		{client, "\x04\x01\x01\xbb\xc0\x00\x02\x02" + secretPassword + "\x00"},
		{server, "\x00\x5a\x00\x00\x00\x00\x00\x00"},
	}},
	{"socks4a", ":socks4", []said{
		{client, "\x04\x01\x01\xbb\x00\x00\x00\x01" + secretPassword + "\x00capulet.example\x00"},
		{server, "\x00\x5a\x00\x00\x00\x00\x00\x00"},
	}},
	{"haproxy 1", ":proxy", []said{{client, "PROXY TCP6 2001:db8::7 2001:db8::1 51234 443\r\n"}}},
	{"haproxy 2", ":proxy", []said{
		{client, "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x1e\xcb\x00\x71\x07\xc6\x33\x64\x01\xc8\x22\x01\xbb\x02\x00\x0fcapulet.example"},
	}},
}

// talks are what goes through a proxy, with the keys that open it.
func talks(t *testing.T) map[string]talk {
	const streams = " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
	plain := []said{
		{client, "<?xml version='1.0'?><stream:stream to='capulet.example' version='1.0'" + streams + ">"},
		{server, "<stream:stream from='capulet.example' id='s1' version='1.0'" + streams + "><stream:features/>"},
		{client, "<message to='juliet@capulet.example' id='1'><body>Call me but love</body></message>"},
		{server, "<message from='juliet@capulet.example' id='2'><body>and I'll be new baptized</body></message>"},
		{client, "</stream:stream>"},
		{server, "</stream:stream>"},
	}
	return map[string]talk{"plain": {plain, nil}, "tls": sealed(t, plain)}
}

type talk struct {
	said []said
	keys *tls.Keys
}

// wire is an end of a connection that keeps what is written to it.
type wire struct {
	net.Conn
	from capturetest.Side
	to   *[]said
}

func (w wire) Write(b []byte) (int, error) {
	*w.to = append(*w.to, said{w.from, string(b)})
	return w.Conn.Write(b)
}

// sealed lets both sides speak within TLS, and returns what is on the wire.
func sealed(t *testing.T, plain []said) talk {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	model := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "capulet.example"}, NotAfter: time.Unix(1<<32, 0)}
	certificate, err := x509.CreateCertificate(rand.Reader, model, model, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	all := new([]said)
	a, b := net.Pipe() // the two take turns, so that all needs no lock
	config := &gotls.Config{
		InsecureSkipVerify: true, //nolint:gosec // nobody but this test is at the other end
		NextProtos:         []string{"xmpp-client"}, KeyLogWriter: &log, MinVersion: gotls.VersionTLS12, MaxVersion: gotls.VersionTLS12,
	}
	answering := &gotls.Config{
		Certificates: []gotls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}},
		NextProtos:   config.NextProtos, MaxVersion: gotls.VersionTLS12,
	}
	ends := [2]*gotls.Conn{gotls.Client(wire{a, client, all}, config), gotls.Server(wire{b, server, all}, answering)}
	done := make(chan error)
	go func() { done <- ends[server].Handshake() }()
	if err := ends[client].Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	for _, s := range plain {
		go func() {
			_, err := ends[s.from].Write([]byte(s.what))
			done <- err
		}()
		for left := len(s.what); left > 0; {
			n, err := ends[1-s.from].Read(make([]byte, left))
			if err != nil {
				t.Fatal(err)
			}
			left -= n
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	keys := tls.NewKeys()
	if _, err := keys.AddLog(&log); err != nil {
		t.Fatal(err)
	}
	return talk{*all, keys}
}

// heard traces what is said on a connection to a port that speaks for nothing. A
// connection that is joined late has no TCP handshake in the capture.
func heard(t *testing.T, parts []said, keys *tls.Keys, late bool) []*dissect.Event {
	t.Helper()
	c := capturetest.New()
	conn := c.Connect("192.0.2.1:40000", "192.0.2.9:9999")
	if !late {
		conn.Open()
	}
	for _, s := range parts {
		conn.Send(s.from, s.what)
	}
	return rows(t, c, engine.Options{Options: dissect.Options{XML: true, Names: true}, Keys: keys})
}

// told is what rows say, but for their place.
func told(all []*dissect.Event) []string {
	var lines []string
	for _, e := range all {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %s %d %d %q", e.Source(), e.Layers, e.Protocol, e.Kind, e.Info, e.Length, e.Missing, e.XML))
	}
	return lines
}

// forEachProxy runs a subtest for each proxy and what goes through it.
func forEachProxy(t *testing.T, test func(t *testing.T, layers string, handshake []said, inside talk)) {
	for name, inside := range talks(t) {
		for _, p := range proxies {
			t.Run(p.name+" "+name, func(t *testing.T) { test(t, p.layers, p.handshake, inside) })
		}
	}
}

// Behind a proxy there are the rows that there would be without it.
func TestProxyInside(t *testing.T) {
	forEachProxy(t, func(t *testing.T, layers string, handshake []said, inside talk) {
		var want, got []string
		for _, e := range heard(t, inside.said, inside.keys, false) {
			want = append(want, strings.Replace(e.Layers, "tcp", "tcp"+layers, 1)+fmt.Sprint(e.Protocol, e.Kind, e.Info, e.XML, e.FirstFrame+len(handshake)))
		}
		all := heard(t, slices.Concat(handshake, inside.said), inside.keys, false)
		for _, e := range all[min(len(handshake), len(all)):] {
			got = append(got, e.Layers+fmt.Sprint(e.Protocol, e.Kind, e.Info, e.XML, e.FirstFrame))
		}
		if len(want) < 7 || !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		for i, e := range all[:len(handshake)] {
			if e.Kind != dissect.KindProxy || e.Layers != "tcp"+layers || e.Length != len(handshake[i].what) || e.Frame != i+4 {
				t.Errorf("row %d is %+v", i, e)
			}
			if strings.Contains(string(e.Info), secretPassword) {
				t.Errorf("a secret: %s", e.Info)
			}
			if len(e.Names) > 0 && layers != ":proxy" {
				t.Errorf("the proxy is given the name %v", e.Names)
			}
		}
	})
}

// Wherever a segment of the handshake, or the first ones behind it, are cut, the
// rows are the same.
func TestProxyCuts(t *testing.T) {
	forEachProxy(t, func(t *testing.T, _ string, handshake []said, inside talk) {
		parts := slices.Concat(handshake, inside.said)
		want := told(heard(t, parts, inside.keys, false))
		for i, p := range parts {
			step := 1
			if i >= len(handshake) {
				step = 1 + len(p.what)/16
			}
			for at := 1; at < len(p.what); at += step {
				cut := slices.Concat(parts[:i], []said{{p.from, p.what[:at]}, {p.from, p.what[at:]}}, parts[i+1:])
				if got := told(heard(t, cut, inside.keys, false)); !slices.Equal(got, want) {
					t.Fatalf("part %d cut at %d: got\n%s\nwant\n%s", i, at, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		}
		var bytewise []said
		for _, p := range handshake {
			for _, b := range []byte(p.what) {
				bytewise = append(bytewise, said{p.from, string([]byte{b})})
			}
		}
		if got := told(heard(t, append(bytewise, inside.said...), inside.keys, false)); !slices.Equal(got, want) {
			t.Errorf("byte by byte: got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if got := told(heard(t, glued(parts), inside.keys, false)); !slices.Equal(got, want) {
			t.Errorf("glued: got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// A capture that begins within the handshake has no rows but those that a whole
// one has, and the conversation is found all the same.
func TestProxyLate(t *testing.T) {
	forEachProxy(t, func(t *testing.T, _ string, handshake []said, inside talk) {
		var whole []string
		for _, e := range heard(t, slices.Concat(handshake, inside.said), inside.keys, false) {
			whole = append(whole, fmt.Sprint(e.Sender, e.Kind, e.Info))
		}
		for k := range len(handshake) + 1 {
			all := heard(t, slices.Concat(handshake[k:], inside.said), inside.keys, true)
			if missing := len(whole) - len(all); missing > len(handshake) {
				t.Errorf("without the first %d: %d rows are missing", k, missing)
			}
			for _, e := range all {
				if !slices.Contains(whole, fmt.Sprint(e.Sender, e.Kind, e.Info)) {
					t.Errorf("without the first %d: %s %s: %s", k, e.Sender, e.Kind, e.Info)
				}
			}
		}
	})
}

// Whatever is lost of a handshake is said, no more and no less, and the
// conversation behind it is traced.
func TestProxyLoss(t *testing.T) {
	forEachProxy(t, func(t *testing.T, layers string, handshake []said, inside talk) {
		parts := slices.Concat(handshake, inside.said)
		for i, p := range handshake {
			for _, hole := range [][2]int{{0, len(p.what)}, {0, len(p.what) / 2}, {len(p.what) / 2, len(p.what)}, {1, len(p.what) - 1}} {
				if hole[0] >= hole[1] {
					continue
				}
				all := heardWith(t, parts, i, hole, inside.keys)
				lost, spoken := int64(0), 0
				for _, e := range all {
					if e.Kind == dissect.KindGap {
						lost += e.Missing
					}
					if e.Kind == "message" {
						spoken++
					}
					if e.Kind == dissect.KindMalformed || bytes.Contains(e.Info, []byte("sesame")) {
						t.Errorf("part %d without %v: %s: %s", i, hole, e.Kind, e.Info)
					}
				}
				const enough = 16
				if i == 0 && (hole[0] < enough || layers == ":socks4") {
					continue // it cannot be known for a handshake
				}
				if lost != int64(hole[1]-hole[0]) || spoken != 2 {
					t.Errorf("part %d without %v: %d bytes lost, %d messages\n%s", i, hole, lost, spoken, strings.Join(told(all), "\n"))
				}
			}
		}
	})
}

// heardWith traces what is said but for a hole in one part.
func heardWith(t *testing.T, parts []said, i int, hole [2]int, keys *tls.Keys) []*dissect.Event {
	t.Helper()
	c := capturetest.New()
	conn := c.Connect("192.0.2.1:40000", "192.0.2.9:9999")
	conn.Open()
	for n, s := range parts {
		if n == i {
			conn.Send(s.from, s.what[:hole[0]])
			conn.Lose(s.from, s.what[hole[0]:hole[1]])
			conn.Send(s.from, s.what[hole[1]:])
		} else {
			conn.Send(s.from, s.what)
		}
		for range 4 { // what is lost is soon known to be
			conn.Ack(1 - s.from)
		}
	}
	return rows(t, c, engine.Options{Options: dissect.Options{XML: true}, Keys: keys})
}
