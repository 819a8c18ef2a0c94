package tls

import (
	"crypto/cipher"
	"crypto/subtle"
	"errors"
)

// ccm is the AEAD mode CCM of RFC 3610 for a cipher with blocks of 16 bytes.
type ccm struct {
	block     cipher.Block
	nonceSize int
	tagSize   int
	mac, a    [16]byte // the CBC-MAC; the counter block
	stream    [16]byte
}

var _ cipher.AEAD = (*ccm)(nil)

// newCCM returns CCM over block. It may be used by one goroutine at a time.
func newCCM(block cipher.Block, nonceSize, tagSize int) *ccm {
	return &ccm{block: block, nonceSize: nonceSize, tagSize: tagSize}
}

func (c *ccm) NonceSize() int { return c.nonceSize }
func (c *ccm) Overhead() int  { return c.tagSize }

var errTag = errors.New("tls: the tag is not that of the message")

// begin starts the MAC and the key stream of a message of n bytes.
func (c *ccm) begin(nonce, data []byte, n int) {
	lengthSize := 15 - c.nonceSize
	c.mac = [16]byte{byte((c.tagSize-2)/2)<<3 | byte(lengthSize-1)}
	if len(data) > 0 {
		c.mac[0] |= 1 << 6
	}
	copy(c.mac[1:], nonce)
	for i := range lengthSize {
		c.mac[15-i] = byte(n >> (8 * i))
	}
	c.block.Encrypt(c.mac[:], c.mac[:])
	if len(data) > 0 { // less than 0xff00 bytes: records have 13 at most
		c.mac[0] ^= byte(len(data) >> 8)
		c.mac[1] ^= byte(len(data))
		head := min(len(data), 14)
		subtle.XORBytes(c.mac[2:], c.mac[2:], data[:head])
		c.block.Encrypt(c.mac[:], c.mac[:])
		c.authenticate(data[head:])
	}
	c.a = [16]byte{byte(lengthSize - 1)}
	copy(c.a[1:], nonce)
}

// authenticate takes b into the MAC, filled up with zeros to whole blocks.
func (c *ccm) authenticate(b []byte) {
	for len(b) > 0 {
		n := subtle.XORBytes(c.mac[:], c.mac[:], b)
		c.block.Encrypt(c.mac[:], c.mac[:])
		b = b[n:]
	}
}

// crypt encrypts or decrypts src into dst, block by block. Block 0 is for the
// tag.
func (c *ccm) crypt(dst, src []byte) {
	for len(src) > 0 {
		for i := 15; i > c.nonceSize; i-- {
			if c.a[i]++; c.a[i] != 0 {
				break
			}
		}
		c.block.Encrypt(c.stream[:], c.a[:])
		n := subtle.XORBytes(dst, src, c.stream[:])
		dst, src = dst[n:], src[n:]
	}
}

// Seal implements cipher.AEAD. dst and plaintext must not overlap.
func (c *ccm) Seal(dst, nonce, plaintext, data []byte) []byte {
	c.begin(nonce, data, len(plaintext))
	c.block.Encrypt(c.stream[:], c.a[:])
	first := c.stream
	c.authenticate(plaintext)
	start := len(dst)
	dst = append(dst, plaintext...)
	c.crypt(dst[start:], plaintext)
	subtle.XORBytes(c.mac[:], c.mac[:], first[:])
	return append(dst, c.mac[:c.tagSize]...)
}

// Open implements cipher.AEAD. dst and sealed must not overlap.
func (c *ccm) Open(dst, nonce, sealed, data []byte) ([]byte, error) {
	n := len(sealed) - c.tagSize
	if n < 0 {
		return nil, errTag
	}
	c.begin(nonce, data, n)
	c.block.Encrypt(c.stream[:], c.a[:])
	first := c.stream
	start := len(dst)
	dst = append(dst, sealed[:n]...)
	c.crypt(dst[start:], sealed[:n])
	c.authenticate(dst[start:])
	subtle.XORBytes(c.mac[:], c.mac[:], first[:])
	if subtle.ConstantTimeCompare(c.mac[:c.tagSize], sealed[n:]) != 1 {
		clear(dst[start:])
		return nil, errTag
	}
	return dst, nil
}
