package tls

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"talktrace/dissect"
)

// rowFacts returns the facts of the row at hand, to be completed, or nil where
// nobody wants any.
func (l *Layer) rowFacts(c *dissect.Context) *dissect.TLSFacts {
	if !c.TLS {
		return nil
	}
	if l.facts == nil {
		l.facts = new(dissect.TLSFacts)
	}
	return l.facts
}

// registered names a number as the Info column does.
func registered(number uint16, appendName func([]byte, uint16) []byte) dissect.Registered {
	return dissect.Registered{Number: number, Name: string(appendName(nil, number))}
}

// clientFacts takes what a ClientHello says. The fingerprints are defined for
// hellos that can have extensions.
func (l *Layer) clientFacts(c *dissect.Context, h *ClientHello) {
	f := l.rowFacts(c)
	if f == nil {
		return
	}
	f.Version = registered(h.MaxVersion(), appendVersion)
	f.ServerName, f.ALPN = h.ServerName, slices.Clone(h.ALPN)
	if h.has(extEarlyData) {
		f.EarlyData = dissect.EarlyDataOffered
	}
	if !h.SSLv2 {
		f.JA3, f.JA4 = h.JA3(), h.JA4()
	}
}

// serverFacts takes what a ServerHello says.
func (l *Layer) serverFacts(c *dissect.Context, h *ServerHello) {
	f := l.rowFacts(c)
	if f == nil {
		return
	}
	f.Version = registered(h.Version, appendVersion)
	f.Suite = registered(h.Suite, appendSuite)
	if h.Group != 0 {
		f.Group = registered(h.Group, appendGroup)
	}
	if h.ALPN != "" {
		f.ALPN = []string{h.ALPN}
	}
	f.HelloRetry, f.Resumed = h.Retry, !h.Retry && l.resumes(h)
	f.JA3S = h.JA3S()
}

// extensionsFacts takes what the EncryptedExtensions say.
func (l *Layer) extensionsFacts(c *dissect.Context) {
	offered := l.hello != nil && l.hello.has(extEarlyData)
	if l.alpn == "" && !l.early.taken && !offered {
		return
	}
	f := l.rowFacts(c)
	if f == nil {
		return
	}
	if l.alpn != "" {
		f.ALPN = []string{l.alpn}
	}
	switch {
	case l.early.taken:
		f.EarlyData = dissect.EarlyDataAccepted
	case offered:
		f.EarlyData = dissect.EarlyDataRefused
	}
}

const (
	maxShown      = 48 // bytes of a name in the Info column
	maxShownNames = 2  // names of a certificate beside the first
)

// appendCertificate describes a certificate that was seen at a time.
func appendCertificate(dst []byte, cert *dissect.Certificate, seen time.Time) []byte {
	name := nameOf(cert)
	if name != "" {
		dst = appendName(append(dst, ", for "...), name)
		dst = appendOtherNames(dst, cert, name)
	}
	if cert.Issuer != "" && cert.Issuer != cert.Subject {
		dst = appendName(append(dst, ", by "...), cert.Issuer)
	}
	if cert.KeyType != "" {
		dst = append(append(append(dst, ", "...), cert.KeyType...), ' ')
		dst = strconv.AppendInt(dst, int64(cert.KeyBits), 10)
	}
	switch {
	case !cert.IsRead():
	case seen.After(cert.NotAfter):
		dst = appendSpan(append(dst, ", expired "...), seen.Sub(cert.NotAfter))
		dst = append(dst, " before the capture"...)
	case seen.Before(cert.NotBefore):
		dst = appendSpan(append(dst, ", valid from "...), cert.NotBefore.Sub(seen))
		dst = append(dst, " after the capture"...)
	default:
		dst = cert.NotAfter.UTC().AppendFormat(append(dst, ", until "...), time.DateOnly)
	}
	return dst
}

// nameOf returns whom a certificate is for, in one name.
func nameOf(cert *dissect.Certificate) string {
	if cert.Subject != "" {
		return cert.Subject
	}
	for _, names := range [][]string{cert.Names, cert.XMPPAddrs, cert.SRVNames} {
		if len(names) > 0 {
			return names[0]
		}
	}
	return ""
}

// appendOtherNames appends the first names of a certificate that say more than
// the one shown already: those of XMPP, for which it may have been made, before
// those of hosts.
func appendOtherNames(dst []byte, cert *dissect.Certificate, shown string) []byte {
	n := 0
	for i, names := range [][]string{cert.XMPPAddrs, cert.SRVNames, cert.Names} {
		for _, name := range names {
			_, domain, isService := strings.Cut(name, ".")
			if name == shown || i == 1 && isService && domain == shown {
				continue
			}
			if n++; n <= maxShownNames {
				dst = append(dst, [...]string{", xmppAddr ", ", SRVName ", ", also "}[i]...)
				dst = appendName(dst, name)
			}
		}
	}
	if n > maxShownNames {
		dst = appendCount(append(dst, " and "...), n-maxShownNames, "name")
	}
	return dst
}

// appendName appends a name that may have been made to be long.
func appendName(dst []byte, name string) []byte {
	if len(name) <= maxShown {
		return append(dst, name...)
	}
	return append(append(dst, bytes.ToValidUTF8([]byte(name[:maxShown-3]), nil)...), "…"...)
}

// appendSpan appends a span of time in the largest unit of which there are two.
func appendSpan(dst []byte, d time.Duration) []byte {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return appendCount(dst, int(d/day), "day")
	case d >= 2*time.Hour:
		return appendCount(dst, int(d/time.Hour), "hour")
	}
	return appendCount(dst, int(d/time.Minute), "minute")
}
