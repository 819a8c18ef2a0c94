package tls

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// maxRSAKeys bounds the keys that are tried on a key exchange.
const maxRSAKeys = 64

// AddRSAKey takes in the RSA private keys of a PEM file (PKCS#1 or PKCS#8; other
// blocks, such as certificates, are passed over). They open connections of TLS
// 1.2 and before whose key exchange is RSA, and no others: with an ephemeral
// exchange, and in TLS 1.3, a server's key does not help.
func (k *Keys) AddRSAKey(file []byte) error {
	var found []*rsa.PrivateKey
	for {
		var block *pem.Block
		if block, file = pem.Decode(file); block == nil {
			break
		}
		key, err := parseRSAKey(block)
		if err != nil {
			return err
		}
		if key != nil {
			found = append(found, key)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case len(found) == 0:
		return errors.New("there is no RSA private key in PEM form in it")
	case len(k.rsa)+len(found) > maxRSAKeys:
		return fmt.Errorf("more than %d RSA keys", maxRSAKeys)
	}
	k.rsa = append(k.rsa, found...)
	k.touch()
	return nil
}

// parseRSAKey returns the key in a block, nil where the block is something else.
func parseRSAKey(block *pem.Block) (*rsa.PrivateKey, error) {
	switch {
	case block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
		return nil, errors.New("the key is encrypted; openssl pkey writes it without a passphrase")
	case block.Type == "RSA PRIVATE KEY":
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	case block.Type == "PRIVATE KEY":
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		if key, ok := key.(*rsa.PrivateKey); ok {
			return key, nil
		}
		return nil, fmt.Errorf("the key is not one of RSA but a %T", key)
	}
	return nil, nil
}

// decryptPremaster returns the premaster secret of an RSA key exchange (RFC 5246
// section 7.4.7.1), or nil where none of the keys opens it. version is that
// which the client offered.
func (k *Keys) decryptPremaster(encrypted []byte, version uint16) []byte {
	k.mu.RLock()
	keys := k.rsa
	k.mu.RUnlock()
	for _, key := range keys {
		if len(encrypted) != key.Size() {
			continue
		}
		secret, err := rsa.DecryptPKCS1v15(nil, key, encrypted) //nolint:staticcheck // the exchange is made so
		if err == nil && len(secret) == masterSize && secret[0] == byte(version>>8) && secret[1] == byte(version) {
			return secret
		}
	}
	return nil
}
