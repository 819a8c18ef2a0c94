package tls

import (
	"crypto/aes"
	"crypto/cipher"

	"golang.org/x/crypto/chacha20poly1305"
)

// aeadOpener opens records of AEAD ciphers: those of TLS 1.2 (RFC 5288, RFC 6655,
// RFC 7905) and those of TLS 1.3 (RFC 8446 section 5.2).
type aeadOpener struct {
	aead     cipher.AEAD
	explicit int      // bytes of the nonce that each record holds
	inner    bool     // the content type is inside, as in TLS 1.3
	iv       [12]byte // the fixed part of the nonce, at its beginning
	nonce    [12]byte
	data     [13]byte // additional data
}

func newAEADOpener(p protection, k directionKeys) opener {
	o := &aeadOpener{aead: newAEAD(p.suite, k.key), explicit: p.suite.ExplicitIV, inner: p.version >= versionTLS13}
	if o.aead == nil || len(k.iv) != p.suite.FixedIV || len(k.iv)+o.explicit != len(o.iv) {
		return nil
	}
	copy(o.iv[:], k.iv)
	return o
}

func newAEAD(s Suite, key []byte) cipher.AEAD {
	if s.Mode == "chacha20poly1305" {
		aead, err := chacha20poly1305.New(key)
		if err != nil {
			return nil
		}
		return aead
	}
	block, err := aes.NewCipher(key)
	if err != nil || s.Cipher != "AES" {
		return nil
	}
	if s.Mode != "gcm" {
		return newCCM(block, 12, s.Tag)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil
	}
	return aead
}

func (o *aeadOpener) open(dst []byte, seq uint64, rec []byte) (byte, []byte, bool) {
	sealed := rec[headerSize:]
	if len(sealed) < o.overhead() {
		return 0, nil, false
	}
	o.nonce = o.iv
	if o.explicit > 0 {
		copy(o.nonce[len(o.nonce)-o.explicit:], sealed)
		sealed = sealed[o.explicit:]
	} else {
		for i := range 8 {
			o.nonce[4+i] ^= byte(seq >> (56 - 8*i))
		}
	}
	data := rec[:headerSize]
	if !o.inner {
		putPseudoHeader(&o.data, seq, rec, len(sealed)-o.aead.Overhead())
		data = o.data[:]
	}
	plain, err := o.aead.Open(dst, o.nonce[:], sealed, data)
	if err != nil {
		return 0, nil, false
	}
	if !o.inner {
		return rec[0], plain, true
	}
	return innerType(plain, len(dst))
}

// innerType takes the padding and the content type off the end of what a record
// of TLS 1.3 holds (RFC 8446 section 5.4); from is where its content begins. A
// record without a type does not occur: its sender would be cut off.
func innerType(plain []byte, from int) (contentType byte, content []byte, ok bool) {
	n := len(plain)
	for n > from && plain[n-1] == 0 {
		n--
	}
	if n == from {
		return 0, nil, false
	}
	return plain[n-1], plain[:n-1], true
}

func (o *aeadOpener) pass([]byte) {}
func (o *aeadOpener) lose() bool  { return true }

func (o *aeadOpener) overhead() int {
	n := o.explicit + o.aead.Overhead()
	if o.inner {
		n++
	}
	return n
}
