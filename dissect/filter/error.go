package filter

import (
	"fmt"
	"unicode/utf8"
)

// Error is what is wrong with an expression, and where.
type Error struct {
	Expression string
	Offset     int    // bytes into Expression at which it shows
	Problem    string // half a sentence
	Hint       string // what to do about it; may be empty
}

func (e *Error) Error() string { return fmt.Sprintf("at column %d: %s", e.Column(), e.Problem) }

// Column is the place in characters, from 1.
func (e *Error) Column() int {
	return utf8.RuneCountInString(e.Expression[:min(e.Offset, len(e.Expression))]) + 1
}

// shownBefore and shownAfter are how many characters are shown of a long
// expression, to both sides of the place.
const (
	shownBefore = 50
	shownAfter  = 25
)

// Excerpt returns the part of the expression around the place, and the bytes of
// it that stand in front of the place. Control characters are as they were.
func (e *Error) Excerpt() (text string, before int) {
	at := min(e.Offset, len(e.Expression))
	start, end := at, at
	for n := 0; n < shownBefore && start > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(e.Expression[:start])
		start -= size
	}
	for n := 0; n < shownAfter && end < len(e.Expression); n++ {
		_, size := utf8.DecodeRuneInString(e.Expression[end:])
		end += size
	}
	text, before = e.Expression[start:end], at-start
	if start > 0 {
		text, before = "…"+text, before+len("…")
	}
	if end < len(e.Expression) {
		text += "…"
	}
	return text, before
}
