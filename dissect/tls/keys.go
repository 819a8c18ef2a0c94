package tls

import (
	"crypto/rsa"
	"sync"
	"sync/atomic"
)

// Keys are what opens TLS connections: the secrets that endpoints logged, by
// the random of the ClientHello, and the private keys of servers. It may be used
// by several goroutines at a time.
//
// A connection looks for its secrets at a frame of the capture. Secrets that
// were added after so many frames (AddBlock) are not found at an earlier frame,
// so that what a connection finds does not depend on how far ahead the capture
// has been read.
type Keys struct {
	mu       sync.RWMutex
	byRandom map[[32]byte]*entry
	order    [][32]byte // the keys of byRandom, oldest first from place oldest on
	oldest   int
	sessions map[string]logged  // master secrets by session id, from logs of that form
	premade  map[[8]byte]logged // premaster secrets, by how they begin when encrypted
	limit    int
	rsa      []*rsa.PrivateKey

	version atomic.Uint64 // counts the additions
	latest  atomic.Int64  // the frames that had been read at the latest of them
	growing atomic.Pointer[func() bool]
	met     func(conn int, random [32]byte)
}

// maxEntries bounds the connections whose secrets are kept; past it the oldest
// are forgotten. An entry has some 600 bytes.
const maxEntries = 1 << 18

// always is the number of frames of what is known from the beginning.
const always = 0

// logged is a secret, and the number of frames that had been read when it became
// known.
type logged struct {
	secret []byte
	frames int
}

// seenAt returns the secret if it is known at a frame.
func (s logged) seenAt(frame int) []byte {
	if s.frames >= frame && s.frames != always {
		return nil
	}
	return s.secret
}

// entry has the secrets logged for one ClientHello.
type entry [secretKinds]logged

// secretKind says which of the secrets of a connection one is.
type secretKind uint8

const (
	masterSecret    secretKind = iota // of TLS 1.2 and before
	premasterSecret                   // as above
	earlySecret                       // traffic secrets of TLS 1.3
	clientHandshakeSecret
	serverHandshakeSecret
	clientSecret
	serverSecret
	secretKinds
)

// NewKeys returns an empty set.
func NewKeys() *Keys {
	return &Keys{
		byRandom: make(map[[32]byte]*entry), sessions: make(map[string]logged),
		premade: make(map[[8]byte]logged), limit: maxEntries,
	}
}

// Len is the number of connections that secrets are known for.
func (k *Keys) Len() int {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return len(k.byRandom) + len(k.sessions) + len(k.premade)
}

// Hopeful reports whether connections may be opened: there are secrets, or there
// will be. It may be called for nil, which opens none.
func (k *Keys) Hopeful() bool {
	return k != nil && (k.isGrowing() || k.Len() > 0 || len(k.rsa) > 0)
}

// SetGrowing says how to look for more: more is called, from any goroutine, when
// a connection does not find its secrets, and adds what has been logged since.
// It returns false when nothing will be added any more. As long as it returns
// true, connections without secrets wait for them a while.
func (k *Keys) SetGrowing(more func() bool) { k.growing.Store(&more) }

// grow looks for more, and reports whether there may yet be some.
func (k *Keys) grow() bool {
	more := k.growing.Load()
	return more != nil && (*more)()
}

// isGrowing reports whether there will be more secrets.
func (k *Keys) isGrowing() bool { return k.growing.Load() != nil }

// find returns a secret for a ClientHello's random, or nil.
func (k *Keys) find(random *[32]byte, kind secretKind, frame int) []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if e := k.byRandom[*random]; e != nil {
		return e[kind].seenAt(frame)
	}
	return nil
}

// session returns the master secret that was logged for a session id, or nil.
func (k *Keys) session(id []byte, frame int) []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.sessions[string(id)].seenAt(frame)
}

// premaster returns the premaster secret that was logged by the first bytes it
// has when encrypted, or nil.
func (k *Keys) premaster(encrypted []byte, frame int) []byte {
	if len(encrypted) < 8 {
		return nil
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.premade[[8]byte(encrypted)].seenAt(frame)
}

// wantsExchange reports whether an RSA key exchange is of use.
func (k *Keys) wantsExchange(random *[32]byte) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	e := k.byRandom[*random]
	return len(k.rsa) > 0 || len(k.premade) > 0 || e != nil && e[premasterSecret].secret != nil
}

// add takes in a secret for a random. The first one counts: a log that was
// loaded twice changes nothing.
func (k *Keys) add(random [32]byte, kind secretKind, s logged) {
	e := k.byRandom[random]
	if e == nil {
		if len(k.byRandom) >= k.limit {
			k.forget()
		}
		e = new(entry)
		k.byRandom[random] = e
		k.order = append(k.order, random)
	}
	if e[kind].secret == nil {
		e[kind] = s
	}
}

// forget drops the oldest entry.
func (k *Keys) forget() {
	delete(k.byRandom, k.order[k.oldest])
	if k.oldest++; k.oldest > len(k.order)/2 {
		k.order = k.order[:copy(k.order, k.order[k.oldest:])]
		k.oldest = 0
	}
}

// touch makes an addition known to the connections that did not find their
// secrets.
func (k *Keys) touch() { k.version.Add(1) }

// stamp says what can be known at a frame: whoever found nothing finds nothing
// until it changes. It is 0, which never counts as the same, where some of what
// was added is for later frames.
func (k *Keys) stamp(frame int) uint64 {
	if int64(frame) <= k.latest.Load() {
		return 0
	}
	return k.version.Load() + 1
}

// SharesSessions reports whether a connection may need a secret that another
// one, of the same two hosts, was seen to agree on: with an RSA key, and with
// premaster secrets, a resumed session can be opened only so. Such connections
// have to be dissected in order and with the same dissect.Context.
func (k *Keys) SharesSessions() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return len(k.rsa) > 0 || len(k.premade) > 0
}
