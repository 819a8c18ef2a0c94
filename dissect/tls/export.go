package tls

import "encoding/hex"

// Secrets says which of the secrets of a connection somebody has.
type Secrets uint8

// SetMet says whom to tell of the connections that are dissected: met is called,
// from any goroutine, with the number of a TCP connection and the random of a
// ClientHello on it, and again when a secret has been found for it that AppendLog
// did not know before. It has to be set before anything is dissected.
func (k *Keys) SetMet(met func(conn int, random [32]byte)) { k.met = met }

// meet tells of a ClientHello.
func (k *Keys) meet(conn int, random *[32]byte) {
	if k.met != nil {
		k.met(conn, *random)
	}
}

// derived takes in a master secret that no log has for this random: it was
// agreed on under a key of the server's, or by another connection. Nobody but
// AppendLog needs it.
func (k *Keys) derived(conn int, random *[32]byte, master []byte) {
	if k.met == nil {
		return
	}
	k.mu.Lock()
	k.add(*random, masterSecret, logged{master, always})
	k.mu.Unlock()
	k.met(conn, *random)
}

// AppendLog appends the secrets that are known for the random of a ClientHello,
// but for those that somebody has, as lines of a key log (RFC 9850). It returns
// which ones somebody has then.
func (k *Keys) AppendLog(dst []byte, random *[32]byte, has Secrets) ([]byte, Secrets) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	e := k.byRandom[*random]
	if e == nil {
		return dst, has
	}
	for kind, s := range e {
		if bit := Secrets(1) << kind; s.secret != nil && has&bit == 0 {
			has |= bit
			dst = append(append(dst, secretLabels[kind]...), ' ')
			dst = append(hex.AppendEncode(dst, random[:]), ' ')
			dst = append(hex.AppendEncode(dst, s.secret), '\n')
		}
	}
	return dst, has
}

// Version counts the additions to the secrets.
func (k *Keys) Version() uint64 { return k.version.Load() }

// Grow looks for more secrets where SetGrowing has said how to.
func (k *Keys) Grow() { k.grow() }
