package scrub

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"talktrace/capture/capturetest"
	"talktrace/dissect"
	"talktrace/dissect/engine"
)

// TestCertificate expects nothing that names anybody to be left in a certificate,
// which can be read as before.
func TestCertificate(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	name := pkix.Name{
		CommonName: "capulet.example", Organization: []string{"House of Capulet"}, OrganizationalUnit: []string{"Orchard"},
		Locality: []string{"Verona"}, Country: []string{"IT"},
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(77), Subject: name, NotAfter: time.Unix(2e9, 0), DNSNames: []string{"*.capulet.example"},
		EmailAddresses: []string{"nurse@capulet.example"}, IPAddresses: []net.IP{{203, 0, 113, 77}},
	}, &x509.Certificate{Subject: name}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	r := newRedactor(all())
	chain := append([]byte{0, byte(len(der) >> 8), byte(len(der))}, bytes.Clone(der)...)
	r.chain(chain)
	now, err := x509.ParseCertificate(chain[3:])
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"capulet", "Capulet", "Orchard", "Verona", "nurse", "\xcb\x00\x71\x4d"} {
		if bytes.Contains(chain, []byte(gone)) {
			t.Errorf("%q is still there", gone)
		}
	}
	if now.NotAfter.Unix() != 2e9 || now.Subject.Country[0] != "IT" || len(now.DNSNames) != 1 || now.DNSNames[0][:2] != "*." {
		t.Errorf("became %+v", now)
	}
	for n := range chain { // broken ones do no harm
		r.chain(bytes.Clone(chain[:n]))
	}
}

// TestTornCertificate expects nothing to be left of certificates of which the capture
// lacks a part.
func TestTornCertificate(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	subject, issuer := pkix.Name{Organization: []string{"House of Capulet"}}, pkix.Name{Organization: []string{"Council of Verona"}}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(77), Subject: subject, NotAfter: time.Unix(2e9, 0)},
		&x509.Certificate{Subject: issuer}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	size := func(n int) string { return string([]byte{byte(n >> 16), byte(n >> 8), byte(n)}) }
	message := "\x0b" + size(len(der)+6) + size(len(der)+3) + size(len(der)) + string(der)
	record := "\x16\x03\x03" + size(len(message))[1:] + message
	between := (strings.Index(record, "Council") + strings.Index(record, "House")) / 2
	for name, lost := range map[string][2]int{
		"whole": {}, "its beginning": {0, 20}, "its end": {len(record) - 50, len(record)}, "its middle": {between, between + 4},
	} {
		t.Run(name, func(t *testing.T) {
			in := crafted(t, func(_ *capturetest.Capture, conn *capturetest.Conn) {
				conn.Send(capturetest.Client, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
				conn.Send(capturetest.Server, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
				conn.Send(capturetest.Client, "\x16\x03\x01\x00\x04\x01\x00\x00\x00")
				conn.Send(capturetest.Server, "\x16\x03\x03\x00\x04\x00\x00\x00\x00"+record[:lost[0]])
				conn.Lose(capturetest.Server, record[lost[0]:lost[1]])
				conn.Send(capturetest.Server, record[lost[1]:]+"\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x06abcdef")
				conn.Send(capturetest.Client, "\x17\x03\x03\x00\x06abcdef")
			})
			left := bytesOf(t, scrubbed(t, in, all()))
			for _, word := range []string{"Capulet", "Verona"} {
				if bytes.Contains(left, []byte(word)) {
					t.Errorf("%q is left", word)
				}
			}
		})
	}
}

// TestCertificates looks at those of a real session.
func TestCertificates(t *testing.T) {
	name := filepath.Join(captures, "starttls12-gcm.pcap")
	out := filepath.Join(t.TempDir(), "out.pcapng")
	if err := File(t.Context(), open(name), out, all()); err != nil {
		t.Fatal(err)
	}
	was, is := shown(t, open(name)), shown(t, open(out))
	if len(was) == 0 || len(was) != len(is) {
		t.Fatalf("%d certificates became %d", len(was), len(is))
	}
	for i := range was {
		if was[i].Subject == is[i].Subject || was[i].SHA256 == is[i].SHA256 || was[i].NotAfter != is[i].NotAfter || was[i].KeyBits != is[i].KeyBits {
			t.Errorf("%+v became %+v", was[i], is[i])
		}
	}
}

// shown returns the certificates that a capture shows.
func shown(t *testing.T, in Input) (all []dissect.Certificate) {
	src, err := in()
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	for e, err := range engine.Events(src, engine.Options{Options: dissect.Options{TLS: true}, Workers: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.TLS != nil {
			all = append(all, e.TLS.Certificates...)
		}
	}
	return all
}
