package xmlstream

import "bytes"

const (
	cdataStart = "<![CDATA["
	cdataEnd   = "]]>"
	// farthestCDATA is how far behind the beginning of a search the end of a
	// CDATA section is looked for.
	farthestCDATA = 64 << 10
)

// cdata is how far a search has come in finding out whether it began within a
// CDATA section: then the end of one comes before the beginning of any other.
type cdata struct {
	done   bool
	seen   int                       // offset in all bytes searched of the next byte to look at
	looked int                       // bytes looked at
	last   [len(cdataStart) - 1]byte // those before it
	kept   int                       // how many of these there are
}

// leaveCDATA skips the bytes up to the end of a CDATA section, if the search
// began in one.
func (l *search) leaveCDATA() {
	d := &l.cdata
	if d.done {
		return
	}
	from := max(d.seen-l.base, 0)
	b := l.buf[min(from, len(l.buf)):]
	if len(b) == 0 {
		return
	}
	// What is cut between the bytes before and these comes first.
	var seam [2 * len(d.last)]byte
	n := copy(seam[:], d.last[:d.kept])
	n += copy(seam[n:], b[:min(len(b), len(d.last))])
	end, found := cdataBorder(seam[:n])
	if end -= d.kept; !found {
		end, found = cdataBorder(b)
	}
	if found {
		if d.done = true; end > 0 && from+end > l.pos {
			l.skip(from + end)
		}
		return
	}
	d.seen, d.looked = l.base+len(l.buf), d.looked+len(b)
	d.done = d.looked >= farthestCDATA
	if len(b) < len(d.last) {
		d.kept = copy(d.last[:], seam[max(0, n-len(d.last)):n])
	} else {
		d.kept = copy(d.last[:], b[len(b)-len(d.last):])
	}
}

// cdataBorder looks for the first border of a CDATA section in b. It returns
// where the section ends, or a negative number if one begins.
func cdataBorder(b []byte) (end int, found bool) {
	i := bytes.Index(b, []byte(cdataEnd))
	head := b
	if i >= 0 {
		head = b[:i]
	}
	switch {
	case bytes.Contains(head, []byte(cdataStart)):
		return -len(b), true
	case i >= 0:
		return i + len(cdataEnd), true
	}
	return 0, false
}
