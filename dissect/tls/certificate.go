package tls

import (
	"crypto/x509"
	"strings"
)

// maxCommonName bounds what of a certificate's name is shown; RFC 5280 allows 64
// characters.
const maxCommonName = 128

// appendCertificates describes the Certificate message of TLS 1.2 and before
// (RFC 5246 section 7.4.2): how many there are, and whom the first one names.
func appendCertificates(dst, body []byte) []byte {
	r := reader{b: body}
	list := r.vectorAsFar(3)
	var leaf []byte
	n := 0
	for len(list.b) > 0 {
		one := list.vector(3)
		if list.short {
			break
		}
		if n++; n == 1 {
			leaf = one.b
		}
	}
	dst = appendCount(append(dst, "Certificate, "...), n, "certificate")
	if name := certificateName(leaf); name != "" {
		name = name[:min(len(name), maxCommonName)]
		dst = append(append(dst, ", for "...), strings.ToValidUTF8(name, "")...)
	}
	return dst
}

// certificateName returns the common name of a certificate's subject, or else
// the first DNS name that it is for. It is empty where there is neither, or the
// certificate cannot be read.
func certificateName(der []byte) string {
	if len(der) == 0 {
		return ""
	}
	cert, err := x509.ParseCertificate(der)
	switch {
	case err != nil:
		return ""
	case cert.Subject.CommonName != "":
		return cert.Subject.CommonName
	case len(cert.DNSNames) > 0:
		return cert.DNSNames[0]
	}
	return ""
}
