package xmlstream

const byteOrderMark = "\xef\xbb\xbf"

// mark consumes a byte order mark, which RFC 6120 section 11.6 forbids but which
// does no harm, or what there is of one.
func (s *Splitter) mark() bool {
	due := byteOrderMark[s.marked:]
	n := min(len(due), len(s.chunk))
	if string(s.chunk[:n]) != due[:n] {
		return false
	}
	if s.marked == 0 {
		s.first, s.last = s.at, s.at
	} else if s.at.Frame > s.last.Frame {
		s.last = s.at
	}
	s.aside(s.Take(n))
	s.marked = (s.marked + uint8(n)) % uint8(len(byteOrderMark))
	return true
}

// unmarked yields the beginning of a byte order mark that none came of.
func (s *Splitter) unmarked(u *Unit) bool {
	raw := []byte(byteOrderMark[:s.marked])
	s.marked, s.texted, s.blank = 0, true, s.blank[:max(0, len(s.blank)-len(raw))]
	*u = Unit{Kind: Text, Raw: raw, Length: len(raw), First: s.first, Last: s.last, Reason: "text between the elements"}
	return true
}
