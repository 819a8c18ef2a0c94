package tls

import (
	"bytes"
	"crypto/md5"  //nolint:gosec // SSL 3.0 is made of it
	"crypto/sha1" //nolint:gosec // as above
	"hash"
)

// ssl3Expand fills dst with what SSL 3.0 has for a pseudorandom function (RFC
// 6101 sections 6.1 and 6.2.2).
func ssl3Expand(dst, secret []byte, seed ...[]byte) {
	seeds := bytes.Join(seed, nil)
	for n := 1; len(dst) > 0; n++ {
		inner, outer := sha1.New(), md5.New() //nolint:gosec // as above
		_, _ = inner.Write(bytes.Repeat([]byte{'A' + byte(n) - 1}, n))
		_, _ = inner.Write(secret)
		_, _ = inner.Write(seeds)
		_, _ = outer.Write(secret)
		_, _ = outer.Write(inner.Sum(nil))
		dst = dst[copy(dst, outer.Sum(nil)):]
	}
}

// ssl3MAC is the keyed hash of SSL 3.0, the forerunner of HMAC (RFC 6101 section
// 5.2.3.1).
type ssl3MAC struct {
	hash.Hash
	begins [2][]byte // of the inner hash and of the outer one
	inner  [sha1.Size]byte
}

func newSSL3MAC(newHash func() hash.Hash, key []byte) hash.Hash {
	m := &ssl3MAC{Hash: newHash()}
	pad := 48
	if m.Size() == sha1.Size {
		pad = 40
	}
	for i, b := range []byte{0x36, 0x5c} {
		m.begins[i] = append(bytes.Clone(key), bytes.Repeat([]byte{b}, pad)...)
	}
	return m
}

// Reset implements hash.Hash. It has to be called before Write is.
func (m *ssl3MAC) Reset() {
	m.Hash.Reset()
	_, _ = m.Write(m.begins[0])
}

// Sum implements hash.Hash, but for leaving the state as it was.
func (m *ssl3MAC) Sum(dst []byte) []byte {
	inner := m.Hash.Sum(m.inner[:0])
	m.Hash.Reset()
	_, _ = m.Write(m.begins[1])
	_, _ = m.Write(inner)
	return m.Hash.Sum(dst)
}
