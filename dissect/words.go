package dissect

import (
	"bytes"
	"strings"

	"talktrace/dissect/xmlstream"
)

// words are a pattern for the Info column. In it
//
//	{path}              is the value at the path (see path)
//	{"path}             the same in quotes
//	{~path}             the same, only its beginning: for identifiers
//	{&path}             all values there, with spaces between them
//	{#path one many}    how many there are, with the word for one or for many
//	{=path}             the label of the namespace that the value is the name of,
//	                    or the value where that is none; of an element whose name
//	                    is asked for, that of its own namespace
//	{?path}             nothing; only says that there must be something
//	{>}                 is who the stanza is for or from, where that is not to
//	                    stand at the end
//	[ … ]               is left out as a whole when a value in it is not there
type words []phrase

// phrase is a part of words that is there or not.
type phrase struct {
	optional bool
	bits     []bit
}

// bit is some text, and the value that stands behind it.
type bit struct {
	text      string
	verb      byte // 0 where there is no value
	path      path
	one, many string
}

func parseWords(s string) words {
	var w words
	for s != "" {
		open := strings.IndexByte(s, '[')
		if open != 0 {
			if open < 0 {
				open = len(s)
			}
			w = append(w, phrase{bits: parseBits(s[:open])})
			s = s[open:]
			continue
		}
		end := strings.IndexByte(s, ']')
		if end < 0 {
			panic("dissect: no ] in " + s)
		}
		w = append(w, phrase{optional: true, bits: parseBits(s[1:end])})
		s = s[end+1:]
	}
	return w
}

func parseBits(s string) []bit {
	var bits []bit
	for s != "" {
		text, rest, found := strings.Cut(s, "{")
		if !found {
			return append(bits, bit{text: text})
		}
		inner, rest, found := strings.Cut(rest, "}")
		if !found {
			panic("dissect: no } in " + s)
		}
		bits = append(bits, parseBit(text, inner))
		s = rest
	}
	return bits
}

func parseBit(text, inner string) bit {
	b := bit{text: text, verb: 'v'}
	if inner != "" && strings.IndexByte(`"~&#=?>`, inner[0]) >= 0 {
		b.verb, inner = inner[0], inner[1:]
	}
	if b.verb == '#' {
		f := strings.SplitN(inner, " ", 3)
		if len(f) != 3 {
			panic("dissect: no words for one and many in " + inner)
		}
		inner, b.one, b.many = f[0], f[1], f[2]
	}
	b.path = parsePath(inner)
	return b
}

// Say adds words about node n. It reports whether anything was added.
func (l *Line) say(w words, n int32) bool {
	before := len(l.b)
	for i := range w {
		start := len(l.b)
		if !l.phrase(&w[i], n) {
			l.b = l.b[:start]
		}
	}
	return len(l.b) > before
}

func (l *Line) phrase(p *phrase, n int32) bool {
	for i := range p.bits {
		b := &p.bits[i]
		l.b = append(l.b, b.text...)
		if b.verb != 0 && !l.value(b, n) && p.optional {
			return false
		}
	}
	return true
}

// value adds the value of a bit. It reports whether there was one.
func (l *Line) value(b *bit, n int32) bool {
	switch b.verb {
	case '#':
		return l.tally(b, n)
	case '&':
		return l.list(b, n)
	case '>':
		if p := l.Tree.Nodes[n].Parent; p >= 0 {
			l.Whom(p)
		}
		return true
	}
	m, a := b.path.find(l.Tree, n)
	if m < 0 || b.verb == '?' {
		return m >= 0
	}
	if b.verb == '=' {
		return l.labelled(b, m, a)
	}
	return l.one(b, m, a)
}

// one adds a single value: of attribute a, or of node n.
func (l *Line) one(b *bit, n int32, a *xmlstream.Attr) bool {
	if b.verb == '"' {
		l.b = append(l.b, '"')
	}
	start := len(l.b)
	switch b.path.tail {
	case tailAttr:
		l.attr(n, a)
	case tailName:
		l.b = append(l.b, l.Tree.Local(n)...)
	default:
		l.Text(n)
	}
	if len(l.b) == start {
		return false
	}
	if b.verb == '~' && string(l.b[start:]) != Redacted {
		l.shorten(start, shortID)
	} else {
		l.shorten(start, longestValue)
	}
	if b.verb == '"' {
		l.b = append(l.b, '"')
	}
	return true
}

// labelled adds the label of the namespace that a value names, or the value.
func (l *Line) labelled(b *bit, n int32, a *xmlstream.Attr) bool {
	if b.path.tail == tailName {
		l.Label(n)
		return true
	}
	start := len(l.b)
	if !l.one(b, n, a) {
		return false
	}
	l.relabel(start)
	return true
}

// relabel makes its label of the name of a namespace that was added since
// start. The name may go on behind the namespace's, with the id of a device or
// the address of an item.
func (l *Line) relabel(start int) {
	name := l.b[start:]
	if label := labelOf(name); label != "" {
		l.b = append(l.b[:start], label...)
		return
	}
	for _, i := range [...]int{bytes.LastIndexByte(name, ':'), bytes.IndexByte(name, '/')} {
		if i < 0 {
			continue
		}
		if label := labelOf(name[:i]); label != "" && len(label) <= i {
			n := copy(name, label)
			name[n] = ' '
			n += 1 + copy(name[n+1:], name[i+1:])
			l.b = l.b[:start+n]
			return
		}
	}
}

func (l *Line) tally(b *bit, n int32) bool {
	count := 0
	b.path.each(l.Tree, n, func(m int32) {
		if b.path.tail != tailAttr || b.path.attribute(l.Tree, m) != nil {
			count++
		}
	})
	if count > 0 {
		l.Count(count, b.one, b.many)
	}
	return count > 0
}

// list adds all values, as far as they fit.
func (l *Line) list(b *bit, n int32) bool {
	start := len(l.b)
	b.path.each(l.Tree, n, func(m int32) {
		if len(l.b)-start > longestValue {
			return
		}
		var a *xmlstream.Attr
		if b.path.tail == tailAttr {
			if a = b.path.attribute(l.Tree, m); a == nil {
				return
			}
		}
		if len(l.b) > start {
			l.b = append(l.b, ' ')
		}
		l.one(b, m, a)
	})
	return len(l.b) > start
}

// hides reports whether attribute a of node n, or the node's text, is a secret
// that is not to be shown.
func (l *Line) hides(n int32, a *xmlstream.Attr) bool {
	if l.show {
		return false
	}
	t := l.Tree
	if a != nil {
		return secretAttr(t.Nodes[n].Space, t.Local(n), t.Raw[a.Local:a.Name.End])
	}
	return secretText(t.Nodes[n].Space, t.Local(n)) || secretField(t, n)
}
