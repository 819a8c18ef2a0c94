package filter

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tokenKind says what a token is.
type tokenKind uint8

const (
	end    tokenKind = iota
	word             // a name, a number, an address, or a literal without quotes
	quoted           // a string
	char             // one byte, in single quotes
	symbol           // anything else
)

// token is the smallest part of an expression that means something.
type token struct {
	kind tokenKind
	text string // of a string or a byte what is meant, without quotes and escapes
	at   int    // offset of its first byte
	end  int    // and of the one behind it
}

// symbols are those of more than one character, longest first.
var symbols = [...]string{"===", "!==", "==", "!=", "~=", "<=", ">=", "&&", "||", "^^", ".."}

// scan returns the token at or behind an offset.
func scan(s string, at int) (token, error) {
	for at < len(s) && (s[at] == ' ' || s[at] == '\t' || s[at] == '\n' || s[at] == '\r') {
		at++
	}
	switch {
	case at == len(s):
		return token{kind: end, at: at, end: at}, nil
	case s[at] == '"':
		return scanString(s, at)
	case s[at] == '\'':
		return scanChar(s, at)
	case (s[at] == 'r' || s[at] == 'R') && at+1 < len(s) && s[at+1] == '"':
		return scanRaw(s, at)
	case inWord(s[at]) && !strings.HasPrefix(s[at:], ".."):
		last := at
		for last < len(s) && inWord(s[last]) && !strings.HasPrefix(s[last:], "..") {
			last++
		}
		return token{kind: word, text: s[at:last], at: at, end: last}, nil
	}
	for _, known := range symbols {
		if strings.HasPrefix(s[at:], known) {
			return token{kind: symbol, text: known, at: at, end: at + len(known)}, nil
		}
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	return token{kind: symbol, text: s[at : at+size], at: at, end: at + size}, nil
}

// inWord reports whether a byte may stand in a word: in names, numbers, JIDs,
// addresses of both kinds with a prefix length, bytes and times.
func inWord(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c >= utf8.RuneSelf:
		return true
	}
	return strings.IndexByte("_.:-/@+", c) >= 0
}

// scanRaw scans r"…", in which a backslash is a backslash.
func scanRaw(s string, at int) (token, error) {
	for i := at + 2; i < len(s); i++ {
		switch s[i] {
		case '"':
			return token{kind: quoted, text: s[at+2 : i], at: at, end: i + 1}, nil
		case '\\': // what follows does not end the string, and both stay
			i++
		}
	}
	return token{}, &Error{s, at, `the string has no end`, `write r"…"`}
}

func scanString(s string, at int) (token, error) {
	var text []byte
	for i := at + 1; i < len(s); {
		switch s[i] {
		case '"':
			return token{kind: quoted, text: string(text), at: at, end: i + 1}, nil
		case '\\':
			var err error
			if text, i, err = unescape(text, s, i); err != nil {
				return token{}, err
			}
		default:
			text = append(text, s[i])
			i++
		}
	}
	return token{}, &Error{s, at, `the string has no end`, `write "…"; a quote inside is \"`}
}

func scanChar(s string, at int) (token, error) {
	bad := &Error{s, at, "there is not one byte between these quotes", `as in 'a' or '\x0d'; text takes "…"`}
	if at+1 >= len(s) {
		return token{}, bad
	}
	text, i := []byte{s[at+1]}, at+2
	switch s[at+1] {
	case '\'':
		return token{}, bad
	case '\\':
		var err error
		if text, i, err = unescape(nil, s, at+1); err != nil {
			return token{}, err
		}
	}
	if len(text) != 1 || i >= len(s) || s[i] != '\'' {
		return token{}, bad
	}
	return token{kind: char, text: string(text), at: at, end: i + 1}, nil
}

// simpleEscapes are those of C that stand for one byte.
var simpleEscapes = map[byte]byte{
	'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\', '"': '"', '\'': '\'',
}

// unescape appends what the escape sequence at s[at] stands for, and returns the
// offset behind it.
func unescape(dst []byte, s string, at int) ([]byte, int, error) {
	rest := s[at+1:]
	if rest == "" {
		return dst, at, &Error{s, at, "the string has no end", ""}
	}
	if c, ok := simpleEscapes[rest[0]]; ok {
		return append(dst, c), at + 2, nil
	}
	digits, base := 0, 16
	switch c := rest[0]; {
	case c == 'x':
		digits = 2
	case c == 'u':
		digits = 4
	case c == 'U':
		digits = 8
	case '0' <= c && c <= '7':
		for digits < 3 && digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '7' {
			digits++
		}
		if n, err := strconv.ParseUint(rest[:digits], 8, 8); err == nil {
			return append(dst, byte(n)), at + 1 + digits, nil
		}
		digits = 0
	}
	bad := &Error{
		s, at, fmt.Sprintf(`%s is no escape sequence`, s[at:min(len(s), at+2)]),
		`a backslash is \\, and in a regular expression r"…" spares doubling it: info matches r"a\.b"`,
	}
	if digits == 0 || len(rest) < 1+digits {
		return dst, at, bad
	}
	n, err := strconv.ParseUint(rest[1:1+digits], base, 32)
	switch {
	case err != nil:
		return dst, at, bad
	case digits == 2:
		return append(dst, byte(n)), at + 4, nil
	case !utf8.ValidRune(rune(n)):
		return dst, at, &Error{s, at, "there is no such character", ""}
	}
	return utf8.AppendRune(dst, rune(n)), at + 2 + digits, nil
}

// appendQuoted appends text as a string of the language.
func appendQuoted(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == utf8.RuneError && size == 1 || r < ' ' || r == 0x7f:
			dst = fmt.Appendf(dst, `\x%02x`, text[i])
		default:
			dst = append(dst, text[i:i+size]...)
		}
		i += size
	}
	return append(dst, '"')
}
