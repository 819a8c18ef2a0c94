package xmlstream

import (
	"bytes"
	"unicode/utf8"
)

// Span is a range of bytes of a unit: from Off up to but not including End.
type Span struct{ Off, End uint32 }

// Len is the number of bytes in the span.
func (s Span) Len() int { return int(s.End - s.Off) }

// Attr is an attribute of a start tag. Namespace declarations are attributes
// too, with Space "xmlns".
type Attr struct {
	Space   string // namespace, "" for a name without prefix
	Name    Span   // qualified name
	Local   uint32 // offset of the local part of the name
	Value   Span   // between the quotes
	Escaped bool   // the value holds references or white space that XML normalizes
}

// Node is an element. Nodes are numbered in document order; 0 is the root.
type Node struct {
	Space   string // namespace, "" where there is none (or its prefix is unbound)
	Name    Span   // qualified name
	Local   uint32 // offset of the local part of the name
	Outer   Span   // from "<" of the start tag to ">" of the end tag
	Inner   Span   // what stands between the tags
	Parent  int32  // -1 for the root
	Child   int32  // first child, -1 where there is none
	Next    int32  // next sibling, -1 where there is none
	Attrs   Span   // its attributes, as a range of Tree.Attrs
	Escaped bool   // the text directly inside holds references, CDATA sections, comments or carriage returns
}

// Tree is an element with all that is inside it. It points into the bytes it
// was parsed from and is valid until its Parser parses the next unit.
type Tree struct {
	Raw   []byte
	Nodes []Node
	Attrs []Attr
	// Cut is set where the unit held more elements than a Tree keeps. The
	// unit has been checked as a whole all the same.
	Cut bool
}

// Bytes returns the bytes of a span.
func (t *Tree) Bytes(s Span) []byte { return t.Raw[s.Off:s.End:s.End] }

// Local returns the local name of node n.
func (t *Tree) Local(n int32) []byte {
	x := &t.Nodes[n]
	return t.Raw[x.Local:x.Name.End:x.Name.End]
}

// Is reports whether node n has this namespace and local name.
func (t *Tree) Is(n int32, space, local string) bool {
	x := &t.Nodes[n]
	return string(t.Raw[x.Local:x.Name.End]) == local && x.Space == space
}

// Find returns the first child of node n with this namespace and local name,
// or -1.
func (t *Tree) Find(n int32, space, local string) int32 {
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Is(c, space, local) {
			return c
		}
	}
	return -1
}

// FindSpace returns the first child of node n in this namespace, or -1.
func (t *Tree) FindSpace(n int32, space string) int32 {
	for c := t.Nodes[n].Child; c >= 0; c = t.Nodes[c].Next {
		if t.Nodes[c].Space == space {
			return c
		}
	}
	return -1
}

// Attr returns the attribute of node n with this name and no prefix, or nil.
func (t *Tree) Attr(n int32, local string) *Attr {
	x := &t.Nodes[n]
	for i := x.Attrs.Off; i < x.Attrs.End; i++ {
		a := &t.Attrs[i]
		if a.Local == a.Name.Off && string(t.Raw[a.Local:a.Name.End]) == local {
			return a
		}
	}
	return nil
}

// AttrNS is like Attr for an attribute in a namespace.
func (t *Tree) AttrNS(n int32, space, local string) *Attr {
	x := &t.Nodes[n]
	for i := x.Attrs.Off; i < x.Attrs.End; i++ {
		a := &t.Attrs[i]
		if a.Space == space && string(t.Raw[a.Local:a.Name.End]) == local {
			return a
		}
	}
	return nil
}

// Value appends the attribute's value to dst, references resolved.
func (t *Tree) Value(dst []byte, a *Attr) []byte {
	if !a.Escaped {
		return append(dst, t.Bytes(a.Value)...)
	}
	return appendUnescaped(dst, t.Bytes(a.Value), true)
}

// Text appends the character data directly inside node n to dst: references
// resolved, CDATA unwrapped, comments and child elements left out.
func (t *Tree) Text(dst []byte, n int32) []byte {
	x := &t.Nodes[n]
	pos := x.Inner.Off
	for c := x.Child; c >= 0; c = t.Nodes[c].Next {
		dst = t.text(dst, Span{pos, t.Nodes[c].Outer.Off}, x.Escaped)
		pos = t.Nodes[c].Outer.End
	}
	return t.text(dst, Span{pos, x.Inner.End}, x.Escaped)
}

func (t *Tree) text(dst []byte, s Span, escaped bool) []byte {
	if s.End <= s.Off { // a tree that was cut
		return dst
	}
	if !escaped {
		return append(dst, t.Bytes(s)...)
	}
	return appendText(dst, t.Bytes(s))
}

// appendText resolves a run of character data that may hold CDATA sections,
// comments and processing instructions. The run has been checked.
func appendText(dst, run []byte) []byte {
	for {
		i := bytes.IndexByte(run, '<')
		if i < 0 {
			return appendUnescaped(dst, run, false)
		}
		dst = appendUnescaped(dst, run[:i], false)
		run = run[i:]
		switch {
		case bytes.HasPrefix(run, []byte("<![CDATA[")):
			end := bytes.Index(run, []byte("]]>"))
			if end < 9 {
				return dst
			}
			dst = appendLines(dst, run[9:end])
			run = run[end+3:]
		case bytes.HasPrefix(run, []byte("<!--")):
			end := bytes.Index(run[4:], []byte("-->"))
			if end < 0 {
				return dst
			}
			run = run[4+end+3:]
		case bytes.HasPrefix(run, []byte("<?")):
			end := bytes.Index(run, []byte("?>"))
			if end < 0 {
				return dst
			}
			run = run[end+2:]
		default: // an element left out of a cut tree
			end := bytes.IndexByte(run, '>')
			if end < 0 {
				return dst
			}
			run = run[end+1:]
		}
	}
}

// appendLines appends text with line ends normalized to LF (XML 1.0, 2.11).
func appendLines(dst, b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			return append(dst, b...)
		}
		dst = append(append(dst, b[:i]...), '\n')
		b = b[i+1:]
		if len(b) > 0 && b[0] == '\n' {
			b = b[1:]
		}
	}
}

// AppendUnescaped appends text of which nobody knows that it is well-formed, its
// references resolved as far as there are any that XMPP allows.
func AppendUnescaped(dst, b []byte) []byte {
	for len(b) > 0 {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return append(dst, b...)
		}
		dst = append(dst, b[:i]...)
		r, n := reference(b[i:])
		if n <= 0 {
			r, n = '&', 1
		}
		dst = utf8.AppendRune(dst, r)
		b = b[i+n:]
	}
	return dst
}

// appendUnescaped appends b with its references resolved and line ends (in an
// attribute value all white space, XML 1.0, 3.3.3) normalized.
func appendUnescaped(dst, b []byte, attr bool) []byte {
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c == '&':
			r, n := reference(b[i:])
			if n == 0 { // cannot be: the unit has been checked
				return append(dst, b[i:]...)
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		case c == '\r':
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
			i++
			if attr {
				dst = append(dst, ' ')
			} else {
				dst = append(dst, '\n')
			}
		case attr && (c == '\n' || c == '\t'):
			dst = append(dst, ' ')
			i++
		default:
			dst = append(dst, c)
			i++
		}
	}
	return dst
}

// longestReference is as long as a reference can usefully be; leading zeros
// could make it longer, and then it is refused.
const longestReference = 16

// reference decodes the entity or character reference that b begins with and
// returns its length: 0 where it is none that XMPP allows (RFC 6120, 11.1),
// -1 where b ends inside it.
func reference(b []byte) (rune, int) {
	end := bytes.IndexByte(b[:min(len(b), longestReference)], ';')
	if end < 0 {
		if len(b) < longestReference {
			return 0, -1
		}
		return 0, 0
	}
	switch name := b[1:end]; string(name) {
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "amp":
		return '&', end + 1
	case "apos":
		return '\'', end + 1
	case "quot":
		return '"', end + 1
	default:
		r, ok := charReference(name)
		if !ok {
			return 0, 0
		}
		return r, end + 1
	}
}

func charReference(name []byte) (rune, bool) {
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := rune(10), name[1:]
	if digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	var r rune
	for _, c := range digits {
		var d rune
		switch {
		case '0' <= c && c <= '9':
			d = rune(c - '0')
		case base == 16 && 'a' <= c|0x20 && c|0x20 <= 'f':
			d = rune(c|0x20-'a') + 10
		default:
			return 0, false
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, false
		}
	}
	return r, len(digits) > 0 && isChar(r)
}

// isChar reports whether XML 1.0 allows the character (production 2).
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || 0x20 <= r && r <= 0xd7ff || 0xe000 <= r && r <= 0xfffd || 0x10000 <= r && r <= utf8.MaxRune
}
