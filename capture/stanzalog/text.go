package stanzalog

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// plainText returns a text without its byte order mark, and as UTF-8 where it is
// in UTF-16, as what Windows redirects to a file is.
func plainText(in *bufio.Reader) *bufio.Reader {
	head, _ := in.Peek(4) // what goes wrong comes again
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3) // they are there
	case bytes.HasPrefix(head, []byte("\xff\xfe")), len(head) == 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return bufio.NewReaderSize(&wide{in: in}, headSize)
	case bytes.HasPrefix(head, []byte("\xfe\xff")), len(head) == 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return bufio.NewReaderSize(&wide{in: in, big: true}, headSize)
	}
	return in
}

// wide reads UTF-16 as UTF-8. It does not wait for more than it can hand on.
type wide struct {
	in   *bufio.Reader
	big  bool
	high rune // the first half of a pair, 0 where there is none
	err  error
}

// Read implements io.Reader.
func (w *wide) Read(p []byte) (int, error) {
	n := 0
	for n+2*utf8.UTFMax <= len(p) && w.err == nil {
		if n > 0 && w.in.Buffered() < 2 {
			break
		}
		var unit [2]byte
		if _, w.err = io.ReadFull(w.in, unit[:]); w.err != nil {
			if errors.Is(w.err, io.ErrUnexpectedEOF) {
				w.err = io.EOF
			}
			break
		}
		r := rune(unit[0]) | rune(unit[1])<<8
		if w.big {
			r = rune(unit[1]) | rune(unit[0])<<8
		}
		n += w.unit(p[n:], r)
	}
	if n == 0 && w.err != nil {
		return 0, w.err
	}
	return n, nil
}

// unit writes what is known after one more unit, and returns its length.
func (w *wide) unit(p []byte, r rune) int {
	const mark = 0xfeff
	n := 0
	if w.high != 0 {
		whole := utf16.DecodeRune(w.high, r)
		w.high = 0
		n = utf8.EncodeRune(p, whole) // the replacement character where r is no second half
		if whole != utf8.RuneError {
			return n
		}
	}
	switch {
	case r == mark:
	case r >= 0xd800 && r < 0xdc00:
		w.high = r
	default:
		n += utf8.EncodeRune(p[n:], r)
	}
	return n
}
