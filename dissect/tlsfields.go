package dissect

import (
	"encoding/hex"
	"strings"
)

func init() {
	RegisterFacts([]FieldDef{
		protocol("tls", "the row is of TLS, or came inside it", func(e *Event) bool {
			return strings.HasPrefix(e.Protocol, "TLS") || strings.HasPrefix(e.Protocol, "SSL") || strings.Contains(e.Layers, ":tls")
		}),
		handshake("tls.handshake.version", Number, "version that the server chose, or the highest that the client offers", func(v []Value, f *TLSFacts) []Value { return registered(v, f.Version) }),
		handshake("tls.handshake.version.name", Text, "the same by name", func(v []Value, f *TLSFacts) []Value { return named(v, f.Version.Name) }),
		handshake("tls.handshake.extensions_server_name", Text, "server name that the client asks for (SNI)", func(v []Value, f *TLSFacts) []Value { return named(v, f.ServerName) }),
		handshake("tls.handshake.extensions_alpn_str", Text, "application protocol offered or chosen (ALPN)", func(v []Value, f *TLSFacts) []Value { return eachNamed(v, f.ALPN) }),
		handshake("tls.handshake.ciphersuite", Number, "cipher suite that the server chose", func(v []Value, f *TLSFacts) []Value { return registered(v, f.Suite) }),
		handshake("tls.handshake.ciphersuite.name", Text, "the same by name", func(v []Value, f *TLSFacts) []Value { return named(v, f.Suite.Name) }),
		handshake("tls.handshake.group", Text, "group of the key exchange", func(v []Value, f *TLSFacts) []Value { return named(v, f.Group.Name) }),
		handshake("tls.resumed", Presence, "the session goes on with what an earlier one agreed on", func(v []Value, f *TLSFacts) []Value { return flag(v, f.Resumed) }),
		handshake("tls.hello_retry", Presence, "the server wants another ClientHello", func(v []Value, f *TLSFacts) []Value { return flag(v, f.HelloRetry) }),
		handshake("tls.early_data", Text, "data sent along with the ClientHello: offered, accepted or refused", func(v []Value, f *TLSFacts) []Value { return named(v, f.EarlyData.String()) }),
		handshake("tls.handshake.ja3", Text, "JA3 fingerprint of the client", func(v []Value, f *TLSFacts) []Value { return named(v, f.JA3) }),
		handshake("tls.handshake.ja3s", Text, "JA3S fingerprint of the server", func(v []Value, f *TLSFacts) []Value { return named(v, f.JA3S) }),
		handshake("tls.handshake.ja4", Text, "JA4 fingerprint of the client", func(v []Value, f *TLSFacts) []Value { return named(v, f.JA4) }),
		certificate("x509.subject", Text, "who the certificate is for", func(v []Value, c *Certificate) []Value { return named(v, c.Subject) }),
		certificate("x509.issuer", Text, "who signed it", func(v []Value, c *Certificate) []Value { return named(v, c.Issuer) }),
		certificate("x509ce.dNSName", Text, "a host name or address in it", func(v []Value, c *Certificate) []Value { return eachNamed(v, c.Names) }),
		certificate("x509.xmpp_addr", JID, "an XMPP address in it", func(v []Value, c *Certificate) []Value { return eachNamed(v, c.XMPPAddrs) }),
		certificate("x509.srv_name", Text, "a service name in it", func(v []Value, c *Certificate) []Value { return eachNamed(v, c.SRVNames) }),
		certificate("x509af.notBefore", Time, "when it becomes valid", func(v []Value, c *Certificate) []Value { return at(v, c, c.NotBefore.UnixNano()) }),
		certificate("x509af.notAfter", Time, "when it ceases to be valid", func(v []Value, c *Certificate) []Value { return at(v, c, c.NotAfter.UnixNano()) }),
		certificate("x509.key", Text, "type of its key", func(v []Value, c *Certificate) []Value { return named(v, c.KeyType) }),
		certificate("x509.key.bits", Number, "size of its key", func(v []Value, c *Certificate) []Value {
			if c.KeyBits == 0 {
				return v
			}
			return append(v, Value{Number: int64(c.KeyBits)})
		}),
		certificate("x509.sha256", Text, "SHA-256 of the certificate", func(v []Value, c *Certificate) []Value {
			return append(v, Value{Text: hex.AppendEncode(nil, c.SHA256[:])})
		}),
	})
}

// handshake declares a fact of handshake messages.
func handshake(name string, t Type, doc string, values func([]Value, *TLSFacts) []Value) FieldDef {
	return FieldDef{Name: name, Type: t, Doc: doc, Values: func(v []Value, e *Event) []Value {
		if e.TLS == nil {
			return v
		}
		return values(v, e.TLS)
	}}
}

// certificate declares a fact of each certificate in the chain.
func certificate(name string, t Type, doc string, values func([]Value, *Certificate) []Value) FieldDef {
	return FieldDef{Name: name, Type: t, Doc: doc, Values: func(v []Value, e *Event) []Value {
		if e.TLS == nil {
			return v
		}
		for i := range e.TLS.Certificates {
			v = values(v, &e.TLS.Certificates[i])
		}
		return v
	}}
}

func registered(v []Value, r Registered) []Value {
	if r.Name == "" {
		return v
	}
	return append(v, Value{Number: int64(r.Number)})
}

func eachNamed(v []Value, list []string) []Value {
	for _, s := range list {
		v = named(v, s)
	}
	return v
}

func flag(v []Value, set bool) []Value {
	if !set {
		return v
	}
	return append(v, Value{Number: 1})
}

// at appends a time of a certificate, if it could be read.
func at(v []Value, c *Certificate, t int64) []Value {
	if !c.IsRead() {
		return v
	}
	return append(v, Value{Number: t})
}
