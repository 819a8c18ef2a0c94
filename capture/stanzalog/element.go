package stanzalog

import "bytes"

// elementEnd returns where the first element of a text ends, or the header of a
// stream that begins it; it is 0 where the text does not have its end. That is not
// a parser: what it is given has been sent as XML, and read as such by somebody.
func elementEnd(text []byte) int {
	depth := 0
	for at := 0; at < len(text); {
		open := bytes.IndexByte(text[at:], '<')
		if open < 0 {
			return 0
		}
		at += open
		end := markupEnd(text[at:])
		if end == 0 {
			return 0
		}
		tag := text[at : at+end]
		at += end
		switch {
		case tag[1] == '?' || tag[1] == '!':
			continue
		case tag[1] == '/':
			depth--
		case bytes.HasPrefix(tag, []byte("<stream:stream")):
			return at
		case tag[len(tag)-2] != '/':
			depth++
		}
		if depth <= 0 {
			return at
		}
	}
	return 0
}

// markupEnd returns where the markup that a text begins with ends, 0 where it has
// no end: a tag, whose attributes may hold ">", or what is in other brackets.
func markupEnd(text []byte) int {
	for _, b := range [...]struct{ open, close string }{{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}} {
		if bytes.HasPrefix(text, []byte(b.open)) {
			if end := bytes.Index(text, []byte(b.close)); end >= 0 {
				return end + len(b.close)
			}
			return 0
		}
	}
	quote := byte(0)
	for i, c := range text {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"', c == '\'':
			quote = c
		case c == '>' && i > 1:
			return i + 1
		}
	}
	return 0
}
