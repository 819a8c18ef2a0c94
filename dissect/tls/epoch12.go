package tls

import (
	"crypto/md5"  //nolint:gosec // TLS 1.0 and 1.1 are made of it
	"crypto/sha1" //nolint:gosec // as above
	"hash"

	"talktrace/dissect"
)

// exchange is what is known of the exchange of keys that is under way, or was
// the last one, in TLS 1.2 and before.
type exchange struct {
	master []byte
	keys   [2]directionKeys

	// For the extended master secret (RFC 7627): the handshake messages so
	// far, first in full, and once the hash function is known in hashes.
	messages   []byte
	transcript []hash.Hash
}

// changeCipher notes that the records of a direction are sealed with new keys
// from here on.
func (l *Layer) changeCipher(from dissect.Sender) {
	l.sides[from].changed = true
	if l.server != nil && !l.is13() { // where it means something
		l.sides[from].seal.enter(stageClear)
	}
}

// protection12 is what the hellos have agreed on.
func (l *Layer) protection12() (protection, bool) {
	if l.hello == nil || l.server == nil || l.server.Version < versionSSL3 || l.server.Compressed {
		return protection{}, false
	}
	suite, ok := SuiteByID(l.server.Suite)
	return protection{
		suite: suite, version: l.server.Version,
		encryptThenMAC: l.server.Version >= versionTLS10 && l.server.has(extEncryptThenMAC) && suite.Mode == "cbc",
	}, ok
}

// findKey12 derives the keys of the epoch that a direction has entered.
func (l *Layer) findKey12(c *dissect.Context, from dissect.Sender) {
	p, ok := l.protection12()
	if !ok {
		return
	}
	x, s := &l.exchange, &l.sides[from].seal
	if x.keys[from].empty() {
		master := l.master(c)
		if master == nil {
			return
		}
		x.keys = keyBlock(p, master, l.hello.Random[:], l.server.Random[:])
	}
	if s.opener = newOpener(p, x.keys[from]); s.opener == nil {
		s.dead = true
		l.notes = append(l.notes, noteUnsupported)
	} else if (s.seq > 0 || s.behind > 0) && !s.opener.lose() {
		s.dead = true // the first record is past
		l.notes = append(l.notes, noteStateLost)
	}
}

func (k directionKeys) empty() bool { return k.mac == nil && k.key == nil }

// master returns the master secret of the exchange under way, or nil.
func (l *Layer) master(c *dissect.Context) []byte {
	x, keys := &l.exchange, l.options.Keys
	if x.master != nil || l.hello == nil || l.server == nil {
		return x.master
	}
	if x.master = keys.find(&l.hello.Random, masterSecret, c.Frame); x.master != nil {
		return x.master
	}
	if id := l.server.SessionID; len(id) > 0 {
		x.master = keys.session(id, c.Frame)
	}
	if x.master == nil && keys.SharesSessions() {
		x.master = l.resumedMaster(c)
	}
	if x.master != nil {
		keys.derived(c.Conn.Number, &l.hello.Random, x.master)
	}
	return x.master
}

// follow12 takes note of what a handshake message means for the keys.
func (l *Layer) follow12(c *dissect.Context, message []byte) {
	x, body := &l.exchange, message[messageHeader:]
	switch message[0] {
	case clientHello:
		*x = exchange{}
	case serverHello:
		x.master, x.keys = nil, [2]directionKeys{}
	}
	if l.hello == nil || !l.options.Keys.wantsExchange(&l.hello.Random) {
		return
	}
	switch message[0] {
	case clientHello, serverHello:
		l.addTranscript(message)
	case newSessionTicket:
		r := reader{b: body}
		r.bytes(4) // its lifetime
		l.rememberTicket(c, r.vector(2).b)
	case clientKeyExchange:
		l.addTranscript(message)
		if premaster := l.premaster(c, body); premaster != nil && l.server != nil {
			l.deriveMaster(c, premaster)
			l.rememberSession(c)
		}
		x.messages, x.transcript = nil, nil
	case finished:
	default:
		l.addTranscript(message)
	}
}

// premaster returns the premaster secret of a ClientKeyExchange, or nil.
func (l *Layer) premaster(c *dissect.Context, body []byte) []byte {
	keys := l.options.Keys
	if secret := keys.find(&l.hello.Random, premasterSecret, c.Frame); secret != nil {
		return secret
	}
	encrypted := body // in SSL 3.0 nothing says how long it is
	if l.server == nil || l.server.Version > versionSSL3 {
		r := reader{b: body}
		encrypted = r.vector(2).b
	}
	if secret := keys.premaster(encrypted, c.Frame); secret != nil {
		return secret
	}
	return keys.decryptPremaster(encrypted, l.hello.Version)
}

// deriveMaster computes the master secret (RFC 5246 section 8.1, RFC 7627
// section 4).
func (l *Layer) deriveMaster(c *dissect.Context, premaster []byte) {
	p, ok := l.protection12()
	if !ok {
		return
	}
	master := make([]byte, masterSize)
	if !l.server.has(extExtendedMaster) || !l.hello.has(extExtendedMaster) {
		prf(master, p.version, prfHash(p.suite), premaster, "master secret", l.hello.Random[:], l.server.Random[:])
	} else {
		var session []byte
		for _, h := range l.exchange.transcript {
			session = h.Sum(session)
		}
		prf(master, p.version, prfHash(p.suite), premaster, "extended master secret", session)
	}
	l.exchange.master = master
	l.options.Keys.derived(c.Conn.Number, &l.hello.Random, master)
}

// addTranscript takes a handshake message into the session hash, which goes up
// to the ClientKeyExchange.
func (l *Layer) addTranscript(message []byte) {
	x := &l.exchange
	if x.transcript == nil {
		if len(x.messages)+len(message) > maxTranscript {
			return
		}
		if x.messages = append(x.messages, message...); message[0] != serverHello {
			return
		}
		p, _ := l.protection12()
		x.transcript = sessionHashes(p)
		message = x.messages
		x.messages = nil
	}
	for _, h := range x.transcript {
		_, _ = h.Write(message)
	}
}

// maxTranscript bounds the messages that are kept before the ServerHello.
const maxTranscript = 32 << 10

// sessionHashes returns the hash functions whose results are the session hash.
func sessionHashes(p protection) []hash.Hash {
	if p.version >= versionTLS12 {
		return []hash.Hash{prfHash(p.suite)()}
	}
	return []hash.Hash{md5.New(), sha1.New()}
}
