package tls

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
	"time"

	"talktrace/dissect"
)

// What is read of certificates.
const (
	maxCommonName = 128 // bytes; RFC 5280 allows 64 characters
	maxAltNames   = 16  // names of each kind
	maxChain      = 8   // certificates
)

// certificates describes a Certificate message (RFC 5246 section 7.4.2, RFC 8446
// section 4.4.2): how many there are, and what the first one says.
func (l *Layer) certificates(c *dissect.Context, dst []byte, from dissect.Sender, body []byte) []byte {
	r := reader{b: body}
	if l.is13() {
		r.vector(1) // what a server called its request
	}
	list := r.vectorAsFar(3)
	var own *dissect.Certificate
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
			own = readCertificate(one.b)
			l.addFacts(c, own)
		} else if n <= maxChain && c.TLS {
			l.addFacts(c, readCertificate(one.b))
		}
	}
	dst = appendCount(append(dst, "Certificate, "...), n, "certificate")
	if n == 0 {
		return dst
	}
	l.certs[from] = own
	seen := time.Unix(0, c.Time)
	l.judge(own, seen)
	return appendCertificate(dst, own, seen)
}

// addFacts adds a certificate to the facts of the row at hand.
func (l *Layer) addFacts(c *dissect.Context, cert *dissect.Certificate) {
	if f := l.rowFacts(c); f != nil {
		f.Certificates = append(f.Certificates, *cert)
	}
}

// judge notes it if a certificate did not hold when it was seen.
func (l *Layer) judge(cert *dissect.Certificate, seen time.Time) {
	if !cert.IsRead() || cert.ValidAt(seen) {
		return
	}
	note := dissect.Note{
		Severity: dissect.Warning, ID: "tls-certificate-expired",
		Text: "the certificate expired on " + cert.NotAfter.UTC().Format(time.DateOnly),
	}
	if seen.Before(cert.NotBefore) {
		note.ID = "tls-certificate-not-yet-valid"
		note.Text = "the certificate holds only from " + cert.NotBefore.UTC().Format(time.DateOnly)
	}
	l.notes = append(l.notes, note)
}

// readCertificate reads a certificate.
func readCertificate(der []byte) *dissect.Certificate {
	cert := &dissect.Certificate{SHA256: sha256.Sum256(der)}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return cert
	}
	cert.Subject, cert.Issuer = shortName(parsed.Subject), shortName(parsed.Issuer)
	cert.NotBefore, cert.NotAfter = parsed.NotBefore, parsed.NotAfter
	cert.Signature = parsed.SignatureAlgorithm.String()
	cert.SelfSigned = bytes.Equal(parsed.RawSubject, parsed.RawIssuer)
	for _, name := range parsed.DNSNames[:min(len(parsed.DNSNames), maxAltNames)] {
		cert.Names = append(cert.Names, cleanName(name))
	}
	for _, addr := range parsed.IPAddresses[:min(len(parsed.IPAddresses), maxAltNames)] {
		cert.Names = append(cert.Names, addr.String())
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
			readOtherNames(cert, e.Value)
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
func readOtherNames(cert *dissect.Certificate, der []byte) {
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
			readOtherName(cert, name.Bytes)
		}
	}
}

func readOtherName(cert *dissect.Certificate, der []byte) {
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
