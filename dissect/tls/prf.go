package tls

import (
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // TLS 1.0 and 1.1 are made of it
	"crypto/sha1" //nolint:gosec // as above
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"hash"
)

// masterSize is the size of a master secret of TLS 1.2 and before, and that of
// the premaster secret of an RSA key exchange.
const masterSize = 48

// prf fills dst with the pseudorandom function of the given version: that of RFC
// 5246 section 5 with newHash, that of RFC 2246 section 5 before TLS 1.2, or that
// of SSL 3.0, which knows no labels.
func prf(dst []byte, version uint16, newHash func() hash.Hash, secret []byte, label string, seed ...[]byte) {
	if version == versionSSL3 {
		ssl3Expand(dst, secret, seed...)
		return
	}
	all := []byte(label)
	for _, s := range seed {
		all = append(all, s...)
	}
	if version >= versionTLS12 {
		expand(dst, newHash, secret, all)
		return
	}
	half := (len(secret) + 1) / 2
	expand(dst, md5.New, secret[:half], all)
	other := make([]byte, len(dst))
	expand(other, sha1.New, secret[len(secret)-half:], all)
	subtle.XORBytes(dst, dst, other)
}

// expand is P_hash of RFC 5246 section 5.
func expand(dst []byte, newHash func() hash.Hash, secret, seed []byte) {
	mac := hmac.New(newHash, secret)
	sum := func(parts ...[]byte) []byte {
		mac.Reset()
		for _, p := range parts {
			_, _ = mac.Write(p)
		}
		return mac.Sum(nil)
	}
	for a := sum(seed); len(dst) > 0; a = sum(a) {
		dst = dst[copy(dst, sum(a, seed)):]
	}
}

// prfHash is the hash function that a suite names for the PRF of TLS 1.2 and the
// key schedule of TLS 1.3.
func prfHash(s Suite) func() hash.Hash {
	if s.Hash == "SHA384" {
		return sha512.New384
	}
	return sha256.New
}

// keyBlock returns the keys of both directions, client first (RFC 5246 section
// 6.3).
func keyBlock(p protection, master, clientRandom, serverRandom []byte) (keys [2]directionKeys) {
	iv := p.suite.FixedIV
	if p.suite.Mode == "cbc" && p.version <= versionTLS10 {
		iv = p.suite.ExplicitIV
	}
	block := make([]byte, 2*(p.suite.MACKey+p.suite.Key+iv))
	prf(block, p.version, prfHash(p.suite), master, "key expansion", serverRandom, clientRandom)
	take := func(n int) (b []byte) {
		b, block = block[:n:n], block[n:]
		return b
	}
	for i := range keys {
		keys[i].mac = take(p.suite.MACKey)
	}
	for i := range keys {
		keys[i].key = take(p.suite.Key)
	}
	for i := range keys {
		keys[i].iv = take(iv)
	}
	return keys
}
