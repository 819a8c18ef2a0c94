package tls

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5"
	"crypto/rand"
	"crypto/rc4"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"talktrace/dissect"
)

// ssl3Sealer seals the records of a direction, as RFC 6101 section 5.2.3 says.
type ssl3Sealer struct {
	mac func(content []byte) []byte
	seq uint64

	stream *rc4.Cipher
	block  cipher.BlockMode
}

func (s *ssl3Sealer) seal(contentType byte, content []byte) []byte {
	covered := binary.BigEndian.AppendUint64(nil, s.seq)
	covered = append(covered, contentType, byte(len(content)>>8), byte(len(content)))
	s.seq++
	sealed := append(bytes.Clone(content), s.mac(append(covered, content...))...)
	if s.stream != nil {
		s.stream.XORKeyStream(sealed, sealed)
	} else {
		size := s.block.BlockSize()
		padding := bytes.Repeat([]byte{0xee}, size-len(sealed)%size)
		padding[len(padding)-1] = byte(len(padding) - 1)
		sealed = append(sealed, padding...)
		s.block.CryptBlocks(sealed, sealed)
	}
	return append([]byte{contentType, 3, 0, byte(len(sealed) >> 8), byte(len(sealed))}, sealed...)
}

// ssl3Block is the key block, or the master secret, as RFC 6101 section 6 has it.
func ssl3Block(size int, secret, first, second []byte) (block []byte) {
	for _, letters := range []string{"A", "BB", "CCC", "DDDD", "EEEEE", "FFFFFF", "GGGGGGG", "HHHHHHHH"} {
		inner := sha1.Sum(slices.Concat([]byte(letters), secret, first, second))
		outer := md5.Sum(append(bytes.Clone(secret), inner[:]...))
		block = append(block, outer[:]...)
	}
	return block[:size]
}

// ssl3Talk is a conversation of SSL 3.0 under a master secret, with random
// values that are always the same.
func ssl3Talk(t *testing.T, suite uint16, master, exchange []byte) []part {
	t.Helper()
	s, _ := SuiteByID(suite)
	clientRandom, serverRandom := bytes.Repeat([]byte{0xc1}, 32), bytes.Repeat([]byte{0x5e}, 32)
	block := ssl3Block(2*(s.MACKey+s.Key+s.ExplicitIV), master, serverRandom, clientRandom)
	var sealers [2]ssl3Sealer
	for i := range sealers {
		mac := block[i*s.MACKey:][:s.MACKey]
		key := block[2*s.MACKey+i*s.Key:][:s.Key]
		iv := block[2*(s.MACKey+s.Key)+i*s.ExplicitIV:][:s.ExplicitIV]
		sum := func(b []byte) []byte { h := sha1.Sum(b); return h[:] }
		pad := 40
		if s.MACKey == md5.Size {
			sum, pad = func(b []byte) []byte { h := md5.Sum(b); return h[:] }, 48
		}
		sealers[i].mac = func(b []byte) []byte {
			inner := sum(slices.Concat(mac, bytes.Repeat([]byte{0x36}, pad), b))
			return sum(slices.Concat(mac, bytes.Repeat([]byte{0x5c}, pad), inner))
		}
		var cipherBlock cipher.Block
		var err error
		switch s.Cipher {
		case "RC4":
			sealers[i].stream, err = rc4.NewCipher(key)
		case "3DES":
			cipherBlock, err = des.NewTripleDESCipher(key)
		case "AES":
			cipherBlock, err = aes.NewCipher(key)
		}
		if err != nil {
			t.Fatal(err)
		}
		if cipherBlock != nil {
			sealers[i].block = cipher.NewCBCEncrypter(cipherBlock, iv)
		}
	}
	plain := func(contentType byte, content []byte) []byte {
		record := rec(contentType, content...)
		record[2] = 0
		return record
	}
	number := []byte{byte(suite >> 8), byte(suite)}
	c, sv := &sealers[dissect.Client], &sealers[dissect.Server]
	return []part{
		client(plain(handshake, msg(clientHello, slices.Concat([]byte{3, 0}, clientRandom, []byte{0, 0, 2}, number, []byte{1, 0})...))...),
		server(slices.Concat(plain(handshake, msg(serverHello, slices.Concat([]byte{3, 0}, serverRandom, []byte{0}, number, []byte{0})...)), plain(handshake, msg(14)))...),
		client(slices.Concat(plain(handshake, msg(clientKeyExchange, exchange...)), plain(changeCipherSpec, []byte{1}), c.seal(handshake, msg(finished, make([]byte, 36)...)))...),
		server(slices.Concat(plain(changeCipherSpec, []byte{1}), sv.seal(handshake, msg(finished, make([]byte, 36)...)))...),
		client(c.seal(applicationData, []byte("<stream:stream>"))...),
		server(sv.seal(applicationData, []byte("<stream:stream><stream:features/>"))...),
		client(slices.Concat(c.seal(applicationData, []byte("<a/>")), c.seal(alert, []byte{1, 0}))...),
		server(sv.seal(alert, []byte{1, 0})...),
	}
}

// SSL 3.0 is opened with its master secret and with the server's key, whatever
// the cipher, and a changed byte is found.
func TestSSL3(t *testing.T) {
	file, err := os.ReadFile(recorded + "/server.key")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(file)
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	premaster := append([]byte{3, 0}, bytes.Repeat([]byte{0x77}, masterSize-2)...)
	exchange, err := rsa.EncryptPKCS1v15(rand.Reader, &key.PublicKey, premaster) //nolint:staticcheck // the exchange is made so
	if err != nil {
		t.Fatal(err)
	}
	master := ssl3Block(masterSize, premaster, bytes.Repeat([]byte{0xc1}, 32), bytes.Repeat([]byte{0x5e}, 32))
	log := "CLIENT_RANDOM " + strings.Repeat("c1", 32) + " " + hex.EncodeToString(master)
	byKey := NewKeys()
	if err := byKey.AddRSAKey(file); err != nil {
		t.Fatal(err)
	}
	for _, suite := range []uint16{0x0004, 0x0005, 0x000a, 0x002f} {
		parts := ssl3Talk(t, suite, master, exchange)
		for how, keys := range map[string]*Keys{"log": keysOf(t, log), "RSA key": byKey} {
			p, in := opened(keys)
			p.play(parts...)
			p.end(dissect.EndFIN)
			said := fmt.Sprintf("%s|%s", in.text[0].String(), in.text[1].String())
			if said != "<stream:stream><a/>|<stream:stream><stream:features/>" {
				t.Errorf("%#04x by %s: %s", suite, how, said)
			}
			closed := func(row string) bool { return strings.Contains(row, "SSLv3") && strings.Contains(row, "close_notify") }
			if rows := p.rows(); len(rows) < 12 || !slices.ContainsFunc(rows[10:], closed) {
				t.Errorf("%#04x by %s: %q", suite, how, rows)
			}
			wantNotes(t, p)
		}
		bad := slices.Clone(parts)
		bad[4].data = slices.Clone(bad[4].data)
		bad[4].data[headerSize] ^= 1
		p, in := opened(keysOf(t, log))
		p.play(bad...)
		if strings.HasPrefix(in.text[0].String(), "<stream") || !slices.ContainsFunc(p.c.Events, func(e dissect.Event) bool { return e.Kind == dissect.KindMalformed }) {
			t.Errorf("%#04x: changed, and opened as %s", suite, in.text[0].String())
		}
	}
}
