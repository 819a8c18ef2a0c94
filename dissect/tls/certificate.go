package tls

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"strings"
	"time"

	"talktrace/dissect"
)

// Certificate is what the first certificate of a chain says, the one of the
// endpoint itself. Where it cannot be read, only its hash is known. It owns all
// its memory.
type Certificate struct {
	SHA256    [32]byte
	Subject   string // the common name, else the whole name
	Issuer    string
	DNSNames  []string
	XMPPAddrs []string // RFC 6120 section 13.7.1.4
	SRVNames  []string // RFC 4985, such as _xmpp-client.capulet.example
	NotBefore time.Time
	NotAfter  time.Time
	KeyType   string // RSA, ECDSA, Ed25519
	KeyBits   int
	Chain     int // certificates that were sent along with it, itself included
}

// What is kept of a certificate's names.
const (
	maxCommonName = 128 // bytes; RFC 5280 allows 64 characters
	maxAltNames   = 16
)

// certificates describes a Certificate message (RFC 5246 section 7.4.2, RFC 8446
// section 4.4.2): how many there are, and what the first one says.
func (l *Layer) certificates(c *dissect.Context, dst []byte, from dissect.Sender, body []byte) []byte {
	r := reader{b: body}
	if l.is13() {
		r.vector(1) // what a server called its request
	}
	list := r.vectorAsFar(3)
	var leaf []byte
	n := 0
	for len(list.b) > 0 {
		one := list.vector(3)
		if l.is13() {
			list.vector(2) // its extensions
		}
		if list.short {
			break
		}
		if n++; n == 1 {
			leaf = one.b
		}
	}
	dst = appendCount(append(dst, "Certificate, "...), n, "certificate")
	if n == 0 {
		return dst
	}
	cert := readCertificate(leaf)
	cert.Chain = n
	l.certs[from] = cert
	l.judge(cert, time.Unix(0, c.Time))
	return cert.append(dst)
}

// append describes a certificate.
func (cert *Certificate) append(dst []byte) []byte {
	if name := cert.name(); name != "" {
		dst = append(append(dst, ", for "...), name...)
	}
	if cert.Issuer != "" && cert.Issuer != cert.Subject {
		dst = append(append(dst, ", by "...), cert.Issuer...)
	}
	if cert.KeyType != "" {
		dst = fmt.Appendf(dst, ", %s %d", cert.KeyType, cert.KeyBits)
	}
	if !cert.NotAfter.IsZero() {
		dst = cert.NotAfter.UTC().AppendFormat(append(dst, ", until "...), time.DateOnly)
	}
	return dst
}

// name returns whom a certificate is for, in one name.
func (cert *Certificate) name() string {
	if cert.Subject != "" {
		return cert.Subject
	}
	for _, names := range [][]string{cert.DNSNames, cert.XMPPAddrs, cert.SRVNames} {
		if len(names) > 0 {
			return names[0]
		}
	}
	return ""
}

// judge notes it if a certificate did not hold when it was seen.
func (l *Layer) judge(cert *Certificate, seen time.Time) {
	var note dissect.Note
	switch {
	case cert.NotAfter.IsZero():
		return
	case seen.After(cert.NotAfter):
		note = dissect.Note{ID: "tls-certificate-expired", Text: "the certificate expired on " + cert.NotAfter.UTC().Format(time.DateOnly)}
	case seen.Before(cert.NotBefore):
		note = dissect.Note{ID: "tls-certificate-not-yet-valid", Text: "the certificate holds only from " + cert.NotBefore.UTC().Format(time.DateOnly)}
	default:
		return
	}
	note.Severity = dissect.Warning
	l.notes = append(l.notes, note)
}

// readCertificate reads a certificate.
func readCertificate(der []byte) *Certificate {
	cert := &Certificate{SHA256: sha256.Sum256(der)}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return cert
	}
	cert.Subject, cert.Issuer = shortName(parsed.Subject), shortName(parsed.Issuer)
	cert.NotBefore, cert.NotAfter = parsed.NotBefore, parsed.NotAfter
	for _, name := range parsed.DNSNames[:min(len(parsed.DNSNames), maxAltNames)] {
		cert.DNSNames = append(cert.DNSNames, cleanName(name))
	}
	switch key := parsed.PublicKey.(type) {
	case *rsa.PublicKey:
		cert.KeyType, cert.KeyBits = "RSA", key.N.BitLen()
	case *ecdsa.PublicKey:
		cert.KeyType, cert.KeyBits = "ECDSA", key.Curve.Params().BitSize
	case ed25519.PublicKey:
		cert.KeyType, cert.KeyBits = "Ed25519", 8*len(key)
	}
	for _, e := range parsed.Extensions {
		if e.Id.Equal(oidSubjectAltName) {
			cert.readOtherNames(e.Value)
		}
	}
	return cert
}

// shortName is the common name, or else the whole of a name.
func shortName(name pkix.Name) string {
	if name.CommonName != "" {
		return cleanName(name.CommonName)
	}
	return cleanName(name.String())
}

// cleanName bounds a name and drops what is not UTF-8.
func cleanName(name string) string {
	return strings.ToValidUTF8(name[:min(len(name), maxCommonName)], "")
}

var (
	oidSubjectAltName = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidXMPPAddr       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 5}
	oidSRVName        = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 7}
)

// readOtherNames reads the names of XMPP, which X.509 knows as otherName (RFC
// 5280 section 4.2.1.6).
func (cert *Certificate) readOtherNames(der []byte) {
	var names asn1.RawValue
	if rest, err := asn1.Unmarshal(der, &names); err != nil || len(rest) > 0 {
		return
	}
	for rest := names.Bytes; len(rest) > 0; {
		var name asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &name); err != nil {
			return
		}
		if name.Class == asn1.ClassContextSpecific && name.Tag == 0 {
			cert.readOtherName(name.Bytes)
		}
	}
}

func (cert *Certificate) readOtherName(der []byte) {
	var kind asn1.ObjectIdentifier
	rest, err := asn1.Unmarshal(der, &kind)
	if err != nil {
		return
	}
	var outer, value asn1.RawValue
	if _, err = asn1.Unmarshal(rest, &outer); err != nil {
		return
	}
	if _, err = asn1.Unmarshal(outer.Bytes, &value); err != nil {
		return
	}
	switch text := cleanName(string(value.Bytes)); {
	case kind.Equal(oidXMPPAddr) && len(cert.XMPPAddrs) < maxAltNames:
		cert.XMPPAddrs = append(cert.XMPPAddrs, text)
	case kind.Equal(oidSRVName) && len(cert.SRVNames) < maxAltNames:
		cert.SRVNames = append(cert.SRVNames, text)
	}
}
