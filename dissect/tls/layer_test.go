package tls

import (
	gotls "crypto/tls"
	"regexp"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

const helloRow = "ClientHello, SNI capulet.example, ALPN xmpp-client http/1.1, TLS 1.3 {192.0.2.2 is capulet.example}"

// withoutSizes takes the sizes out of rows, which depend on the version of
// crypto/tls.
func withoutSizes(rows []string) []string {
	size := regexp.MustCompile(` tls \d+|, \d+ bytes`)
	var out []string
	for _, row := range rows {
		out = append(out, size.ReplaceAllString(row, ""))
	}
	return out
}

// wantConversation holds the rows of a conversation against those wanted, and
// checks that they are the same wherever the bytes are cut and that no byte is
// left out.
func wantConversation(t *testing.T, parts []part, want ...string) {
	t.Helper()
	whole := trace(parts...)
	wantRows(t, withoutSizes(whole), want...)
	for n := 1; n < 300; n++ {
		wantRows(t, trace(cutInto(n, parts)...), whole...)
	}
	p := newPlayer()
	p.play(parts...)
	if rest := p.unaccounted(parts); rest != [2]int{} {
		t.Errorf("bytes that are in no row: %d", rest)
	}
}

func TestTLS12(t *testing.T) {
	c, s := configs(t, gotls.VersionTLS12)
	c.ClientSessionCache = gotls.NewLRUClientSessionCache(1)
	wantConversation(t, converse(t, c, s),
		"client TLSv1.3 "+helloRow,
		"server TLSv1.2 ServerHello TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS 1.2, ALPN xmpp-client",
		"server TLSv1.2 Certificate, 1 certificate, for capulet.example, Ed25519 256, until 2036-01-01",
		"server TLSv1.2 ServerKeyExchange, X25519",
		"server TLSv1.2 ServerHelloDone",
		"client TLSv1.2 ClientKeyExchange",
		"client TLSv1.2 ChangeCipherSpec",
		"client TLSv1.2 encrypted handshake message",
		"server TLSv1.2 NewSessionTicket",
		"server TLSv1.2 ChangeCipherSpec",
		"server TLSv1.2 encrypted handshake message",
		"server TLSv1.2 application data",
		"client TLSv1.2 application data")
	wantConversation(t, converse(t, c, s),
		"client TLSv1.3 "+helloRow,
		"server TLSv1.2 ServerHello TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS 1.2, ALPN xmpp-client, resumed",
		"server TLSv1.2 NewSessionTicket",
		"server TLSv1.2 ChangeCipherSpec",
		"server TLSv1.2 encrypted handshake message",
		"client TLSv1.2 ChangeCipherSpec",
		"client TLSv1.2 encrypted handshake message",
		"server TLSv1.2 application data",
		"client TLSv1.2 application data")
}

func TestTLS13(t *testing.T) {
	c, s := configs(t, gotls.VersionTLS13)
	c.ClientSessionCache = gotls.NewLRUClientSessionCache(1)
	wantConversation(t, converse(t, c, s),
		"client TLSv1.3 "+helloRow,
		"server TLSv1.3 ServerHello TLS_AES_128_GCM_SHA256, TLS 1.3, X25519",
		"server TLSv1.3 ChangeCipherSpec",
		"server TLSv1.3 application data", // EncryptedExtensions
		"server TLSv1.3 application data", // Certificate
		"server TLSv1.3 application data", // CertificateVerify
		"server TLSv1.3 application data", // Finished
		"server TLSv1.3 application data", // NewSessionTicket
		"client TLSv1.3 ChangeCipherSpec",
		"client TLSv1.3 application data", // Finished
		"server TLSv1.3 application data",
		"client TLSv1.3 application data")
	wantRows(t, withoutSizes(trace(converse(t, c, s)...)[:2]),
		"client TLSv1.3 "+helloRow,
		"server TLSv1.3 ServerHello TLS_AES_128_GCM_SHA256, TLS 1.3, X25519, PSK")
}

// A record is at the frame that completes it, and knows the frame it began in.
func TestFrames(t *testing.T) {
	p := newPlayer()
	two := slices.Concat(rec(applicationData, make([]byte, 20)...), rec(applicationData, make([]byte, 30)...))
	p.play(client(two[:3]...), client(two[3:10]...), client(two[10:28]...), client(two[28:]...), client(two...))
	var got [][2]int
	for _, e := range p.c.Events {
		got = append(got, [2]int{e.FirstFrame, e.Frame})
		if e.Time != playedAt.UnixNano()+int64(e.Frame)*1000 {
			t.Errorf("row at frame %d has time %d", e.Frame, e.Time)
		}
	}
	want := [][2]int{{1, 3}, {3, 4}, {5, 5}, {5, 5}}
	if !slices.Equal(got, want) {
		t.Errorf("frames %v, want %v", got, want)
	}
}

// serverHelloBody is that of a ServerHello without a session.
func serverHelloBody(random string, suite uint16, extensions ...byte) []byte {
	body := append([]byte{3, 3}, random...)
	body = append(body, 0, byte(suite>>8), byte(suite), 0)
	return append(append(body, byte(len(extensions)>>8), byte(len(extensions))), extensions...)
}

// After a HelloRetryRequest the client sends a ChangeCipherSpec and then its
// second hello in the clear.
func TestHelloRetryRequest(t *testing.T) {
	c, s := configs(t, gotls.VersionTLS13)
	hello := converse(t, c, s)[0]
	retry := serverHelloBody(retryRandom, 0x1301, 0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 24)
	wantRows(t, withoutSizes(trace(hello, server(rec(handshake, msg(serverHello, retry...)...)...),
		client(rec(changeCipherSpec, 1)...), hello)),
		"client TLSv1.3 "+helloRow,
		"server TLSv1.3 HelloRetryRequest, TLS 1.3, secp384r1",
		"client TLSv1.3 ChangeCipherSpec",
		"client TLSv1.3 "+helloRow)
}

// Messages and records need not end together.
func TestMessagesAndRecords(t *testing.T) {
	hello := msg(serverHello, serverHelloBody(strings.Repeat("r", 32), 0xffee)...)
	flight := slices.Concat(hello, msg(12, make([]byte, 300)...), msg(14))
	wantRows(t, trace(server(rec(handshake, flight...)...)),
		"server TLSv1.2 tls 357 ServerHello suite 0xffee, TLS 1.2; ServerKeyExchange; ServerHelloDone")
	wantRows(t, trace(
		server(rec(handshake, flight[:10]...)...), server(rec(handshake, flight[10:50]...)...),
		server(rec(handshake, flight[50:200]...)...), server(rec(handshake, flight[200:]...)...)),
		"server TLS tls 15 ServerHello (begins)",
		"server TLSv1.2 tls 45 ServerHello suite 0xffee, TLS 1.2; ServerKeyExchange (begins)",
		"server TLSv1.2 tls 155 ServerKeyExchange (continued)",
		"server TLSv1.2 tls 157 ServerKeyExchange; ServerHelloDone")
	many := slices.Concat(hello, slices.Repeat(msg(0), 9), msg(99, 1))
	wantRows(t, trace(server(rec(handshake, many...)...)),
		"server TLSv1.2 tls 90 ServerHello suite 0xffee, TLS 1.2"+strings.Repeat("; HelloRequest", 7)+"; and 3 more")
	wantRows(t, trace(server(rec(handshake, hello...)...), server(rec(handshake, msg(99, 1)...)...),
		server(rec(handshake)...)),
		"server TLSv1.2 tls 49 ServerHello suite 0xffee, TLS 1.2",
		"server TLSv1.2 tls 10 handshake message of type 99",
		"server TLSv1.2 tls 5 handshake, empty")
}

func TestAlerts(t *testing.T) {
	hello := server(rec(handshake, msg(serverHello, serverHelloBody(strings.Repeat("r", 32), 0x002f)...)...)...)
	wantRows(t, trace(server(rec(alert, 2, 50)...), client(rec(alert, 1, 0)...), client(rec(alert, 9, 199)...),
		hello, server(rec(changeCipherSpec, 1)...), server(rec(alert, make([]byte, 26)...)...),
		server(rec(alert, 2, 120)...), client(rec(alert, 2, 120)...), client(rec(heartbeat, make([]byte, 19)...)...)),
		"server TLS tls 7 alert: fatal decode_error",
		"client TLS tls 7 alert: warning close_notify",
		"client TLS tls 7 alert: level 9 199",
		"server TLSv1.2 tls 49 ServerHello TLS_RSA_WITH_AES_128_CBC_SHA, TLS 1.2",
		"server TLSv1.2 tls 6 ChangeCipherSpec",
		"server TLSv1.2 tls 31 encrypted alert",
		"server TLSv1.2 tls 7 encrypted alert",
		"client TLSv1.2 tls 7 alert: fatal no_application_protocol",
		"client TLSv1.2 tls 24 heartbeat")
}

func TestEnds(t *testing.T) {
	data := rec(applicationData, make([]byte, 100)...)
	p := newPlayer()
	p.play(client(data[:65]...), server(data[:3]...))
	p.end(dissect.EndRST)
	wantRows(t, p.rows(),
		"client TLS unfinished 65 missing 40 application data, 60 of 100 bytes",
		"client TCP end 0 connection reset by client",
		"server TLS unfinished 3 beginning of a record, 3 bytes")
	if first := p.c.Events[0].FirstFrame; first != 1 {
		t.Errorf("unfinished record began in frame %d, want 1", first)
	}
	p = newPlayer()
	p.play(client(data...), server(data...))
	p.end(dissect.EndCapture)
	if n := len(p.c.Events); n != 2 {
		t.Errorf("a quiet end gives %d rows, want none", n-2)
	}
}
