package tls

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
)

// cbcOpener opens records of block ciphers in CBC mode: with the IV in each
// record (TLS 1.1 and 1.2) or that of one chained to the one before (TLS 1.0),
// with the MAC inside (RFC 5246 section 6.2.3.2) or around it (RFC 7366).
type cbcOpener struct {
	block cipher.Block
	mode  cipher.BlockMode
	mac   *recordMAC
	outer bool // the MAC covers what is encrypted

	chained bool
	iv      []byte // of the next record, where chained
	known   bool   // iv is; it is not after a loss

	// After a record whose MAC was right, but whose own IV is not known: what
	// the next one's IV and its least number are.
	next  []byte
	least uint64
}

// ivSetter is what the decrypters of crypto/cipher implement.
type ivSetter interface{ SetIV([]byte) }

func newCBCOpener(p protection, k directionKeys) opener {
	o := &cbcOpener{mac: newRecordMAC(p.version, k.mac), outer: p.encryptThenMAC, chained: p.version <= versionTLS10}
	var err error
	switch p.suite.Cipher {
	case "AES":
		o.block, err = aes.NewCipher(k.key)
	case "3DES":
		o.block, err = des.NewTripleDESCipher(k.key)
	default:
		return nil
	}
	if err != nil || o.mac == nil {
		return nil
	}
	o.iv = make([]byte, o.block.BlockSize())
	if o.chained {
		if len(k.iv) != len(o.iv) {
			return nil
		}
		copy(o.iv, k.iv)
		o.known = true
	}
	o.mode = cipher.NewCBCDecrypter(o.block, o.iv)
	return o
}

func (o *cbcOpener) open(dst []byte, seq uint64, rec []byte) (byte, []byte, bool) {
	sealed := rec[headerSize:]
	if o.outer {
		n := len(sealed) - o.mac.size()
		if n < 0 || seq < o.least || !o.mac.verifies(seq, rec, sealed[:n], sealed[n:]) {
			return 0, nil, false
		}
		sealed = sealed[:n]
	}
	iv, size := o.iv, o.block.BlockSize()
	if !o.chained {
		if len(sealed) < size {
			return 0, nil, false
		}
		iv, sealed = sealed[:size], sealed[size:]
	}
	if len(sealed) == 0 || len(sealed)%size != 0 {
		return 0, nil, false
	}
	if o.chained && !o.known {
		if o.outer {
			o.next, o.least = append(o.next[:0], sealed[len(sealed)-size:]...), seq+1
		}
		return 0, nil, false
	}
	start := len(dst)
	dst = append(dst, sealed...)
	plain := dst[start:]
	o.decrypt(plain, iv)
	n, ok := o.unpad(plain)
	if !ok {
		return 0, nil, false
	}
	if !o.outer {
		end := n - o.mac.size()
		if end < 0 || !o.mac.verifies(seq, rec, plain[:end], plain[end:n]) {
			return 0, nil, false
		}
		n = end
	}
	o.chain(sealed)
	return rec[0], dst[:start+n], true
}

func (o *cbcOpener) decrypt(b, iv []byte) {
	if s, ok := o.mode.(ivSetter); ok {
		s.SetIV(iv)
	} else {
		o.mode = cipher.NewCBCDecrypter(o.block, iv)
	}
	o.mode.CryptBlocks(b, b)
}

// unpad returns the size of b without its padding, which says its own length in
// each of its bytes; in SSL 3.0 only in the last one, and there it fills up no
// more than a block (RFC 6101 section 5.2.3.2).
func (o *cbcOpener) unpad(b []byte) (int, bool) {
	value := b[len(b)-1]
	n := len(b) - int(value) - 1
	if n < 0 {
		return 0, false
	}
	if o.mac.ssl3 {
		return n, int(value) < o.block.BlockSize()
	}
	for _, p := range b[n:] {
		if p != value {
			return 0, false
		}
	}
	return n, true
}

// chain keeps the last block of what was encrypted as the next IV.
func (o *cbcOpener) chain(sealed []byte) {
	if o.chained && len(sealed) >= len(o.iv) {
		copy(o.iv, sealed[len(sealed)-len(o.iv):])
		o.known = true
	}
}

// pass keeps what the next record is chained to. With the MAC inside, a wrong
// last block makes that record fail; a MAC around it would not tell, so there
// only a record counts whose MAC was right.
func (o *cbcOpener) pass(rec []byte) {
	if !o.outer {
		o.chain(rec[headerSize:])
		return
	}
	if o.known = len(o.next) > 0; o.known {
		copy(o.iv, o.next)
		o.next = o.next[:0]
	}
}

func (o *cbcOpener) lose() bool {
	o.known = false
	return true
}

func (o *cbcOpener) overhead() int {
	if o.chained {
		return o.mac.size() + 1
	}
	return o.mac.size() + 1 + o.block.BlockSize()
}
