package tls

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// Suite is a cipher suite: its name in IANA's registry, and what has to be known
// to open its records. Sizes are in bytes.
type Suite struct {
	ID          uint16
	Name        string
	TLS13       bool   // a suite of TLS 1.3; the others are for 1.2 and before
	KeyExchange string // RSA, ECDHE, …
	Cipher      string // AES, ChaCha20, …; NULL for none
	Mode        string // gcm, ccm, ccm8, chacha20poly1305, cbc, stream, null
	Key         int    // of one direction
	MACKey      int    // 0 with an AEAD
	FixedIV     int    // the part of the nonce that the key block holds
	ExplicitIV  int    // the part of the nonce, or the IV, that each record holds
	Tag         int    // 0 without an AEAD
	Hash        string // SHA256 or SHA384: of the PRF of TLS 1.2, or HKDF
}

// suites.tsv has a line for each suite that OpenSSL 3 knows, in the order of
// Suite's fields; its first line names the columns.
//
//go:embed suites.tsv
var suiteLines string

var suites = sync.OnceValue(func() map[uint16]Suite { return parseSuites(suiteLines) })

// SuiteByID returns the cipher suite with this number, where it is known.
func SuiteByID(id uint16) (Suite, bool) {
	s, ok := suites()[id]
	return s, ok
}

// parseSuites reads suites.tsv. Lines that it cannot read are left out; that
// there are none is for the tests to say.
func parseSuites(lines string) map[uint16]Suite {
	table := make(map[uint16]Suite)
	for line := range strings.Lines(lines) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		id, err := strconv.ParseUint(f[0], 0, 16)
		if err != nil || len(f) != 12 {
			continue
		}
		var sizes [5]int
		for i := range sizes {
			if sizes[i], err = strconv.Atoi(f[6+i]); err != nil {
				break
			}
		}
		if err != nil {
			continue
		}
		table[uint16(id)] = Suite{
			ID: uint16(id), Name: f[1], TLS13: f[2] == "1.3",
			KeyExchange: f[3], Cipher: f[4], Mode: f[5],
			Key: sizes[0], MACKey: sizes[1], FixedIV: sizes[2], ExplicitIV: sizes[3], Tag: sizes[4],
			Hash: f[11],
		}
	}
	return table
}

// appendSuite appends the name of a suite, or its number where it is not known.
func appendSuite(dst []byte, id uint16) []byte {
	if s, ok := SuiteByID(id); ok {
		return append(dst, s.Name...)
	}
	return appendHex(append(dst, "suite "...), id)
}

// appendHex appends n as 0x and four digits.
func appendHex(dst []byte, n uint16) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '0', 'x', digits[n>>12], digits[n>>8&15], digits[n>>4&15], digits[n&15])
}
