package xmlstream

import "bytes"

// confirmAfter is the number of elements that must follow a candidate.
const confirmAfter = 3

// look goes on with the search. It reports whether an element was found, at
// pos. With settle it decides on the bytes that are there.
func (l *search) look(settle bool) bool {
	l.leaveCDATA()
	for {
		if l.locked {
			switch l.follow(settle) {
			case yes:
				return true
			case no:
				continue
			default:
				return false
			}
		}
		i := bytes.IndexByte(l.buf[l.pos:], '<')
		if i < 0 {
			l.skip(len(l.buf))
			return false
		}
		l.skip(l.pos + i)
		switch l.candidate(settle) {
		case yes:
			return true
		case no:
		default:
			return false
		}
	}
}

// answer is a three-valued truth.
type answer uint8

const (
	no answer = iota
	yes
	wait
)

// candidate looks at the "<" at pos: yes ends the search there; no means to go
// on, either behind it or with the lock that was set.
func (l *search) candidate(settle bool) answer {
	switch what := l.place(l.pos); {
	case what == onlyFirstLevel:
		return yes
	case what == tooShort && !settle:
		return wait
	case what != stanza:
		l.skip(l.pos + 1)
		return no
	}
	n, st := l.measure(l.pos)
	switch st {
	case incomplete:
		if settle {
			l.skip(len(l.buf))
			return no
		}
		return wait
	case complete:
	default:
		l.skip(max(l.pos+1, n))
		return no
	}
	if m, st := l.parser.unit(l.buf[l.pos:n], l.scope); st != complete || m != n-l.pos || !addressed(&l.parser.Tree) {
		l.skip(n)
		return no
	}
	l.locked, l.end, l.count, l.aligned = true, n, 1, l.startsChunk(l.pos)
	return no
}

// addressed reports whether a stanza has what stanzas have.
func addressed(t *Tree) bool {
	if string(t.Local(0)) == "presence" {
		return true
	}
	for _, a := range [...]string{"to", "from", "id", "type"} {
		if t.Attr(0, a) != nil {
			return true
		}
	}
	return false
}

// measure finds the end of the element at buf[from], going on from where it
// stopped the last time.
func (l *search) measure(from int) (end int, st status) {
	if l.framed == 0 || l.start != from {
		l.frame.reset()
		l.framed, l.start = from, from
	}
	at := l.framed
	n, st := l.frame.scan(l.buf[at:])
	if st == incomplete {
		l.framed = len(l.buf)
		return 0, st
	}
	l.framed = 0
	return at + n, st
}

// follow looks at what comes behind the elements that are locked on.
func (l *search) follow(settle bool) answer {
	undecided := wait
	if settle || l.aligned {
		undecided = yes
	}
	j := skipSpace(l.buf, l.end)
	l.end = j // no later chunk passes over it again
	switch {
	case j == len(l.buf):
		return undecided
	case l.buf[j] != '<':
		l.skip(j) // text: the lock was inside an element
		return no
	}
	switch l.place(j) {
	case onlyFirstLevel:
		return yes
	case tooShort:
		return undecided
	case other:
		l.skip(l.end)
		if bytes.HasPrefix(l.buf[j:], []byte("</")) {
			l.skip(j + 2)
		}
		return no
	}
	n, st := l.measure(j)
	switch st {
	case incomplete:
		return undecided
	case complete:
		l.end = n
		if l.count++; l.count > confirmAfter {
			return yes
		}
		return no
	default:
		return yes // it is the next one that is broken
	}
}
