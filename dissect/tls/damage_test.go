package tls

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

func clientGap(n int64) part { return part{from: dissect.Client, lost: n} }

// noise has no record header in it.
var noise = bytes.Repeat([]byte{0x17, 0x02, 0x16, 0x03}, 10)

// A gap that ends within the record it began in leaves the borders known.
func TestGapInsideRecord(t *testing.T) {
	data := rec(applicationData, make([]byte, 100)...)
	wantRows(t, trace(client(data[:65]...), clientGap(30), client(data[95:]...), client(data...)),
		"client TCP gap 0 missing 30 30 bytes of the client lost",
		"client TLS tls 105 missing 30 application data, 100 bytes, 30 of them lost",
		"client TLS tls 105 application data, 100 bytes")
	wantRows(t, trace(client(data[:65]...), clientGap(10), clientGap(30), client(data...)),
		"client TCP gap 0 missing 10 10 bytes of the client lost",
		"client TCP gap 0 missing 30 30 bytes of the client lost",
		"client TLS tls 105 missing 40 application data, 100 bytes, 40 of them lost",
		"client TLS tls 105 application data, 100 bytes")
	wantRows(t, trace(client(data[:65]...), clientGap(10), client(data[75:80]...)),
		"client TCP gap 0 missing 10 10 bytes of the client lost",
		"client TLS unfinished 70 missing 35 application data, 65 of 100 bytes")
}

// A gap over a record's end makes the layer search for the next record.
func TestGapOverBorder(t *testing.T) {
	data := rec(applicationData, make([]byte, 100)...)
	rest := slices.Concat(noise, data, data)
	want := []string{
		"client TCP gap 0 missing 200 200 bytes of the client lost",
		"client TLS tls 105 missing 40 application data, 100 bytes, 40 of them lost",
		"client TLS malformed 40 parts of records cut by the loss: 40 bytes",
		"client TLS tls 105 application data, 100 bytes",
		"client TLS tls 105 application data, 100 bytes",
	}
	wantRows(t, trace(client(data[:65]...), clientGap(200), client(rest...)), want...)
	for n := 1; n < len(rest); n++ {
		parts := []part{client(data[:65]...), clientGap(200), client(rest[:n]...), client(rest[n:]...)}
		wantRows(t, trace(parts...), want...)
	}
	wantRows(t, trace(client(data[:4]...), clientGap(200), client(data...)),
		"client TCP gap 0 missing 200 200 bytes of the client lost",
		"client TLS malformed 4 parts of records cut by the loss: 4 bytes",
		"client TLS tls 105 application data, 100 bytes")
	wantRows(t, trace(clientGap(7), client(noise...), clientGap(8), client(noise...)),
		"client TCP gap 0 missing 7 7 bytes of the client lost",
		"client TLS malformed 40 parts of records cut by the loss: 40 bytes",
		"client TCP gap 0 missing 8 8 bytes of the client lost",
		"client TLS malformed 40 parts of records cut by the loss: 40 bytes")
}

// A header that points to something that is no header was none.
func TestSearchMistrusts(t *testing.T) {
	data := rec(applicationData, make([]byte, 100)...)
	decoy := append(rec(applicationData, make([]byte, 50)...), noise...)
	p := newPlayer()
	p.play(clientGap(1), client(decoy[:60]...), client(decoy[60:]...), client(data[:90]...), client(data[90:]...))
	p.end(dissect.EndFIN)
	wantRows(t, p.rows(),
		"client TCP gap 0 missing 1 1 byte of the client lost",
		"client TLS malformed 95 parts of records cut by the loss: 95 bytes",
		"client TLS tls 105 application data, 100 bytes")
	if e := p.c.Events[1]; e.FirstFrame != 2 {
		t.Errorf("the bytes passed over began in frame %d, want 2", e.FirstFrame)
	}
	if e := p.c.Events[2]; e.FirstFrame != 4 || e.Frame != 5 {
		t.Errorf("the record is at frames %d to %d, want 4 to 5", e.FirstFrame, e.Frame)
	}
}

// What the ChangeCipherSpec that was lost would have told is seen from the
// messages.
func TestEncryptedAfterGap(t *testing.T) {
	secret := bytes.Repeat([]byte{0x5a, 0xc3}, 20)
	hello := msg(serverHello, serverHelloBody(strings.Repeat("r", 32), 0x002f)...)
	wantRows(t, trace(clientGap(100), client(rec(handshake, secret...)...), client(rec(handshake, msg(14)...)...),
		server(rec(handshake, secret...)...), server(rec(handshake, hello...)...)),
		"client TCP gap 0 missing 100 100 bytes of the client lost",
		"client TLS tls 45 encrypted handshake message, 40 bytes",
		"client TLS tls 9 ServerHelloDone",
		"server TLS tls 45 encrypted handshake message, 40 bytes",
		"server TLSv1.2 tls 49 ServerHello TLS_RSA_WITH_AES_128_CBC_SHA, TLS 1.2")
	// A hello is in the clear, and so is what comes next.
	exchange := msg(12, make([]byte, 50)...)
	wantRows(t, trace(part{from: dissect.Server, lost: 100}, server(rec(handshake, hello...)...),
		server(rec(handshake, exchange[:20]...)...), server(rec(handshake, exchange[20:]...)...),
		clientGap(100), client(rec(handshake, secret...)...)),
		"server TCP gap 0 missing 100 100 bytes of the server lost",
		"server TLSv1.2 tls 49 ServerHello TLS_RSA_WITH_AES_128_CBC_SHA, TLS 1.2",
		"server TLSv1.2 tls 25 ServerKeyExchange (begins)",
		"server TLSv1.2 tls 39 ServerKeyExchange",
		"client TCP gap 0 missing 100 100 bytes of the client lost",
		"client TLSv1.2 tls 45 encrypted handshake message, 40 bytes")
}

func TestNotTLS(t *testing.T) {
	data := rec(applicationData, make([]byte, 100)...)
	text := []byte("<stream:stream to='capulet.example'>")
	wantRows(t, trace(client(text...), client(text...), client(data...), client(text...), server(text...)),
		"client TLS malformed 72 not TLS: 72 bytes",
		"client TLS tls 105 application data, 100 bytes",
		"client TLS malformed 36 not TLS: 36 bytes",
		"server TLS malformed 36 not TLS: 36 bytes")
	long := []byte{handshake, 3, 1, (maxContent + 1) >> 8, (maxContent + 1) & 0xff}
	wantRows(t, trace(client(long...)), "client TLS malformed 5 not TLS: 5 bytes")
}

// Lengths are only believed as far as bytes come.
func TestHostileLengths(t *testing.T) {
	p := newPlayer()
	p.play(client(handshake, 3, 3, maxContent>>8, maxContent&0xff, 1, 0xff, 0xff, 0xff))
	if n := cap(p.l.sides[dissect.Client].held.b); n > 64 {
		t.Errorf("9 bytes hold %d", n)
	}
	// A message that is too long is passed over; what follows is read.
	huge := msg(certificate, make([]byte, maxMessage-messageHeader+1)...)
	hello := msg(serverHello, serverHelloBody(strings.Repeat("r", 32), 0x002f)...)
	parts := []part{server(rec(handshake, hello...)...)}
	for piece := range slices.Chunk(huge, 16<<10) {
		parts = append(parts, server(rec(handshake, piece...)...))
	}
	p = newPlayer()
	p.play(append(parts, server(rec(handshake, msg(14)...)...))...)
	rows := p.rows()
	if n := cap(p.l.sides[dissect.Server].messages.part); n > 0 {
		t.Errorf("a message too long to keep holds %d bytes", n)
	}
	if want := "server TLSv1.2 tls 16389 Certificate (begins)"; rows[1] != want {
		t.Errorf("got %s, want %s", rows[1], want)
	}
	for _, row := range rows[2 : len(rows)-1] {
		if !strings.HasSuffix(row, "Certificate (continued)") {
			t.Errorf("got %s", row)
		}
	}
	if want := "server TLSv1.2 tls 9 ServerHelloDone"; rows[len(rows)-1] != want {
		t.Errorf("got %s, want %s", rows[len(rows)-1], want)
	}
	// One that is just not too long is read.
	row := ""
	for piece := range slices.Chunk(huge[:maxMessage], 16<<10) {
		if row == "" {
			piece[3]-- // the last byte of the length
		}
		p.c.Events = p.c.Events[:0]
		p.play(server(rec(handshake, piece...)...))
		row = p.rows()[0]
	}
	if want := "server TLSv1.2 tls 16389 Certificate, 0 certificates"; row != want {
		t.Errorf("got %s, want %s", row, want)
	}
	// Lists that lie about their length.
	for n := range hello[messageHeader:] {
		cutHello := msg(serverHello, hello[messageHeader:messageHeader+n]...)
		row := trace(server(rec(handshake, cutHello...)...))[0]
		if whole := n >= 2+32+1+2+1; whole != strings.Contains(row, "TLS_RSA") || whole == strings.Contains(row, "malformed") {
			t.Errorf("a ServerHello of %d bytes: %s", n, row)
		}
	}
	wantRows(t, trace(parts[0], server(rec(handshake, msg(certificate, 0xff, 0xff, 0xff, 0, 0, 1, 7, 0, 9)...)...),
		server(rec(handshake, msg(certificate, 0, 0, 0)...)...)),
		"server TLSv1.2 tls 49 ServerHello TLS_RSA_WITH_AES_128_CBC_SHA, TLS 1.2",
		"server TLSv1.2 tls 18 Certificate, 1 certificate",
		"server TLSv1.2 tls 12 Certificate, 0 certificates")
}
