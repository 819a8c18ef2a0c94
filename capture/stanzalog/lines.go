package stanzalog

import (
	"bufio"
	"bytes"
	"errors"
)

// lines puts the lines of a log together into records.
type lines struct {
	in        *bufio.Reader
	strip     func(line []byte) (rest, when []byte, ok bool) // see carrier
	buf       []byte                                         // the record
	when      []byte                                         // what the carrier says of when that was
	cut       bool                                           // it is not all of it
	number    int                                            // of the last line that was read, from 1
	begun     bool                                           // ahead holds a line, which begins the next record
	ended     error
	raw       []byte // the line as it was read
	ahead     []byte // the same without what the carrier put before it
	whenAhead []byte
	cutAhead  bool
}

// record returns the next record, without its last line end, and the number of
// its first line. It is valid until the next call. What is longer than maxRecord
// is cut there, and l.cut is set.
func (l *lines) record(starts func([]byte) bool) (record []byte, line int, err error) {
	l.buf, l.cut = l.buf[:0], false
	if l.begun {
		l.add()
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
		l.add()
	}
	if l.ended != nil && len(l.buf) == 0 && !l.begun {
		return nil, 0, l.ended
	}
	return bytes.TrimRight(l.buf, "\r\n"), line, nil
}

// add takes the line ahead into the record.
func (l *lines) add() {
	if len(l.buf) == 0 {
		l.when = append(l.when[:0], l.whenAhead...)
	}
	if n := maxRecord - len(l.buf); l.cut || l.cutAhead || len(l.ahead) > n {
		l.cut, l.ahead = true, l.ahead[:min(len(l.ahead), n)]
	}
	l.buf = append(l.buf, l.ahead...)
}

// read reads a line into ahead, with its end and without what a carrier put before
// it. Of a line that is longer than maxRecord the rest is dropped.
func (l *lines) read() error {
	l.raw, l.cutAhead = l.raw[:0], false
	for {
		part, err := l.in.ReadSlice('\n')
		if n := maxRecord - len(l.raw); len(part) > n {
			part, l.cutAhead = part[:n], true
		}
		l.raw = append(l.raw, part...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		var when []byte
		l.ahead, when, _ = l.strip(l.raw)
		l.whenAhead = append(l.whenAhead[:0], when...)
		return err
	}
}
