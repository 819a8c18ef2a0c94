package deflate

import (
	"hash"
	"slices"
)

// Format says what the deflate blocks are wrapped in.
type Format uint8

// The formats.
const (
	Zlib     Format = iota // RFC 1950: XEP-0138
	Gzip                   // RFC 1952, several members too: HTTP's content coding gzip
	Web                    // zlib, or raw blocks as some servers send them: HTTP's content coding deflate
	Messages               // raw blocks with no end: permessage-deflate (RFC 7692)
)

// Limits bounds what is inflated. A field that is 0 has its default.
type Limits struct {
	// Ratio is how many bytes, over all that went in so far, one may become
	// once more than a MiB came out. The default is DefaultRatio.
	Ratio int64
	// Total is how many bytes may come out in all. The default is DefaultTotal.
	Total int64
	// Chunk is how many bytes may come out of what one call of Layer.Data, or
	// of Inflater.Append, is given. The default is DefaultChunk.
	Chunk int
}

// The default limits.
const (
	DefaultRatio = 100
	DefaultTotal = 1 << 30
	DefaultChunk = 16 << 20
)

// freeOfRatio is how many bytes may come out before their ratio counts.
const freeOfRatio = 1 << 20

func (l Limits) withDefaults() Limits {
	if l.Ratio == 0 {
		l.Ratio = DefaultRatio
	}
	if l.Total == 0 {
		l.Total = DefaultTotal
	}
	if l.Chunk == 0 {
		l.Chunk = DefaultChunk
	}
	return l
}

// Error is why a stream cannot be inflated any further.
type Error string

func (e Error) Error() string { return string(e) }

// What ends a stream before its end.
const (
	ErrZlibHeader Error = "no zlib header"
	ErrDictionary Error = "it asks for a preset dictionary"
	ErrGzipHeader Error = "no gzip header"
	ErrBlockType  Error = "a block of no known type"
	ErrStored     Error = "the size of a stored block and its complement disagree"
	ErrCode       Error = "a block with an impossible code"
	ErrSymbol     Error = "bits that are no code"
	ErrDistance   Error = "a reference to before the beginning"
	ErrChecksum   Error = "a wrong checksum"
	ErrTrailing   Error = "more bytes behind its end"
	ErrRatio      Error = "it inflates out of proportion"
	ErrTotal      Error = "it inflates to too many bytes in all"
	ErrChunk      Error = "it inflates to too many bytes at once"
)

const (
	windowSize = 32 << 10
	maxMatch   = 258
)

// Inflater inflates one stream of bytes that come in pieces. After every piece
// all that can be known has come out, whether or not the sender has flushed:
// nothing is decoded later than its last bit allows. An Inflater holds some
// 40 KiB and nothing that must be released.
type Inflater struct {
	bitReader
	format Format
	limits Limits
	err    error // sticky
	in     int64
	out    int64

	stage stage
	flags byte        // of the gzip header, for the fields still to come
	skip  int         // bytes of the gzip header to be passed over
	check hash.Hash32 // nil where there is none
	size  uint32      // bytes that came out of this gzip member

	final    bool // the block is the last
	given    bool // the block has given bytes
	stored   int  // bytes of a stored block still to come
	length   int  // bytes of a match still to be copied
	distance int  // from how far back
	codes    *tables
	own      tables
	header   dynamic

	window [windowSize]byte // the last bytes that came out
	end    int              // where in window the next one goes
	filled int              // bytes in window
}

// NewInflater returns an Inflater for one stream.
func NewInflater(f Format, l Limits) *Inflater {
	z := &Inflater{format: f, limits: l.withDefaults()}
	z.Reset()
	return z
}

// Reset forgets what came so far, as between two messages of a WebSocket whose
// compression context is not taken over (RFC 7692 section 7.1.1). The limits
// stay in force over all that the Inflater is given.
func (z *Inflater) Reset() {
	z.bitReader, z.err = bitReader{}, nil
	z.begin()
}

// Inflate inflates from src into the spare room of dst, which must have some,
// and returns dst with what came out and src without what went in. A dst that
// is full on return says that more may come, even without any src; else all of
// src has gone in, unless there is an error. What came out before an error is
// good. After an error every call returns it again.
func (z *Inflater) Inflate(dst, src []byte) (out, rest []byte, err error) {
	if z.err != nil {
		return dst, src, z.err
	}
	z.src, z.at = src, 0
	before := len(dst)
	for more := true; more && err == nil; {
		if z.stage.isBlock() {
			dst, more, err = z.blocks(dst)
		} else {
			more, err = z.frame()
		}
	}
	if err != nil {
		z.giveBack()
	}
	rest = src[z.at:]
	z.src, z.at = nil, 0
	z.in += int64(len(src) - len(rest))
	z.out += int64(len(dst) - before)
	if err == nil {
		err = z.beyond()
	}
	z.err = err
	return dst, rest, err
}

// beyond returns the limit that has been passed.
func (z *Inflater) beyond() error {
	switch {
	case z.out > z.limits.Total:
		return ErrTotal
	case z.out > freeOfRatio && z.out/z.limits.Ratio > z.in:
		return ErrRatio
	}
	return nil
}

// Append appends to dst all that src inflates to, and no more than
// Limits.Chunk bytes. The caller owns dst; src is not kept.
func (z *Inflater) Append(dst, src []byte) ([]byte, error) {
	var err error
	limit := len(dst) + z.limits.Chunk
	for {
		dst = slices.Grow(dst, min(max(2*len(src), 512), limit+1-len(dst)))
		room := dst[:len(dst):min(cap(dst), limit+1)]
		room, src, err = z.Inflate(room, src)
		dst = dst[:len(room)]
		switch {
		case len(dst) > limit:
			z.err = ErrChunk
			return dst[:limit], z.err
		case err != nil || len(room) < cap(room):
			return dst, err
		}
	}
}

// AppendMessage appends to dst what the whole payload of a compressed WebSocket
// message inflates to (RFC 7692 section 7.2.2), under the same terms as Append.
// Where the context is not taken over, Reset comes before it.
func (z *Inflater) AppendMessage(dst, payload []byte) ([]byte, error) {
	before := len(dst)
	dst, err := z.Append(dst, payload)
	if err != nil {
		return dst, err
	}
	if dst, err = z.Append(dst, []byte("\x00\x00\xff\xff")); err == nil && len(dst)-before > z.limits.Chunk {
		z.err = ErrChunk
		return dst[:before+z.limits.Chunk], z.err
	}
	return dst, err
}

// Complete reports whether the stream has come to its end, and its checksum
// has been found right. Messages have none.
func (z *Inflater) Complete() bool {
	return z.err == nil && (z.stage == dueNothing || z.stage == dueMember)
}

// between reports whether no byte that came so far belongs to bytes that are
// still to come out. The beginning of a block that has not given anything does
// not count but for its codes: flushes end in one.
func (z *Inflater) between() bool {
	switch z.stage {
	case dueCounts, dueLengthCode, dueLengths:
		return false
	case dueSymbols:
		if z.given {
			return z.count == 0
		}
		return z.codes != &z.own
	}
	return true
}
