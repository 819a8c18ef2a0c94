package analysis

import (
	"slices"
	"strings"
	"time"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return certificates{} }) }

var (
	certificateEnds = kind(Kind{
		ID: "certificate-expiring", Severity: dissect.Warning, Title: "the certificate will expire in less than two weeks",
		Why:    "From then on nobody can connect who checks it.",
		Source: "RFC 5280 section 4.1.2.5",
	})
	certificateOwn = kind(Kind{
		ID: "certificate-self-signed", Severity: dissect.Warning, Title: "the server has signed its certificate itself",
		Why:    "Clients cannot tell it from one that somebody on the way has made; people who get used to the warning do not look any more.",
		Source: "RFC 6120 section 13.7.2",
	})
	certificateName = kind(Kind{
		ID: "certificate-name-mismatch", Severity: dissect.Error, Title: "the certificate is not for the server that was asked for",
		Why:    "Clients refuse the connection, or do not check whom they talk with.",
		Source: "RFC 6120 section 13.7.2.1",
	})
	certificateSHA1 = kind(Kind{
		ID: "certificate-weak-signature", Severity: dissect.Warning, Title: "a certificate signed with MD5 or SHA-1",
		Why:    "Such signatures can be forged; clients of today refuse them.",
		Source: "RFC 9325 section 4.5",
	})
	certificateKey = kind(Kind{
		ID: "certificate-weak-key", Severity: dissect.Warning, Title: "a certificate whose key is too short",
		Why:    "RSA keys of fewer than 2048 bits can be broken by those who can afford it.",
		Source: "RFC 9325 section 4.5",
	})
)

// certificates looks at the certificates that servers show, and at those of
// servers that call others.
type certificates struct{}

// soon is how long before its end a certificate should be replaced.
const soon = 14 * 24 * time.Hour

// mostNames is from how many names on a certificate may have others that are not
// listed.
const mostNames = 16

// Row implements watcher.
func (w certificates) Row(r *Row) {
	if r.TLS == nil || len(r.TLS.Certificates) == 0 || !r.TLS.Certificates[0].IsRead() {
		return
	}
	cert := &r.TLS.Certificates[0]
	now := time.Unix(0, r.Time)
	if left := cert.NotAfter.Sub(now); 0 <= left && left < soon {
		r.once(certificateEnds, "it expires on %s", cert.NotAfter.UTC().Format(time.DateOnly))
	}
	if cert.SelfSigned && r.Sender == dissect.Server {
		r.once(certificateOwn, "")
	}
	for i := range r.TLS.Certificates {
		w.strength(r, &r.TLS.Certificates[i])
	}
	if r.Sender == dissect.Server {
		w.name(r, cert)
	}
}

// strength looks at how a certificate is signed, and what key it has. The
// signature of a root says nothing.
func (certificates) strength(r *Row, cert *dissect.Certificate) {
	if s := cert.Signature; !cert.SelfSigned && (strings.Contains(s, "SHA1") || strings.Contains(s, "MD5") || strings.Contains(s, "MD2")) {
		r.once(certificateSHA1, "the certificate of %.80s: %s", cert.Subject, s)
	}
	if cert.KeyType == "RSA" && cert.KeyBits < 2048 {
		r.once(certificateKey, "the certificate of %.80s: RSA with %d bits", cert.Subject, cert.KeyBits)
	}
}

// name looks whether a certificate is for the name that was asked for: the
// stream's, or where that is not known yet, that of TLS.
func (w certificates) name(r *Row, cert *dissect.Certificate) {
	wanted := r.Session.Domain
	if wanted == "" {
		wanted = r.Session.serverName
	}
	if wanted == "" || isFor(cert, wanted) || len(cert.Names) >= mostNames {
		return
	}
	r.once(certificateName, "%.80s was asked for, and the certificate is for %s", wanted, allNames(cert))
}

// allNames lists the first of a certificate's names.
func allNames(cert *dissect.Certificate) string {
	var all []string
	for _, list := range [][]string{cert.Names, cert.XMPPAddrs, cert.SRVNames} {
		for _, name := range list {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	if len(all) == 0 {
		return cert.Subject
	}
	const most = 3
	if len(all) > most {
		all = append(all[:most:most], "others")
	}
	return strings.Join(all, ", ")
}

// isFor reports whether a certificate is for a domain (RFC 6120 section 13.7.2,
// RFC 9525 section 6.3). The common name counts only where there are no others.
func isFor(cert *dissect.Certificate, domain string) bool {
	for _, name := range cert.XMPPAddrs {
		if strings.EqualFold(name, domain) {
			return true
		}
	}
	for _, name := range cert.SRVNames {
		if _, of, ok := strings.Cut(name, "."); ok && strings.HasPrefix(name, "_xmpp") && strings.EqualFold(of, domain) {
			return true
		}
	}
	for _, name := range cert.Names {
		if matches(name, domain) {
			return true
		}
	}
	return len(cert.Names)+len(cert.XMPPAddrs)+len(cert.SRVNames) == 0 && matches(cert.Subject, domain)
}

// matches reports whether a name of a certificate, whose first label may be a
// star, is a domain's.
func matches(name, domain string) bool {
	if parent, wild := strings.CutPrefix(name, "*."); wild {
		_, of, ok := strings.Cut(domain, ".")
		return ok && strings.EqualFold(of, parent)
	}
	return strings.EqualFold(name, domain)
}

// End implements watcher.
func (certificates) End(*Row) {}
