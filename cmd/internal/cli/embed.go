package cli

import (
	"bytes"
	"slices"
	"sync"

	"talktrace/capture"
	"talktrace/dissect/tls"
)

// secretsWriter is where frames and secrets are written, a ring.Ring.
type secretsWriter interface {
	capture.Writer
	WriteSecrets(kind uint32, data []byte)
}

// embedding puts the secrets of the connections that are written into the file,
// and those of no others: a key log may well be that of all that a browser does.
//
// The secrets should stand before the frames that they open. So each frame is
// looked at for a ClientHello on its way, and what is known by then goes before
// it. A random that cannot be seen so, because segments or encryption hide it,
// is heard of from whoever dissects the connection; its secrets come when they
// are known in a live trace, and else at the end, where those who read the whole
// file first find them.
type embedding struct {
	secretsWriter
	keys   *tls.Keys
	stream connection
	live   bool
	chosen func(number int) bool // says whether a connection is written; nil if all are

	mu      sync.Mutex
	known   map[[32]byte]embedded
	order   [][32]byte // the keys of known, oldest first from place oldest on
	oldest  int
	limit   int    // of connections
	version uint64 // of the keys when they were last looked through
	written int    // blocks
	text    []byte
}

// embedded is what the file has of a connection.
type embedded struct {
	has  tls.Secrets
	seen bool // its ClientHello was seen in a frame
	met  bool // or elsewhere, in the connection
	conn int
}

const (
	// maxEmbedded bounds the connections that are remembered.
	maxEmbedded = 1 << 18
	// maxIncomplete bounds those, the latest ones, whose secrets may still come.
	maxIncomplete = 4096
)

// newEmbedding returns what writes the secrets of connections to w.
func newEmbedding(w secretsWriter, keys *tls.Keys, stream connection, live bool) *embedding {
	e := &embedding{secretsWriter: w, keys: keys, stream: stream, live: live, known: make(map[[32]byte]embedded), limit: maxEmbedded}
	keys.SetMet(e.met)
	return e
}

// WriteFrame implements capture.Writer.
func (e *embedding) WriteFrame(f *capture.Frame) error {
	if e.live {
		e.tick()
	}
	eachHello(f.Data, e.saw)
	return e.secretsWriter.WriteFrame(f)
}

// eachHello calls found with the random of each ClientHello that begins, with
// its record, in the bytes of a frame (RFC 8446 sections 4.1.2 and 5.1).
func eachHello(data []byte, found func(random [32]byte)) {
	const (
		header    = 5 + 4 + 2 // of the record, of the message, and the version
		handshake = "\x16\x03"
		hello     = 1
	)
	for {
		at := bytes.Index(data, []byte(handshake))
		if at < 0 || len(data)-at < header+32 {
			return
		}
		data = data[at:]
		if data[5] == hello && data[6] == 0 && data[9] == 3 {
			found([32]byte(data[header:]))
		}
		data = data[2:]
	}
}

// saw takes note of a ClientHello in a frame that is about to be written. Only
// the first one of a random counts, so that the file does not depend on what the
// dissection has found in the meantime.
func (e *embedding) saw(random [32]byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if state := e.remember(random); !state.seen {
		state.seen = true
		e.known[random] = state
		e.write(random)
	}
}

// met takes note of a ClientHello that was dissected.
func (e *embedding) met(number int, random [32]byte) {
	if !e.stream.has(number) {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	state := e.remember(random)
	state.met, state.conn = true, number
	e.known[random] = state
	if e.live {
		e.write(random)
	}
}

// remember returns what is known of a connection, which is nothing if it is new.
func (e *embedding) remember(random [32]byte) embedded {
	if state, ok := e.known[random]; ok {
		return state
	}
	if len(e.known) >= e.limit {
		delete(e.known, e.order[e.oldest])
		if e.oldest++; e.oldest > len(e.order)/2 {
			e.order = e.order[:copy(e.order, e.order[e.oldest:])]
			e.oldest = 0
		}
	}
	e.known[random] = embedded{}
	e.order = append(e.order, random)
	return embedded{}
}

// write writes those secrets of a connection that the file does not have.
func (e *embedding) write(random [32]byte) {
	state := e.known[random]
	if !state.seen && e.chosen != nil && !(state.met && e.chosen(state.conn)) {
		return
	}
	e.text, state.has = e.keys.AppendLog(e.text[:0], &random, state.has)
	e.known[random] = state
	if len(e.text) > 0 {
		e.WriteSecrets(tlsKeyLog, bytes.Clone(e.text))
		e.written++
	}
}

// tick looks for secrets that have come since, in a live trace.
func (e *embedding) tick() {
	e.keys.Grow()
	e.mu.Lock()
	defer e.mu.Unlock()
	version := e.keys.Version()
	if version == e.version {
		return
	}
	e.version = version
	for _, random := range e.order[max(e.oldest, len(e.order)-maxIncomplete):] {
		e.write(random)
	}
}

// finish writes what is known at the end. It reports whether there was anything
// to write, then or before.
func (e *embedding) finish() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	rest := slices.Clone(e.order[e.oldest:])
	slices.SortFunc(rest, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
	for _, random := range rest {
		e.write(random)
	}
	return e.written > 0
}
