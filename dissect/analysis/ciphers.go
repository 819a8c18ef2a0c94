package analysis

import (
	"strings"

	"talktrace/dissect"
)

func init() { watch(judge, func(*Analysis) watcher { return &ciphers{} }) }

var (
	tlsSSL = kind(Kind{
		ID: "tls-ssl", Severity: dissect.Error, Title: "SSL, the predecessor of TLS",
		Why:    "SSL 2.0 and 3.0 are broken: what they carry can be read (POODLE, DROWN).",
		Source: "RFC 7568",
	})
	tlsOld = kind(Kind{
		ID: "tls-old-version", Severity: dissect.Warning, Title: "TLS 1.0 or 1.1",
		Why:    "These versions rest on MD5 and SHA-1 and on CBC as it should not be used; nobody should speak them any more.",
		Source: "RFC 8996",
	})
	tlsBroken = kind(Kind{
		ID: "tls-broken-suite", Severity: dissect.Error, Title: "a cipher suite that protects nothing",
		Why:    "What is sent can be read, or be changed, or nobody has shown who he is.",
		Source: "RFC 9325 section 4.1",
	})
	tlsWeak = kind(Kind{
		ID: "tls-weak-suite", Severity: dissect.Warning, Title: "a weak cipher suite",
		Why:    "Its blocks are so short that long connections give away what they carry (SWEET32).",
		Source: "RFC 9325 section 4.1",
	})
	tlsNoSecrecy = kind(Kind{
		ID: "tls-no-forward-secrecy", Severity: dissect.Remark, Title: "a key exchange without forward secrecy",
		Why:    "Whoever gets hold of the server's key later can read what was recorded today.",
		Source: "RFC 9325 section 4.1",
	})
	tlsNoName = kind(Kind{
		ID: "tls-no-server-name", Severity: dissect.Remark, Title: "the client does not say which server it wants",
		Why:    "A server with several names has to guess which certificate to show.",
		Source: "RFC 6066 section 3",
	})
	tlsOtherName = kind(Kind{
		ID: "tls-server-name-differs", Severity: dissect.Remark, Title: "TLS and the stream ask for different servers",
		Why:    "The server may show a certificate for the one and not for the other.",
		Source: "RFC 6066 section 3",
	})
	earlyLogin = kind(Kind{
		ID: "login-in-early-data", Severity: dissect.Remark, Title: "a login sent as early data",
		Why:    "Early data can be sent again by whoever recorded it; it takes the token's count to tell.",
		Source: "XEP-0484, security considerations",
	})
)

// ciphers looks at what TLS was agreed on.
type ciphers struct{}

// hellos is what was said in the handshake of a connection.
type hellos struct {
	early bool // the client sends early data
	frame int  // of the ServerHello
}

func newHellos() *hellos { return &hellos{} }

// Row implements watcher.
func (w *ciphers) Row(r *Row) {
	switch {
	case r.TLS != nil && r.TLS.Version.Name != "" && r.Sender == dissect.Client:
		w.client(r)
	case r.TLS != nil && r.TLS.Suite.Name != "":
		w.server(r)
	case r.Kind == dissect.KindStream && r.Sender == dissect.Client && r.sealed():
		w.compare(r)
	case r.Kind == "auth" || r.Kind == "authenticate":
		if h, ok := r.Session.kept(w).(*hellos); ok && h.early && r.Frame < h.frame {
			r.once(earlyLogin, "")
		}
	}
}

// client looks at a ClientHello.
func (w *ciphers) client(r *Row) {
	f := r.TLS
	h := keep(r.Session, w, newHellos)
	h.early = h.early || f.EarlyData == dissect.EarlyDataOffered
	if f.Version.Number <= 0x0300 {
		r.once(tlsSSL, "the client knows nothing newer than %s", f.Version.Name)
	}
	if f.ServerName == "" {
		r.once(tlsNoName, "")
		return
	}
	w.compare(r)
}

// compare compares the names that TLS and the stream are for, once both are
// known.
func (*ciphers) compare(r *Row) {
	if to, name := r.Session.Domain, r.Session.serverName; to != "" && name != "" && !strings.EqualFold(to, name) {
		r.once(tlsOtherName, "TLS asks for %.80s, and the stream for %.80s", name, to)
	}
}

// server looks at a ServerHello.
func (w *ciphers) server(r *Row) {
	f := r.TLS
	h := keep(r.Session, w, newHellos)
	if f.HelloRetry {
		return
	}
	h.frame = r.Frame
	switch v := f.Version.Number; {
	case v <= 0x0300:
		r.once(tlsSSL, "%s", f.Version.Name)
	case v < 0x0303:
		r.once(tlsOld, "%s", f.Version.Name)
	}
	exchange, cipher, isOld := strings.Cut(strings.TrimPrefix(f.Suite.Name, "TLS_"), "_WITH_")
	switch {
	case !isOld: // of TLS 1.3, which has no others
	case isBroken(exchange, cipher):
		r.once(tlsBroken, "%s", f.Suite.Name)
	case strings.HasPrefix(cipher, "3DES") || strings.HasPrefix(cipher, "IDEA"):
		r.once(tlsWeak, "%s", f.Suite.Name)
	}
	if isOld && !strings.HasPrefix(exchange, "DHE_") && !strings.HasPrefix(exchange, "ECDHE_") && !strings.HasSuffix(exchange, "_anon") {
		r.once(tlsNoSecrecy, "%s", f.Suite.Name)
	}
}

// isBroken reports whether a suite encrypts with a cipher that is broken, or
// with none, or proves nobody's name.
func isBroken(exchange, cipher string) bool {
	for _, c := range [...]string{"NULL", "RC4", "RC2", "DES_", "DES40"} {
		if strings.HasPrefix(cipher, c) {
			return true
		}
	}
	return strings.Contains(exchange, "EXPORT") || strings.HasSuffix(exchange, "_anon")
}

// End implements watcher.
func (*ciphers) End(*Row) {}
