package xmlstream

// What a byte may be, in the places where it matters.
const (
	inName    = 1 << iota // may stand in a qualified name
	inPart                // the same, but for the colon
	startName             // may begin a name
	space                 // white space, XML 1.0 production 3
)

// class has for each byte what it may be. Bytes over 0x7f belong to characters
// that are checked for being UTF-8 when the unit is whole; in names all of them
// are let pass.
var class = classes()

func classes() (t [256]uint8) {
	for i := range t {
		c := byte(i)
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', c == ':', c >= 0x80:
			t[i] |= inName | inPart | startName
		case '0' <= c && c <= '9', c == '-', c == '.':
			t[i] |= inName | inPart
		case c == ' ', c == '\t', c == '\r', c == '\n':
			t[i] |= space
		}
		if c == ':' {
			t[i] &^= inPart
		}
	}
	return t
}

func isSpace(c byte) bool { return class[c]&space != 0 }

// skipSpace returns the index of the first byte of b from i that is no white
// space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && class[b[i]]&space != 0 {
		i++
	}
	return i
}
