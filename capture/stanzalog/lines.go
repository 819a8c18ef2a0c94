package stanzalog

import (
	"bufio"
	"bytes"
	"errors"
	"iter"
)

// linesOf yields the lines of a text, without their ends. The last one may be
// cut off.
func linesOf(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(text) > 0 {
			line, rest, _ := bytes.Cut(text, []byte("\n"))
			if !yield(bytes.TrimSuffix(line, []byte("\r"))) {
				return
			}
			text = rest
		}
	}
}

// lines puts the lines of a log together into records.
type lines struct {
	in     *bufio.Reader
	buf    []byte
	ahead  []byte // a line that has been read and begins the next record
	number int    // of the last line that was read, from 1
	begun  bool   // ahead holds a line
	ended  error
}

// record returns the next record, without its last line end, and the number of
// its first line. It is valid until the next call. What is longer than maxRecord
// is cut there.
func (l *lines) record(starts func([]byte) bool) (record []byte, line int, err error) {
	l.buf = l.buf[:0]
	if l.begun {
		l.buf = append(l.buf, l.ahead...)
		l.begun = false
	} else if l.ended != nil {
		return nil, 0, l.ended
	}
	line = max(l.number, 1)
	for l.ended == nil {
		if l.ended = l.read(); l.ended != nil && len(l.ahead) == 0 {
			break
		}
		l.number++
		if starts(l.ahead) && l.number > 1 {
			l.begun = true
			break
		}
		if len(l.buf)+len(l.ahead) <= maxRecord {
			l.buf = append(l.buf, l.ahead...)
		}
	}
	if l.ended != nil && len(l.buf) == 0 && !l.begun {
		return nil, 0, l.ended
	}
	return bytes.TrimRight(l.buf, "\r\n"), line, nil
}

// read reads a line into ahead, with its end. Of a line that is longer than
// maxRecord the rest is dropped.
func (l *lines) read() error {
	l.ahead = l.ahead[:0]
	for {
		part, err := l.in.ReadSlice('\n')
		if len(l.ahead)+len(part) <= maxRecord {
			l.ahead = append(l.ahead, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}
