package escape

import (
	"encoding/binary"
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// Text appends src as it may be shown on a terminal or in a line of text.
// Control characters become \n, \t, \r or \x1b; runes that a terminal does not
// show as themselves (C1 controls, bidirectional overrides, zero-width and
// other invisible runes, line separators, unassigned and private ones) become
// \u202e or \U000e0041; bytes that are not UTF-8 become \xff.
//
// A backslash stays as it is: the result is to be read, not to be parsed back.
// Programs read JSON.
func Text(dst, src []byte) []byte {
	for {
		n := plain(src)
		dst = append(dst, src[:n]...)
		src = src[n:]
		if len(src) == 0 {
			return dst
		}
		if src[0] < utf8.RuneSelf {
			dst = control(dst, src[0])
			src = src[1:]
			continue
		}
		r, size := utf8.DecodeRune(src)
		switch {
		case size == 1:
			dst = hexByte(dst, src[0])
		case visible(r):
			dst = append(dst, src[:size]...)
		default:
			dst = codePoint(dst, r)
		}
		src = src[size:]
	}
}

const (
	ones = 0x0101010101010101
	high = 0x8080808080808080
)

// plain returns how many bytes at the start of b are printable ASCII. It looks
// at eight bytes at a time: a byte below space borrows into its high bit, DEL
// carries into it, and a byte beyond ASCII has it set. Borrow and carry only
// reach bytes behind the first such byte, so the first one found is right.
func plain(b []byte) int {
	n := 0
	for len(b)-n >= 8 {
		w := binary.LittleEndian.Uint64(b[n:])
		if m := (w | (w - ones*' ') | (w + ones)) & high; m != 0 {
			return n + bits.TrailingZeros64(m)/8
		}
		n += 8
	}
	for n < len(b) && b[n] >= ' ' && b[n] < 0x7f {
		n++
	}
	return n
}

const hexDigits = "0123456789abcdef"

func control(dst []byte, c byte) []byte {
	switch c {
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return hexByte(dst, c)
}

func hexByte(dst []byte, c byte) []byte {
	return append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
}

func codePoint(dst []byte, r rune) []byte {
	if r > 0xffff {
		dst = append(dst, '\\', 'U', '0', '0', hexDigits[r>>20&15], hexDigits[r>>16&15])
	} else {
		dst = append(dst, '\\', 'u')
	}
	return append(dst, hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// visible reports whether a rune beyond ASCII is shown as itself: a letter,
// mark, number, sign or space that takes up its place and moves no other.
func visible(r rune) bool {
	switch {
	case r >= 0x4e00 && r <= 0x9fff, // CJK ideographs
		r >= 0xac00 && r <= 0xd7a3, // Hangul syllables
		r >= 0x0400 && r <= 0x052f, // Cyrillic
		r >= 0x3041 && r <= 0x3096, // Hiragana
		r >= 0x00c0 && r <= 0x02af: // Latin with diacritics, phonetic letters
		return true
	}
	if unicode.Is(unicode.Zs, r) {
		return true
	}
	return unicode.IsPrint(r) && !blank(r)
}

// blank reports whether a rune that Unicode counts among letters, marks and
// signs is nevertheless shown as nothing: fillers, joiners, and variation
// selectors but for the two that choose between text and emoji.
func blank(r rune) bool {
	switch r {
	case '\ufe0e', '\ufe0f':
		return false
	case '\u2800': // braille pattern without dots
		return true
	}
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
