package tls

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	gotls "crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"os"
	"slices"
	"testing"
	"time"

	"talktrace/dissect"
)

// part is something that happens to a layer: bytes of one side, or a gap where
// lost is not 0.
type part struct {
	from dissect.Sender
	data []byte
	lost int64
}

// playedAt is when conversations begin.
var playedAt = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)

// player hands parts to a layer; each comes in a frame of its own.
type player struct {
	l *Layer
	c dissect.Context
}

func newPlayer() *player {
	p := &player{l: New("tcp", Options{})}
	p.c.Options.Names, p.c.Options.TLS = true, true
	p.c.Time = playedAt.UnixNano()
	p.c.Conn = &dissect.Conn{Addr: [2]netip.AddrPort{
		netip.MustParseAddrPort("192.0.2.1:40000"), netip.MustParseAddrPort("192.0.2.2:5222"),
	}}
	return p
}

func (p *player) play(parts ...part) {
	for _, part := range parts {
		p.c.Frame++
		p.c.Time += 1000
		if part.lost > 0 {
			p.l.Gap(&p.c, part.from, part.lost)
			continue
		}
		// The layer must not keep what it is given.
		data := slices.Clone(part.data)
		p.l.Data(&p.c, part.from, dissect.Bytes{Data: data, Frame: p.c.Frame, Time: p.c.Time})
		clear(data)
	}
}

// end ends both sides.
func (p *player) end(how dissect.End) {
	p.c.Frame++
	p.l.End(&p.c, dissect.Client, how)
	p.l.End(&p.c, dissect.Server, how)
}

// rows are the events without their places.
func (p *player) rows() []string {
	var rows []string
	for i := range p.c.Events {
		e := &p.c.Events[i]
		row := fmt.Sprintf("%s %s %s %d", e.Sender, e.Protocol, e.Kind, e.Length)
		if e.Missing > 0 {
			row += fmt.Sprintf(" missing %d", e.Missing)
		}
		row += " " + string(e.Info)
		for _, n := range e.Names {
			row += fmt.Sprintf(" {%s is %s}", n.Addr, n.Name)
		}
		if e.Layers != "tcp:tls" {
			row += " in " + e.Layers
		}
		rows = append(rows, row)
	}
	return rows
}

// unaccounted returns how many bytes of each side are in no row.
func (p *player) unaccounted(parts []part) [2]int {
	var rest [2]int
	for _, part := range parts {
		rest[part.from] += len(part.data)
	}
	for _, e := range p.c.Events {
		rest[e.Sender] -= e.Length
		if e.Kind == dissect.KindTLS {
			rest[e.Sender] += int(e.Missing)
		}
	}
	return rest
}

// trace plays parts to their end and returns the rows.
func trace(parts ...part) []string {
	p := newPlayer()
	p.play(parts...)
	p.end(dissect.EndFIN)
	return p.rows()
}

// cutInto cuts the bytes of all parts into pieces of n bytes at most.
func cutInto(n int, parts []part) []part {
	var pieces []part
	for _, p := range parts {
		if p.lost > 0 {
			pieces = append(pieces, p)
		}
		for piece := range slices.Chunk(p.data, n) {
			pieces = append(pieces, part{from: p.from, data: piece})
		}
	}
	return pieces
}

// join makes one part of neighbours from the same side.
func join(parts []part) []part {
	var joined []part
	for _, p := range parts {
		if n := len(joined); n > 0 && joined[n-1].from == p.from {
			joined[n-1].data = slices.Concat(joined[n-1].data, p.data)
			continue
		}
		joined = append(joined, p)
	}
	return joined
}

func client(data ...byte) part { return part{from: dissect.Client, data: data} }
func server(data ...byte) part { return part{from: dissect.Server, data: data} }

// rec makes a record of TLS 1.2.
func rec(contentType byte, content ...byte) []byte {
	return append([]byte{contentType, 3, 3, byte(len(content) >> 8), byte(len(content))}, content...)
}

// msg makes a handshake message.
func msg(messageType byte, body ...byte) []byte {
	n := len(body)
	return append([]byte{messageType, byte(n >> 16), byte(n >> 8), byte(n)}, body...)
}

func wantRows(t *testing.T, got []string, want ...string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("row %d\n got %s\nwant %s", i, g, w)
		}
	}
}

// tap keeps what goes through a connection, as its client sees it.
type tap struct {
	net.Conn
	parts *[]part
}

func (t tap) Read(b []byte) (int, error) {
	n, err := t.Conn.Read(b)
	if n > 0 {
		*t.parts = append(*t.parts, server(slices.Clone(b[:n])...))
	}
	return n, err
}

func (t tap) Write(b []byte) (int, error) {
	*t.parts = append(*t.parts, client(slices.Clone(b)...))
	return t.Conn.Write(b)
}

// converse lets a client and a server of crypto/tls shake hands and say a word
// each, the server first, and returns what went over the wire.
func converse(t testing.TB, client, server *gotls.Config) []part {
	t.Helper()
	near, far := net.Pipe()
	defer near.Close()
	var parts []part
	done := make(chan error, 1)
	go func() {
		defer far.Close()
		s := gotls.Server(far, server)
		_, err := s.Write([]byte("<greeting/>"))
		if err == nil {
			_, err = io.ReadFull(s, make([]byte, 9))
		}
		done <- err
	}()
	c := gotls.Client(tap{near, &parts}, client)
	if _, err := io.ReadFull(c, make([]byte, 11)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("<answer/>")); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return join(parts)
}

// configs returns configurations that always give records of the same sizes.
func configs(t testing.TB, version uint16) (client, server *gotls.Config) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	born := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "capulet.example"},
		NotBefore: born, NotAfter: born.AddDate(10, 0, 0), DNSNames: []string{"capulet.example"},
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return born.AddDate(0, 1, 0) }
	server = &gotls.Config{
		Certificates: []gotls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		MinVersion:   version, MaxVersion: version, Time: now,
		NextProtos: []string{"xmpp-client"}, CurvePreferences: []gotls.CurveID{gotls.X25519},
	}
	client = &gotls.Config{
		InsecureSkipVerify: true, ServerName: "capulet.example", MinVersion: version, Time: now,
		NextProtos:       []string{"xmpp-client", "http/1.1"},
		CurvePreferences: []gotls.CurveID{gotls.X25519, gotls.CurveP384},
		CipherSuites:     []uint16{gotls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
	}
	return client, server
}

// certificatesOf returns certificates with an ECDSA and an RSA key, always of
// the same sizes.
func certificatesOf(t testing.TB) (withECDSA, withRSA gotls.Certificate) {
	t.Helper()
	named := func(key crypto.Signer) gotls.Certificate {
		born := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "capulet.example"}, NotBefore: born, NotAfter: born.AddDate(10, 0, 0)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		return gotls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	}
	onCurve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(recorded + "/server.key")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(file)
	ofRSA, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return named(onCurve), named(ofRSA)
}
