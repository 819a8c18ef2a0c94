package escape

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// JSON appends src as the body of a JSON string (RFC 8259, section 7), without
// the quotes around it. Bytes that are not UTF-8 become U+FFFD, one for each
// byte. Whatever Text would not show as itself is written as \u escapes, so
// that a line of JSON is as harmless on a terminal as a line of text, and a
// parser still gets every rune back.
func JSON(dst, src []byte) []byte {
	for {
		n := plainJSON(src)
		dst = append(dst, src[:n]...)
		src = src[n:]
		if len(src) == 0 {
			return dst
		}
		if c := src[0]; c < utf8.RuneSelf {
			dst = jsonASCII(dst, c)
			src = src[1:]
			continue
		}
		r, size := utf8.DecodeRune(src)
		switch {
		case size == 1:
			dst = append(dst, "\uFFFD"...)
		case visible(r):
			dst = append(dst, src[:size]...)
		default:
			dst = jsonRune(dst, r)
		}
		src = src[size:]
	}
}

// plainJSON returns how many bytes at the start of b stand for themselves in a
// JSON string: printable ASCII but for the quote and the backslash. See plain
// for how it looks at eight bytes at a time.
func plainJSON(b []byte) int {
	n := 0
	for len(b)-n >= 8 {
		w := binary.LittleEndian.Uint64(b[n:])
		quote, backslash := w^ones*'"', w^ones*'\\'
		m := w | (w - ones*' ') | (w + ones)
		m |= (quote - ones) &^ quote
		m |= (backslash - ones) &^ backslash
		if m &= high; m != 0 {
			return n + bits.TrailingZeros64(m)/8
		}
		n += 8
	}
	for n < len(b) && b[n] >= ' ' && b[n] < 0x7f && b[n] != '"' && b[n] != '\\' {
		n++
	}
	return n
}

func jsonASCII(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return codePoint(dst, rune(c))
}

// jsonRune writes a rune as one \u escape, or as the two halves of a UTF-16
// surrogate pair.
func jsonRune(dst []byte, r rune) []byte {
	if r <= 0xffff {
		return codePoint(dst, r)
	}
	r -= 0x10000
	dst = codePoint(dst, 0xd800|r>>10)
	return codePoint(dst, 0xdc00|r&0x3ff)
}
