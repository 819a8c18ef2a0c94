package tls

import (
	"crypto/md5" //nolint:gosec // JA3 is defined by it
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
)

// JA3 is the fingerprint of a client by what its hello offers: the MD5 of
// version, suites, extensions, groups and point formats, in decimal, GREASE left
// out. The version is that of the hello itself, 771 for TLS 1.3 too.
func (h *ClientHello) JA3() string {
	formats := make([]uint16, len(h.PointFormats))
	for i, f := range h.PointFormats {
		formats[i] = uint16(f)
	}
	return md5Of(appendDecimals(nil, []uint16{h.Version}, h.Suites, h.Extensions, h.Groups, formats))
}

// JA3S is the fingerprint of a server by its answer: the MD5 of version, suite
// and extensions.
func (h *ServerHello) JA3S() string {
	return md5Of(appendDecimals(nil, []uint16{h.legacyVersion}, []uint16{h.Suite}, h.Extensions))
}

// JA4 is the fingerprint of a client that does not depend on the order of
// extensions. Its first part can be read: the transport, the highest version,
// whether there is a server name, how many suites and extensions, and the first
// and last character of the first protocol of ALPN.
func (h *ClientHello) JA4() string {
	sni := byte('i')
	if h.has(extServerName) {
		sni = 'd'
	}
	a := fmt.Sprintf("t%s%c%02d%02d%s", ja4Version(h.MaxVersion()), sni, min(len(h.Suites), 99), min(len(h.Extensions), 99), h.ja4ALPN())
	suites := slices.Sorted(slices.Values(h.Suites))
	extensions := slices.DeleteFunc(slices.Sorted(slices.Values(h.Extensions)), func(e uint16) bool {
		return e == extServerName || e == extALPN
	})
	c := appendHexes(nil, extensions)
	if len(h.SignatureAlgorithms) > 0 {
		c = appendHexes(append(c, '_'), h.SignatureAlgorithms)
	}
	return a + "_" + ja4Hash(appendHexes(nil, suites), len(suites)) + "_" + ja4Hash(c, len(h.Extensions))
}

// ja4Version writes a version as JA4 has it.
func ja4Version(version uint16) string {
	switch version {
	case versionTLS10, versionTLS11, versionTLS12, versionTLS13:
		return "1" + strconv.Itoa(int(version-versionTLS10))
	case versionSSL3:
		return "s3"
	case versionSSL2:
		return "s2"
	}
	return "00"
}

// ja4ALPN is the first and the last character of the first protocol, or of its
// hexadecimal form where one of them is no letter or digit.
func (h *ClientHello) ja4ALPN() string {
	if len(h.ALPN) == 0 {
		return "00"
	}
	name := h.ALPN[0]
	first, last := name[0], name[len(name)-1]
	if isAlphanumeric(first) && isAlphanumeric(last) {
		return string([]byte{first, last})
	}
	digits := hex.EncodeToString([]byte{first, last})
	return string([]byte{digits[0], digits[3]})
}

func isAlphanumeric(b byte) bool {
	return '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z'
}

// ja4Hash is the beginning of the SHA-256 of a list, which has n parts.
func ja4Hash(list []byte, n int) string {
	if n == 0 {
		return "000000000000"
	}
	sum := sha256.Sum256(list)
	return hex.EncodeToString(sum[:6])
}

func md5Of(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

// appendDecimals appends lists: their numbers joined by dashes, the lists by
// commas.
func appendDecimals(dst []byte, lists ...[]uint16) []byte {
	for i, list := range lists {
		if i > 0 {
			dst = append(dst, ',')
		}
		for j, n := range list {
			if j > 0 {
				dst = append(dst, '-')
			}
			dst = strconv.AppendUint(dst, uint64(n), 10)
		}
	}
	return dst
}

// appendHexes appends numbers of four hexadecimal digits, joined by commas.
func appendHexes(dst []byte, list []uint16) []byte {
	for i, n := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, appendHex(nil, n)[2:]...)
	}
	return dst
}
