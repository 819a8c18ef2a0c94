package escape

import "bytes"

// CSV appends src as one field of a CSV record (RFC 4180), made safe by Text
// first, so a field never spans lines. A field that a spreadsheet would take
// for a formula, by its first character, gets an apostrophe in front. The field
// is quoted where its content asks for it.
func CSV(dst, src []byte) []byte {
	start := len(dst)
	if len(src) > 0 && formula(src[0]) {
		dst = append(dst, '\'')
	}
	dst = Text(dst, src)
	field := dst[start:]
	if len(field) == 0 || field[0] != ' ' && bytes.IndexByte(field, ',') < 0 && bytes.IndexByte(field, '"') < 0 {
		return dst
	}
	return quote(dst, start)
}

// formula reports whether spreadsheets look further than a first character c.
func formula(c byte) bool {
	switch c {
	case '=', '+', '-', '@', '\t', '\r':
		return true
	}
	return false
}

// quote puts dst[start:] in quotes and doubles those within. It works from the
// end, in place.
func quote(dst []byte, start int) []byte {
	end := len(dst)
	for range 2 + bytes.Count(dst[start:], []byte{'"'}) {
		dst = append(dst, '"')
	}
	to := len(dst) - 2
	for from := end - 1; from >= start; from-- {
		dst[to] = dst[from]
		to--
		if dst[from] == '"' {
			dst[to] = '"'
			to--
		}
	}
	dst[start] = '"'
	return dst
}
