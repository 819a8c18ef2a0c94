package xmlstream

import "bytes"

// framer finds the end of a unit that comes in pieces. It checks no more than
// it needs for that: where tags and quotes begin and end, and that end tags
// match; the Parser checks the rest once the unit is whole.
type framer struct {
	state   uint8
	quote   byte
	closing bool     // the tag is an end tag
	decl    bool     // the unit began with an XML declaration
	skip    int      // open elements too deep to remember
	match   int      // bytes of a terminator seen so far
	hash    uint32   // of the tag's name so far
	head    [16]byte // the first bytes of the name, or of what "<!" and "<?" begin
	n       int      // bytes of it
	prefix  bool     // the name has one
	opener  int      // bytes of its local part that agree with opener; more than that has if one does not
	tag     int      // where the tag began, as an offset in the unit
	off     int      // bytes of the unit seen so far
	names   []uint32 // hashes of the names of the open elements
	reason  string
}

// The places a framer can be in.
const (
	inText uint8 = iota
	afterLT
	inTagName
	inTag
	inValue
	afterSlash
	afterName // of an end tag
	inBang
	inComment
	inCDATA
	inInstruction
)

func (f *framer) reset() { *f = framer{names: f.names[:0]} }

// scan takes the next bytes of the unit. It returns how many of them belong to
// it when it is complete; with broken or restart, how many come before the
// place where it went wrong (a negative number where that lies before data).
func (f *framer) scan(data []byte) (int, status) {
	start := f.off
	n, st := f.run(data)
	f.off = start + len(data)
	switch st {
	case complete, broken:
		return n, st
	case restart:
		return f.tag - start, st
	default:
		return len(data), incomplete
	}
}

func (f *framer) run(data []byte) (int, status) {
	base := f.off
	for i := 0; i < len(data); {
		switch f.state {
		case inText:
			k := bytes.IndexByte(data[i:], '<')
			if k < 0 {
				return 0, incomplete
			}
			i += k + 1
			f.tag, f.state = base+i-1, afterLT
		case inTagName:
			var st status
			if i, st = f.tagName(data, i); st != complete {
				return i, st
			}
		case inValue:
			k := bytes.IndexAny(data[i:], f.stops())
			if k < 0 {
				return 0, incomplete
			}
			if i += k; data[i] == '<' {
				f.reason = "a < in an attribute value"
				return i, broken
			}
			f.state = inTag
			i++
		case inComment, inCDATA, inInstruction:
			k, st := f.terminator(data[i:])
			if i += k; st != incomplete {
				return i, st
			}
		default:
			done, st := f.step(data[i])
			if st != complete {
				return i, st
			}
			if i++; done {
				return i, complete
			}
		}
	}
	return 0, incomplete
}

// stops are the bytes that matter in an attribute value.
func (f *framer) stops() string {
	if f.quote == '"' {
		return "\"<"
	}
	return "'<"
}

// step takes a byte in the places where every byte counts. It says whether the
// unit is complete with it.
func (f *framer) step(c byte) (done bool, st status) {
	switch f.state {
	case afterLT:
		return false, f.begin(c)
	case inBang:
		return false, f.bang(c)
	default:
		return f.inTag(c)
	}
}

// tagName takes the bytes of a tag's name from i on.
func (f *framer) tagName(data []byte, i int) (int, status) {
	for i < len(data) && class[data[i]]&inName != 0 {
		f.grow(data[i])
		i++
	}
	switch {
	case i == len(data):
		return 0, incomplete
	case f.closing:
		f.state = afterName
	case string(f.head[:f.n]) == "stream:stream" && f.depth() > 0:
		f.reason = "a new stream begins inside an element"
		return i, restart
	default:
		f.state = inTag
	}
	return i, complete
}

// depth is the number of open elements.
func (f *framer) depth() int { return len(f.names) + f.skip }

// opener is the local name of a stream header.
const opener = "stream"

// grow takes the next byte of a name.
func (f *framer) grow(c byte) {
	switch {
	case c == ':' && !f.prefix:
		f.prefix, f.opener = true, 0
	case f.opener < len(opener) && opener[f.opener] == c:
		f.opener++
	default:
		f.opener = len(opener) + 1
	}
	f.hash = (f.hash ^ uint32(c)) * 16777619
	if f.n < len(f.head) {
		f.head[f.n] = c
	}
	f.n = min(f.n+1, len(f.head))
}

// begin takes the byte behind a "<".
func (f *framer) begin(c byte) status {
	f.hash, f.n, f.closing, f.prefix, f.opener = 2166136261, 0, false, false, 0
	switch {
	case c == '/':
		f.closing, f.state = true, inTagName
	case c == '!':
		f.state = inBang
	case c == '?':
		f.state, f.match = inInstruction, 0
	case class[c]&startName != 0:
		f.state = inTagName
		f.grow(c)
	default:
		f.reason = "a < that begins no tag"
		return broken
	}
	return complete
}

// inTag takes a byte of a tag behind its name. It says whether the unit is
// complete with it.
func (f *framer) inTag(c byte) (done bool, st status) {
	switch {
	case f.state == afterName:
		if c == '>' {
			return f.endTag()
		}
		if !isSpace(c) {
			f.reason = "a tag that is not well-formed"
			return false, broken
		}
	case f.state == afterSlash:
		if c != '>' {
			f.reason = "a tag that is not well-formed"
			return false, broken
		}
		f.state = inText
		return f.depth() == 0, complete
	case c == '>':
		f.state = inText
		// A tag of this name opens a stream, we guess. Elements named so do not
		// occur between the others for any other purpose.
		if f.depth() == 0 && f.opener == len(opener) {
			return true, complete
		}
		if len(f.names) < MaxDepth {
			f.names = append(f.names, f.hash)
		} else {
			f.skip++
		}
	case c == '/':
		f.state = afterSlash
	case c == '\'' || c == '"':
		f.quote, f.state = c, inValue
	case c == '<':
		f.reason = "a < inside a tag"
		return false, broken
	}
	return false, complete
}

func (f *framer) endTag() (done bool, st status) {
	f.state = inText
	switch {
	case f.depth() == 0: // the stream's own
		return true, complete
	case f.skip > 0:
		f.skip--
	case f.names[len(f.names)-1] != f.hash:
		f.reason = "an end tag that does not match its start tag"
		return false, broken
	default:
		f.names = f.names[:len(f.names)-1]
	}
	return f.depth() == 0, complete
}

// bang takes a byte behind "<!" until it is clear what it begins.
func (f *framer) bang(c byte) status {
	f.head[f.n] = c
	f.n++
	b := f.head[:f.n]
	switch {
	case string(b) == "--":
		f.state, f.match = inComment, 0
	case string(b) == "[CDATA[" && f.depth() > 0:
		f.state, f.match = inCDATA, 0
	case string(b) != "--"[:min(f.n, 2)] && (f.depth() == 0 || string(b) != "[CDATA["[:min(f.n, 7)]):
		f.reason = "a document type or declaration, which XMPP forbids"
		return broken
	}
	return complete
}

// terminator looks for the end of a comment, CDATA section or instruction. It
// returns the number of bytes passed over, with complete if the unit ends
// there, and incomplete otherwise.
func (f *framer) terminator(data []byte) (int, status) {
	end := "?>"
	switch f.state {
	case inComment:
		end = "-->"
	case inCDATA:
		end = "]]>"
	}
	for i, c := range data {
		if f.state == inInstruction && f.n < 4 {
			f.head[f.n] = c
			if f.n++; f.n == 4 && string(f.head[:3]) == "xml" && isSpace(c) {
				if f.depth() > 0 {
					f.reason = "a new stream begins inside an element"
					return i, restart
				}
				f.decl = true
			}
		}
		switch {
		case c == end[f.match]:
			if f.match++; f.match == len(end) {
				return i + 1, f.ended()
			}
		case f.match == len(end)-1 && c == end[0] && len(end) == 3:
			// "--->" and "]]]>": still as many of the first byte before this one
		case c == end[0]:
			f.match = 1
		default:
			f.match = 0
		}
	}
	return len(data), incomplete
}

// ended is called behind a terminator. An XML declaration is part of the unit
// that follows it, anything else between the elements is a unit of its own.
func (f *framer) ended() status {
	was := f.state
	f.state = inText
	if f.depth() > 0 || was == inInstruction && f.decl {
		f.decl = false
		return incomplete
	}
	return complete
}
