package dissect

import "time"

// TLSFacts are what the handshake messages of one row say, in full where the
// Info column has room for the gist. What a row does not say is left zero. They
// are not changed once the row is there, own all their memory and may be kept.
type TLSFacts struct {
	Version    Registered // the highest one that the client offers, or the one that the server chose
	ServerName string     // server_name, RFC 6066 section 3
	ALPN       []string   // the protocols that the client offers, or the one that the server chose
	Suite      Registered // the cipher suite that the server chose
	Group      Registered // the group of the key exchange, or the one that is asked for
	Resumed    bool       // the server goes on with an earlier session, or a key known beforehand
	HelloRetry bool       // the server wants another ClientHello, RFC 8446 section 4.1.4
	EarlyData  EarlyData

	// The fingerprints of the hellos; JA3 and JA3S are MD5 sums in hexadecimal
	// digits.
	JA3, JA3S, JA4 string

	// Certificates are the chain that was sent, the sender's own first, up to
	// a bound.
	Certificates []Certificate
}

// Registered is a value of which IANA keeps a registry: its number, and the name
// that it has there, or a number in words where it has none.
type Registered struct {
	Number uint16
	Name   string // empty where there is no value
}

// EarlyData says what a message means for data that is sent with the ClientHello
// (RFC 8446 section 2.3).
type EarlyData uint8

// What messages say of early data.
const (
	NoEarlyData       EarlyData = iota // nothing
	EarlyDataOffered                   // the client sends some
	EarlyDataAccepted                  // the server takes it
	EarlyDataRefused                   // it counts as not sent
)

func (d EarlyData) String() string {
	return [...]string{"", "offered", "accepted", "refused"}[d]
}

// Certificate is what a certificate of X.509 says, shortened where it is very
// long. Where it cannot be read, only its hash is known.
type Certificate struct {
	SHA256    [32]byte  // of its DER form
	Subject   string    // the common name, else the whole name
	Issuer    string    // the same
	Names     []string  // host names, then addresses
	XMPPAddrs []string  // RFC 6120 section 13.7.1.4
	SRVNames  []string  // RFC 4985, such as _xmpp-client.capulet.example
	NotBefore time.Time // zero where the certificate could not be read
	NotAfter  time.Time
	KeyType   string // RSA, ECDSA, Ed25519; empty for others
	KeyBits   int
	Signature string // the algorithm it is signed with: SHA256-RSA, ECDSA-SHA384, …
	// SelfSigned is set where the issuer is the subject.
	SelfSigned bool
}

// IsRead reports whether more of the certificate is known than its hash.
func (c *Certificate) IsRead() bool { return !c.NotAfter.IsZero() }

// ValidAt reports whether a time lies within the certificate's validity.
func (c *Certificate) ValidAt(t time.Time) bool {
	return !t.Before(c.NotBefore) && !t.After(c.NotAfter)
}
