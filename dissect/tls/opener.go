package tls

import (
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // what a capture holds was sealed with it
	"crypto/sha1" //nolint:gosec // as above
	"crypto/sha256"
	"crypto/sha512"
	"hash"
)

// An opener undoes the protection of the records of one direction, from one
// change of keys to the next.
type opener interface {
	// open appends the content of a record, whose header stands before it, to
	// dst and returns both together with the content type. seq is the record's
	// number since the keys changed. Where the record does not pass its
	// integrity check with that number, ok is false and nothing has changed.
	open(dst []byte, seq uint64, rec []byte) (contentType byte, plain []byte, ok bool)
	// pass says that a record went by that could not be opened.
	pass(rec []byte)
	// lose says that bytes were lost. It reports whether records behind the
	// loss can be opened.
	lose() bool
	// overhead is the least that protection adds to the content of a record.
	overhead() int
}

// directionKeys are what a key exchange gives for one direction.
type directionKeys struct {
	mac, key, iv []byte
}

// protection is what was agreed on for the records of a connection.
type protection struct {
	suite          Suite
	version        uint16
	encryptThenMAC bool // RFC 7366
}

// newOpener returns the opener for records sealed with keys, or nil where the
// cipher is not supported.
func newOpener(p protection, k directionKeys) opener {
	s := p.suite
	if len(k.key) != s.Key || len(k.mac) != s.MACKey || s.Cipher == "ARIA" || s.Cipher == "Camellia" {
		return nil
	}
	switch s.Mode {
	case "gcm", "ccm", "ccm8", "chacha20poly1305":
		return newAEADOpener(p, k)
	case "cbc":
		return newCBCOpener(p, k)
	case "stream", "null":
		return newStreamOpener(p, k)
	}
	return nil
}

// macs are the hash functions of the HMACs of TLS 1.2 and before, by the size of
// their keys, which tells them apart.
func macHash(keySize int) func() hash.Hash {
	switch keySize {
	case md5.Size:
		return md5.New
	case sha1.Size:
		return sha1.New
	case sha256.Size:
		return sha256.New
	case sha512.Size384:
		return sha512.New384
	}
	return nil
}

// recordMAC computes the MACs of records (RFC 5246 section 6.2.3.1).
type recordMAC struct {
	hash   hash.Hash
	ssl3   bool // the version is not covered
	header [13]byte
	sum    [sha512.Size]byte
}

func newRecordMAC(version uint16, key []byte) *recordMAC {
	newHash := macHash(len(key))
	switch {
	case newHash == nil:
		return nil
	case version == versionSSL3:
		return &recordMAC{hash: newSSL3MAC(newHash, key), ssl3: true}
	}
	return &recordMAC{hash: hmac.New(newHash, key)}
}

func (m *recordMAC) size() int { return m.hash.Size() }

// verifies reports whether tag is the MAC of content in a record with the type
// and version of header.
func (m *recordMAC) verifies(seq uint64, header, content, tag []byte) bool {
	putPseudoHeader(&m.header, seq, header, len(content))
	m.hash.Reset()
	if m.ssl3 {
		copy(m.header[9:], m.header[11:])
		_, _ = m.hash.Write(m.header[:11])
	} else {
		_, _ = m.hash.Write(m.header[:])
	}
	_, _ = m.hash.Write(content)
	return hmac.Equal(m.hash.Sum(m.sum[:0]), tag)
}

// putPseudoHeader fills in what MACs and AEADs cover beside the content: the
// number of the record, its type and version, and the size of the content.
func putPseudoHeader(dst *[13]byte, seq uint64, header []byte, size int) {
	for i := range 8 {
		dst[i] = byte(seq >> (56 - 8*i))
	}
	copy(dst[8:11], header[:3])
	dst[11], dst[12] = byte(size>>8), byte(size)
}
