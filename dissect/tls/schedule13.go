package tls

import (
	"crypto/hkdf"
	"hash"
)

// expandLabel is HKDF-Expand-Label of RFC 8446 section 7.1 with an empty
// context.
func expandLabel(newHash func() hash.Hash, secret []byte, label string, size int) []byte {
	const prefix = "tls13 "
	info := make([]byte, 0, 4+len(prefix)+len(label))
	info = append(info, byte(size>>8), byte(size), byte(len(prefix)+len(label)))
	info = append(append(append(info, prefix...), label...), 0)
	out, err := hkdf.Expand(newHash, secret, string(info), size)
	if err != nil { // only sizes far from ours
		return nil
	}
	return out
}

// trafficKeys returns the keys that follow from a traffic secret (RFC 8446
// section 7.3).
func trafficKeys(s Suite, secret []byte) directionKeys {
	return directionKeys{
		key: expandLabel(prfHash(s), secret, "key", s.Key),
		iv:  expandLabel(prfHash(s), secret, "iv", s.FixedIV),
	}
}

// nextTrafficSecret is the secret that follows on a KeyUpdate (RFC 8446 section
// 7.2).
func nextTrafficSecret(s Suite, secret []byte) []byte {
	return expandLabel(prfHash(s), secret, "traffic upd", prfHash(s)().Size())
}

// newOpener13 returns the opener for records under a traffic secret of TLS 1.3.
// It is nil where the suite is not supported, or the secret is none of its.
func newOpener13(s Suite, secret []byte) opener {
	if !s.TLS13 || len(secret) != prfHash(s)().Size() {
		return nil
	}
	return newOpener(protection{suite: s, version: versionTLS13}, trafficKeys(s, secret))
}
