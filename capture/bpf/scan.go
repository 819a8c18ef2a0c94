package bpf

import (
	"strings"
	"unicode/utf8"
)

// A token is a word or a sign of a filter.
type token struct {
	text   string // empty at the end
	column int    // in characters, from 1
	quoted bool   // written \word, which is a name and never a keyword
}

// signs are what stands for itself, the longer ones first.
var signs = [...]string{
	"&&", "||", "!=", "==", ">=", "<=", "<<", ">>",
	"(", ")", "[", "]", "!", "=", ">", "<", "+", "-", "*", "/", "%", "&", "|", "^", ":",
}

// scan cuts a filter into tokens. The last one is empty.
func scan(filter string) ([]token, error) {
	var all []token
	brackets, column := 0, 1
	for at := 0; at < len(filter); {
		t, size := first(filter[at:], brackets > 0)
		t.column = column
		if size == 0 {
			_, size = utf8.DecodeRuneInString(filter[at:])
			return nil, &Error{Word: filter[at : at+size], Column: column, Problem: "is nothing that a capture filter has"}
		}
		switch t.text {
		case "":
		case "[":
			brackets++
			all = append(all, t)
		case "]":
			brackets--
			all = append(all, t)
		default:
			all = append(all, t)
		}
		column += utf8.RuneCountInString(filter[at : at+size])
		at += size
	}
	return append(all, token{column: column}), nil
}

// first cuts off the first token of a text, which is empty where white space
// stands there, and returns how long it is; 0 says that nothing is known that
// begins so.
func first(text string, inBrackets bool) (t token, size int) {
	const space = " \t\r\n"
	if strings.IndexByte(space, text[0]) >= 0 {
		return t, 1
	}
	if text[0] == '\\' {
		size = 1 + strings.IndexAny(text[1:]+" ", "!()"+space)
		if size == 1 {
			return t, 0
		}
		return token{text: text[1:size], quoted: true}, size
	}
	size = word(text, inBrackets)
	if size == 0 {
		size = len(sign(text))
	}
	return token{text: text[:size]}, size
}

// word returns the length of the word that a text begins with, or 0. Addresses
// and names hold points, colons and hyphens. Between brackets colons and hyphens
// are signs, but for hyphens within a name.
func word(text string, inBrackets bool) int {
	if c := text[0]; !letter(c) && !digit(c) && (c != ':' || inBrackets || !strings.HasPrefix(text, "::")) {
		return 0
	}
	n := 1
	for n < len(text) {
		switch c := text[n]; {
		case letter(c), digit(c), c == '_', c == '.':
		case c == ':' && !inBrackets:
		case c == '-' && n+1 < len(text) && (letter(text[n+1]) || digit(text[n+1]) && !inBrackets) && (!inBrackets || letter(text[0])):
		default:
			return n
		}
		n++
	}
	return n
}

func sign(text string) string {
	for _, s := range signs {
		if strings.HasPrefix(text, s) {
			return s
		}
	}
	return ""
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func digit(c byte) bool { return c >= '0' && c <= '9' }
