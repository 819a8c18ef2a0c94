package escape

import "github.com/clipperhouse/displaywidth"

const ellipsis = "…"

// Width returns how many terminal cells s takes up. s has gone through Text.
func Width(s []byte) int {
	if plain(s) == len(s) {
		return len(s)
	}
	return displaywidth.Bytes(s)
}

// Fit appends s, shortened at its end to at most width terminal cells; what was
// cut off leaves "…" behind. s has gone through Text.
func Fit(dst, s []byte, width int) []byte {
	if whole(s, width) {
		return append(dst, s...)
	}
	if width <= 0 {
		return dst
	}
	dst = append(dst, head(s, width-1)...)
	return append(dst, ellipsis...)
}

// FitMiddle is Fit for text whose end matters as much as its start, such as an
// address with a port: it cuts in the middle.
func FitMiddle(dst, s []byte, width int) []byte {
	if whole(s, width) {
		return append(dst, s...)
	}
	if width <= 0 {
		return dst
	}
	keep := width - 1
	dst = append(dst, head(s, keep-keep/2)...)
	dst = append(dst, ellipsis...)
	return append(dst, tail(s, keep/2)...)
}

// whole reports whether s takes up at most width cells. It measures no more
// than it must: a stranger chooses how long s is.
func whole(s []byte, width int) bool {
	if len(s) <= width && plain(s) == len(s) {
		return true
	}
	return len(head(s, width)) == len(s)
}

// bytesPerCell bounds what marks can pile up on a cell without widening it.
const bytesPerCell = 16

// head returns the longest start of s that takes up at most width cells.
func head(s []byte, width int) []byte {
	n, room := 0, bytesPerCell*width
	for g := displaywidth.BytesGraphemes(s); g.Next(); n += len(g.Value()) {
		width -= g.Width()
		room -= len(g.Value())
		if width < 0 || room < 0 {
			return s[:n]
		}
	}
	return s
}

// tail returns the longest end of s that takes up at most width cells.
func tail(s []byte, width int) []byte {
	cells := Width(s)
	for g := displaywidth.BytesGraphemes(s); (cells > width || len(s) > bytesPerCell*width) && g.Next(); {
		cells -= g.Width()
		s = s[len(g.Value()):]
	}
	return s
}
