package xmlstream

import (
	"bytes"
	"unicode/utf8"
)

// Limits past which an element is not taken for one. RFC 6120 sets none; these
// are far above what servers accept.
const (
	MaxDepth      = 512
	MaxAttributes = 256
	maxBindings   = 64      // namespace declarations open at one time in a unit
	maxNodes      = 1 << 16 // elements that a Tree keeps
	maxTreeAttrs  = 1 << 18 // and attributes of all of them
)

// status is how a look at some bytes ended.
type status uint8

const (
	complete   status = iota
	incomplete        // more bytes are needed
	broken            // not well-formed from Parser.at on, for Parser.reason
	restart           // a new stream header stands at Parser.at, inside the unit
)

// Flags say what was let pass in a unit although it should not be there.
type Flags uint8

// The irregularities that do not keep a unit from being read.
const (
	HasComment     Flags = 1 << iota // RFC 6120 section 11.1 forbids comments
	HasInstruction                   // and processing instructions
	UnboundPrefix                    // a prefix that nothing declares
)

// Parser reads units that lie in one piece. One Parser serves any number of
// Splitters, one after the other.
type Parser struct {
	Tree  Tree
	Flags Flags

	intern Interner
	room   room

	open  []openElement
	binds []Binding
	scope *Scope

	kind   Kind
	high   bool // a byte over 0x7f was seen
	at     int
	reason string
}

// openElement is an element whose end tag has not come.
type openElement struct {
	name  qname
	node  int32  // -1 where the tree is cut
	last  int32  // its last child so far
	binds int    // declarations open outside of it
	def   string // default namespace inside of it
}

// Interner makes strings of names that occur again and again.
type Interner interface{ String(b []byte) string }

// NewParser returns a Parser that makes its strings with in.
func NewParser(in Interner) *Parser { return &Parser{intern: in} }

// unit reads the unit that data begins with, which is a "<". It returns the
// number of its bytes; p.kind says what it is.
func (p *Parser) unit(data []byte, scope *Scope) (int, status) {
	p.reset(data, scope)
	i := 0
	if isDeclaration(data) {
		end := bytes.Index(data, []byte("?>"))
		if end < 0 {
			return 0, incomplete
		}
		if at := controlIn(data[:end]); at >= 0 {
			return p.broke(at, "a control character")
		}
		p.high = true
		if i = skipSpace(data, end+2); i == len(data) {
			return 0, incomplete
		}
		if data[i] != '<' {
			return p.broke(i, "text after the XML declaration")
		}
	}
	if len(data)-i < 2 {
		return 0, incomplete
	}
	var n int
	var st status
	switch c := data[i+1]; {
	case c == '/':
		n, st = p.closeTag(data, i)
	case c == '?':
		p.kind = Instruction
		n, st = p.instruction(data, i)
	case c == '!':
		p.kind = Comment
		n, st = p.comment(data, i)
	default:
		n, st = p.root(data, i)
	}
	if st == complete && p.high && !validUTF8(data[:n]) {
		return p.broke(n, "bytes that are not UTF-8")
	}
	if st == complete {
		p.Tree.Raw = data[:n:n]
	}
	return n, st
}

func (p *Parser) reset(data []byte, scope *Scope) {
	p.Tree = Tree{Raw: data, Nodes: p.Tree.Nodes[:0], Attrs: p.Tree.Attrs[:0]}
	p.open, p.binds = p.open[:0], p.binds[:0]
	p.scope, p.high, p.Flags = scope, false, 0
	p.at, p.reason = 0, ""
}

func (p *Parser) broke(at int, reason string) (int, status) {
	p.at, p.reason = at, reason
	return 0, broken
}

// isDeclaration reports whether data begins with an XML declaration.
func isDeclaration(data []byte) bool {
	return len(data) > 5 && string(data[:5]) == "<?xml" && isSpace(data[5])
}

// validUTF8 checks what the byte classes leave open: that bytes over 0x7f form
// characters, and ones that XML allows.
func validUTF8(b []byte) bool {
	return utf8.Valid(b) && !bytes.Contains(b, []byte("\xef\xbf\xbe")) && !bytes.Contains(b, []byte("\xef\xbf\xbf"))
}

// root reads a header, or an element up to its end tag.
func (p *Parser) root(data []byte, i int) (int, status) {
	p.kind = Element
	i, st := p.startTag(data, i)
	if st != complete {
		return i, st
	}
	// A first-level element of this name opens a stream, whatever namespace its
	// sender meant: no other has it, and the framer sees only the name.
	if len(p.Tree.Nodes) > 0 && string(p.Tree.Local(0)) == "stream" {
		p.kind = Header
		return i, complete
	}
	for len(p.open) > 0 {
		if i, st = p.text(data, i); st != complete {
			return i, st
		}
		if i+1 >= len(data) {
			return 0, incomplete
		}
		switch data[i+1] {
		case '/':
			i, st = p.endTag(data, i)
		case '!':
			i, st = p.section(data, i)
		case '?':
			if len(data)-i < 6 {
				return 0, incomplete
			}
			if isDeclaration(data[i:]) {
				p.at, p.reason = i, "a new stream begins inside an element"
				return 0, restart
			}
			p.Flags |= HasInstruction
			p.escaped()
			i, st = p.instruction(data, i)
		default:
			i, st = p.startTag(data, i)
		}
		if st != complete {
			return i, st
		}
	}
	return i, complete
}

// text passes over character data from i up to the next "<".
func (p *Parser) text(data []byte, i int) (int, status) {
	for {
		n, high := plain(data[i:], '<', '&', ']')
		p.high = p.high || high
		if i += n; i == len(data) {
			return 0, incomplete
		}
		switch c := data[i]; c {
		case '<':
			return i, complete
		case '\t', '\n':
			i++
		case '&':
			_, n := reference(data[i:])
			if n < 0 {
				return 0, incomplete
			}
			if n == 0 {
				return p.broke(i, "an entity that XMPP does not know")
			}
			p.escaped()
			i += n
		case ']':
			if len(data)-i < 3 {
				return 0, incomplete
			}
			if data[i+1] == ']' && data[i+2] == '>' {
				return p.broke(i, "]]> outside of a CDATA section")
			}
			i++
		case '\r':
			p.escaped()
			i++
		default:
			return p.broke(i, "a control character")
		}
	}
}

// escaped notes that the text of the innermost open element is not verbatim.
func (p *Parser) escaped() {
	if n := p.open[len(p.open)-1].node; n >= 0 {
		p.Tree.Nodes[n].Escaped = true
	}
}

// endTag reads the end tag at i, which must be that of the innermost element.
func (p *Parser) endTag(data []byte, i int) (int, status) {
	top := &p.open[len(p.open)-1]
	want := data[top.name.Off:top.name.End]
	j := i + 2 + len(want)
	if j > len(data) {
		if bytes.HasPrefix(want, data[i+2:]) {
			return 0, incomplete
		}
		return p.broke(i, "an end tag that does not match its start tag")
	}
	if !bytes.Equal(data[i+2:j], want) {
		return p.broke(i, "an end tag that does not match its start tag")
	}
	if j = skipSpace(data, j); j == len(data) {
		return 0, incomplete
	}
	if data[j] != '>' {
		return p.broke(i, "an end tag that does not match its start tag")
	}
	j++
	if top.node >= 0 {
		n := &p.Tree.Nodes[top.node]
		n.Inner.End, n.Outer.End = uint32(i), uint32(j)
	}
	p.binds = p.binds[:top.binds]
	p.open = p.open[:len(p.open)-1]
	return j, complete
}

// section reads a comment or a CDATA section inside an element.
func (p *Parser) section(data []byte, i int) (int, status) {
	const cdata = "<![CDATA["
	b := data[i:]
	if !bytes.HasPrefix(b, []byte(cdata[:min(len(b), len(cdata))])) {
		p.Flags |= HasComment
		p.escaped()
		return p.comment(data, i)
	}
	if len(b) < len(cdata) {
		return 0, incomplete
	}
	end := bytes.Index(b, []byte("]]>"))
	if end < 0 {
		return 0, incomplete
	}
	if at := controlIn(b[len(cdata):end]); at >= 0 {
		return p.broke(i+len(cdata)+at, "a control character")
	}
	p.high = true // not looked for: the whole unit is checked
	p.escaped()
	return i + end + 3, complete
}

// controlIn returns the index of the first character in b that XML does not
// allow, or -1.
func controlIn(b []byte) int {
	for i, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			return i
		}
	}
	return -1
}

// comment reads the comment at i. Any other "<!" is a document type or worse.
func (p *Parser) comment(data []byte, i int) (int, status) {
	b := data[i:]
	if len(b) < 4 && bytes.HasPrefix([]byte("<!--"), b) {
		return 0, incomplete
	}
	if !bytes.HasPrefix(b, []byte("<!--")) {
		return p.broke(i+1, "a document type or declaration, which XMPP forbids")
	}
	end := bytes.Index(b[4:], []byte("--"))
	if end < 0 || 4+end+3 > len(b) {
		return 0, incomplete
	}
	end += 4
	if b[end+2] != '>' {
		return p.broke(i+end, "-- inside a comment")
	}
	if at := controlIn(b[:end]); at >= 0 {
		return p.broke(i+at, "a control character")
	}
	p.high = true
	return i + end + 3, complete
}

// instruction reads the processing instruction at i.
func (p *Parser) instruction(data []byte, i int) (int, status) {
	b := data[i:]
	if len(b) > 2 && class[b[2]]&startName == 0 {
		return p.broke(i+2, "a processing instruction without a name")
	}
	end := bytes.Index(b, []byte("?>"))
	if end < 0 {
		return 0, incomplete
	}
	if end < 3 {
		return p.broke(i+2, "a processing instruction without a name")
	}
	if at := controlIn(b[:end]); at >= 0 {
		return p.broke(i+at, "a control character")
	}
	p.high = true
	return i + end + 2, complete
}

// closeTag reads an end tag that stands between the elements: the stream's.
func (p *Parser) closeTag(data []byte, i int) (int, status) {
	p.kind = Close
	j := i + 2
	for j < len(data) && class[data[j]]&inName != 0 {
		j++
	}
	name := data[i+2 : j]
	j = skipSpace(data, j)
	if j == len(data) {
		if j-i > maxName {
			return p.broke(i+2, "an end tag without an end")
		}
		return 0, incomplete
	}
	if data[j] != '>' || len(name) == 0 {
		return p.broke(i+2, "an end tag that is none")
	}
	if string(name) != p.scope.Root && !(p.scope.Assumed && bytes.HasSuffix(name, []byte(":stream"))) {
		p.at, p.reason = j+1, "an end tag for an element that was not open"
		p.kind = strayEnd
	}
	return j + 1, complete
}

// maxName bounds the length of names at places where nothing else would.
const maxName = 1 << 10
