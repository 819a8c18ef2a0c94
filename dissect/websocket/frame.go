package websocket

import (
	"encoding/binary"
)

// The opcodes of RFC 6455 section 5.2.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xa
)

// header is the beginning of a frame (RFC 6455 section 5.2).
type header struct {
	final      bool
	compressed bool // RSV1, RFC 7692 section 6
	opcode     byte
	masked     bool
	mask       [4]byte
	length     int64 // bytes of the payload
}

func (h *header) control() bool { return h.opcode&8 != 0 }

// The sizes of the shortest and the longest header.
const (
	minHeader = 2
	maxHeader = 14
)

// headerSize returns the size of the header that b begins with. Of it there are
// minHeader bytes at least.
func headerSize(b []byte) int {
	n := minHeader
	switch b[1] & 0x7f {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if b[1]&0x80 != 0 {
		n += 4
	}
	return n
}

// parseHeader reads a whole header. What is wrong with it is returned in words.
func parseHeader(b []byte) (h header, wrong string) {
	h = header{
		final: b[0]&0x80 != 0, compressed: b[0]&0x40 != 0, opcode: b[0] & 0x0f,
		masked: b[1]&0x80 != 0, length: int64(b[1] & 0x7f),
	}
	rest := b[minHeader:]
	switch h.length {
	case 126:
		h.length, rest = int64(binary.BigEndian.Uint16(rest)), rest[2:]
	case 127:
		h.length, rest = int64(binary.BigEndian.Uint64(rest)), rest[8:]
	}
	if h.masked {
		copy(h.mask[:], rest)
	}
	switch {
	case b[0]&0x30 != 0:
		wrong = "a reserved bit is set"
	case h.opcode > opBinary && h.opcode < opClose || h.opcode > opPong:
		wrong = "a reserved opcode"
	case h.length < 0:
		wrong = "a length over 63 bits"
	case h.control() && !h.final:
		wrong = "a control frame in fragments"
	case h.control() && h.length > 125:
		wrong = "a control frame of more than 125 bytes"
	case h.control() && h.compressed:
		wrong = "a compressed control frame"
	case h.opcode == opContinuation && h.compressed:
		wrong = "a continuation that is compressed by itself"
	}
	return h, wrong
}

// unmask undoes the masking of a part of a payload that begins at offset pos of
// it (RFC 6455 section 5.3). It works in place.
func unmask(b []byte, mask [4]byte, pos int64) {
	var key [8]byte
	for i := range key {
		key[i] = mask[(pos+int64(i))&3]
	}
	k := binary.LittleEndian.Uint64(key[:])
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^k)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= key[i]
	}
}

// LooksLike reports whether the first bytes of a direction begin a frame that
// holds XMPP, and whether they were enough to say. It is for connections whose
// upgrade was not captured: nothing else begins with such a header and then,
// unmasked, with the name of a first-level element.
func LooksLike(b []byte, fromClient bool) (yes, enough bool) {
	if len(b) == 0 {
		return false, false
	}
	if b[0]&0x70 != 0 || b[0]&0x0f != opText && b[0]&0x0f != opBinary {
		return false, true // continuations and control frames would fit too much else
	}
	if len(b) == 1 {
		return false, false
	}
	if fromClient != (b[1]&0x80 != 0) {
		return false, true
	}
	n := headerSize(b)
	if len(b) < n {
		return false, false
	}
	h, wrong := parseHeader(b[:n])
	if wrong != "" {
		return false, true
	}
	const longestName = 32
	text := append([]byte(nil), b[n:min(len(b), n+longestName, n+int(min(h.length, longestName)))]...)
	if h.masked {
		unmask(text, h.mask, 0)
	}
	whole := len(text) == longestName || int64(len(text)) == h.length
	return beginsXMPP(text, whole)
}

// beginsXMPP reports whether a message begins with an element of XMPP's first
// level, and whether its bytes, unless they are all there are, were enough to
// say.
func beginsXMPP(b []byte, whole bool) (yes, enough bool) {
	if len(b) == 0 || b[0] != '<' {
		return false, len(b) > 0 || whole
	}
	for i, x := range b[1:] {
		switch x {
		case ' ', '\t', '\r', '\n', '/', '>':
			return firstLevel[string(b[1:1+i])], true
		case ':':
			return string(b[1:1+i]) == "stream", true
		}
	}
	return false, whole
}

// firstLevel are the names of the elements that can be met on the first level
// of a stream: the stanzas, the framing (RFC 7395 section 3.3.3), logins and
// stream management.
var firstLevel = map[string]bool{
	"open": true, "close": true, "message": true, "presence": true, "iq": true,
	"auth": true, "challenge": true, "response": true, "success": true, "failure": true, "abort": true,
	"authenticate": true, "continue": true, "features": true, "error": true,
	"r": true, "a": true, "enable": true, "enabled": true, "resume": true, "resumed": true, "failed": true,
	"active": true, "inactive": true,
}
