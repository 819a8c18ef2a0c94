package traffic

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"hash"
	"math/rand/v2"
	"slices"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/cryptobyte"
)

// The types of TLS records (RFC 8446 section 5.1).
const (
	changeCipherSpec = 20
	alert            = 21
	handshake        = 22
	applicationData  = 23
)

// maxContent is what fits into a record (RFC 8446 section 5.1).
const maxContent = 1 << 14

// channel is a TLS 1.3 connection that never was: nobody has agreed on its
// secrets, but its records are sealed with what follows from them, and whoever
// finds them in the key log cannot tell the difference.
type channel struct {
	rand    *rand.ChaCha8 // of its randoms and secrets
	suite   uint16
	hash    func() hash.Hash
	keySize int
	hello   [32]byte // the random of the ClientHello
	sealers [2]*sealer
	records []byte // of one write
}

// sealer seals what one end says.
type sealer struct {
	aead cipher.AEAD
	iv   [12]byte
	seq  uint64
}

// newChannel returns the channel of client number n, in nobody's hands yet.
func newChannel(o Options, n int) *channel {
	var seed [32]byte
	binary.BigEndian.PutUint64(seed[:], o.Seed)
	binary.BigEndian.PutUint64(seed[8:], uint64(n))
	c := &channel{rand: rand.NewChaCha8(seed), suite: o.TLS, hash: sha256.New, keySize: 16}
	switch o.TLS {
	case tls.TLS_AES_256_GCM_SHA384:
		c.hash, c.keySize = sha512.New384, 32
	case tls.TLS_CHACHA20_POLY1305_SHA256:
		c.keySize = 32
	}
	copy(c.hello[:], c.random(32))
	return c
}

func (c *channel) random(n int) []byte {
	b := make([]byte, n)
	_, _ = c.rand.Read(b) // it does not fail
	return b
}

// secure lets both ends agree on TLS and shake hands (RFC 6120 section 5, RFC
// 8446 section 2). From then on they talk within it.
func (s *session) secure() {
	s.header(func(m *markup) {
		m.open("starttls", "xmlns", nsTLS)
		m.empty("required")
		m.close("starttls")
	})
	m := s.begin(client)
	s.emptyUnit(m, "starttls", "xmlns", nsTLS)
	s.say()
	m = s.begin(server)
	s.emptyUnit(m, "proceed", "xmlns", nsTLS)
	s.say()

	c := newChannel(s.src.o, s.number)
	change := inClear(changeCipherSpec, []byte{1})
	s.utter(client, inClear(handshake, c.clientHello()))
	hello := inClear(handshake, c.serverHello())
	s.logSecrets(c, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET")
	extensions := message(encryptedExtensions, []byte{0, 0})
	s.utter(server, slices.Concat(hello, change, c.seal(server, handshake, append(extensions, c.finished()...))))
	s.utter(client, slices.Concat(change, c.seal(client, handshake, c.finished())))
	s.logSecrets(c, "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0")
	s.channel = c
}

// utter sends bytes that are no XML.
func (s *session) utter(from side, b []byte) {
	s.wait(s.reaction(from))
	s.write(from, b)
}

// logSecrets makes up a secret for each end, logs it under its label, and has
// the end's records sealed with the keys that follow from it.
func (s *session) logSecrets(c *channel, labels ...string) {
	for from, label := range labels {
		secret := c.random(c.hash().Size())
		c.sealers[from] = c.newSealer(secret)
		if s.src.o.KeyLog != nil && s.src.failed == nil {
			_, s.src.failed = fmt.Fprintf(s.src.o.KeyLog, "%s %x %x\n", label, c.hello, secret)
		}
	}
}

// newSealer returns what seals with the keys that follow from a traffic secret
// (RFC 8446 section 7.3).
func (c *channel) newSealer(secret []byte) *sealer {
	s := &sealer{}
	copy(s.iv[:], c.expand(secret, "iv", len(s.iv)))
	key := c.expand(secret, "key", c.keySize)
	if c.suite == tls.TLS_CHACHA20_POLY1305_SHA256 {
		s.aead, _ = chacha20poly1305.New(key) // keys of the right size do not fail
		return s
	}
	block, _ := aes.NewCipher(key)
	s.aead, _ = cipher.NewGCM(block)
	return s
}

// expand is HKDF-Expand-Label of RFC 8446 section 7.1 without a context.
func (c *channel) expand(secret []byte, label string, size int) []byte {
	label = "tls13 " + label
	info := string([]byte{0, byte(size), byte(len(label))}) + label + "\x00"
	out, _ := hkdf.Expand(c.hash, secret, info, size) // sizes like these do not fail
	return out
}

// seal returns the records that hold what one end says; they are valid until
// the next call.
func (c *channel) seal(from side, kind byte, content []byte) []byte {
	s := c.sealers[from]
	c.records = c.records[:0]
	for len(content) > 0 {
		n := min(len(content), maxContent)
		length := n + 1 + s.aead.Overhead()
		start := len(c.records)
		c.records = append(c.records, applicationData, 3, 3, byte(length>>8), byte(length))
		header := c.records[start:]
		c.records = append(append(c.records, content[:n]...), kind)
		nonce := s.iv
		binary.BigEndian.PutUint64(nonce[4:], binary.BigEndian.Uint64(nonce[4:])^s.seq)
		inner := c.records[start+len(header):]
		c.records = s.aead.Seal(c.records[:start+len(header)], nonce[:], inner, header)
		s.seq++
		content = content[n:]
	}
	return c.records
}

// inClear returns a record that is not sealed.
func inClear(kind byte, content []byte) []byte {
	return append([]byte{kind, 3, 3, byte(len(content) >> 8), byte(len(content))}, content...)
}

// The types of handshake messages (RFC 8446 section 4).
const (
	clientHello         = 1
	serverHello         = 2
	encryptedExtensions = 8
	finished            = 20
)

// finished is the message that ends a handshake; nobody who only listens can
// check it.
func (c *channel) finished() []byte { return message(finished, c.random(c.hash().Size())) }

// message returns a handshake message.
func message(kind byte, body []byte) []byte {
	return append([]byte{kind, 0, byte(len(body) >> 8), byte(len(body))}, body...)
}

// The extensions that the hellos have (RFC 8446 section 4.2).
const (
	serverName          = 0
	supportedGroups     = 10
	signatureAlgorithms = 13
	supportedVersions   = 43
	keyShare            = 51
)

// x25519 is a key exchange group (RFC 8446 section 4.2.7).
const x25519 = 29

func (c *channel) clientHello() []byte {
	return c.helloMessage(clientHello, c.hello[:], func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddUint16(c.suite) })
		b.AddBytes([]byte{1, 0}) // no compression
	}, func(add func(id uint16, body []byte)) {
		name := append([]byte{0, byte(len(host) >> 8), byte(len(host))}, host...)
		add(serverName, append([]byte{0, byte(len(name))}, name...))
		add(supportedGroups, []byte{0, 2, 0, x25519})
		add(signatureAlgorithms, []byte{0, 2, 4, 3}) // ecdsa_secp256r1_sha256
		add(supportedVersions, []byte{2, 3, 4})
		add(keyShare, append([]byte{0, 36, 0, x25519, 0, 32}, c.random(32)...))
	})
}

func (c *channel) serverHello() []byte {
	return c.helloMessage(serverHello, c.random(32), func(b *cryptobyte.Builder) {
		b.AddUint16(c.suite)
		b.AddUint8(0)
	}, func(add func(id uint16, body []byte)) {
		add(supportedVersions, []byte{3, 4})
		add(keyShare, append([]byte{0, x25519, 0, 32}, c.random(32)...))
	})
}

// helloMessage returns a hello: what both ends' have in common, with the choice
// of suites and the extensions that are the one's or the other's.
func (c *channel) helloMessage(kind byte, random []byte, suites cryptobyte.BuilderContinuation, extensions func(func(id uint16, body []byte))) []byte {
	var b cryptobyte.Builder
	b.AddUint16(tls.VersionTLS12)
	b.AddBytes(random)
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(c.hello[:]) }) // a session id that the server repeats
	suites(&b)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		extensions(func(id uint16, body []byte) {
			b.AddUint16(id)
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(body) })
		})
	})
	return message(kind, b.BytesOrPanic())
}
